"""News: what happened, said once, for the desks above to answer."""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. Fields are plain JSON values, so that a row can carry them."""

    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # dataclass(slots=True) makes a second class of the same name; the later one stands.
        Event.registry[cls.__name__] = cls

    @property
    def name(self) -> str:
        return type(self).__name__

    def payload(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, payload: dict[str, Any]) -> Self:
        """Rebuild an event; fields that an older release did not know are dropped."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in payload.items() if k in known})
