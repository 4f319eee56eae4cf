"""When to stop: a closed small set of criteria. The engine owns no clock; it may be handed one."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop after `iterations` of the search, or after `seconds` of the handed `clock`, whichever
    is first. With iterations alone the answer depends on problem and seed only.

    `clock` answers seconds: `time.process_time` for CPU seconds, `time.monotonic` for those of
    the wall.
    """

    iterations: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] | None = None

    def __post_init__(self) -> None:
        if self.iterations is None and self.seconds is None:
            raise ValueError("stop needs iterations or seconds")
        if self.iterations is not None and self.iterations < 0:
            raise ValueError("iterations must not be negative")
        if self.seconds is not None and (self.seconds < 0 or self.clock is None):
            raise ValueError("seconds must not be negative and need a clock")

    def start(self) -> "Watch":
        """Begin to count."""
        return Watch(self, self.clock() if self.clock is not None else 0.0)


@dataclass(frozen=True, slots=True)
class Watch:
    """A stop that has begun."""

    stop: Stop
    began: float

    @property
    def seconds(self) -> float:
        """Seconds since the beginning; 0 without a clock."""
        return self.stop.clock() - self.began if self.stop.clock is not None else 0.0

    def progress(self, iterations: int) -> float:
        """How much of what was allowed is used up, from 0 to 1 (the end)."""
        shares = [0.0]
        if self.stop.iterations is not None:
            shares.append(iterations / self.stop.iterations if self.stop.iterations else 1.0)
        if self.stop.seconds is not None:
            shares.append(self.seconds / self.stop.seconds if self.stop.seconds else 1.0)
        return min(1.0, max(shares))
