"""Errors have names: the docstring is the message, code and data ride along.

A rule answers with `Problem`s, all of them at once; a service that is refused raises `Refused`.
Texts may be lazy translations: they are turned into words by the door that shows them.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why not. `field` names the input it belongs to, `overridable_by` a role."""

    code: str
    text: Any
    field: str = ""
    overridable_by: str = ""
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class PilotlineError(Exception):
    """Something that Pilotline understands went wrong."""

    code = "error"

    def __init__(self, text: Any = None, **data: Any) -> None:
        self.text = text if text is not None else (type(self).__doc__ or "").strip()
        self.data = data
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)


class Refused(PilotlineError):
    """The request was refused."""

    code = "refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(p.text) for p in self.problems))


class NotAllowed(PilotlineError):
    """You may not do this."""

    code = "not-allowed"


class NotFound(PilotlineError):
    """There is no such thing, or you may not see it."""

    code = "not-found"


class Conflict(PilotlineError):
    """Somebody else was faster: look at the present state and try again."""

    code = "conflict"


class Unreadable(PilotlineError):
    """The input could not be read."""

    code = "unreadable"


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `Refused` with all problems, or do nothing when there are none."""
    found = tuple(problems)
    if found:
        raise Refused(found)
