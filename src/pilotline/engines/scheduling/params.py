"""How hard the search tries where: none of it changes what is lawful."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    """Settings of the search.

    `most_removed` projects are taken off in a move, `most_tried` waiting ones looked at for each
    freed resource; with the chance `blink` a mode is overlooked. A worse plan is accepted while it
    loses less than a falling limit, at first `heat` mean weights. `chunk` moves are made between
    two looks at the clock.

    Of the time allowed the share `bound_share` goes to the bound, at most `bound_trials` trials
    (0: the plain sum of weights). Its prices are constant over blocks as wide as keeps their
    number below `bound_prices`; cleaning is left out of it where following the families would
    take more than `bound_effort` steps a trial.

    `windows` is how many windows CP-SAT (extra `planning`) works on at the end, each of at most
    `window_projects` (40 or fewer) with `window_effort` units of its deterministic time.
    """

    most_removed: int = 6
    most_tried: int = 24
    blink: float = 0.02
    heat: float = 0.6
    chunk: int = 500
    bound_share: float = 0.2
    bound_trials: int = 300
    bound_prices: int = 12_000_000
    bound_effort: int = 60_000_000
    windows: int = 0
    window_projects: int = 30
    window_effort: float = 2.0

    def __post_init__(self) -> None:
        if min(self.most_removed, self.most_tried, self.chunk, self.bound_prices) < 1:
            raise ValueError("counts of the search must be positive")
        if not (0 <= self.blink < 1 and self.heat >= 0 and 0 <= self.bound_share < 1):
            raise ValueError("blink and bound_share lie from 0 to below 1, heat is not negative")
        if min(self.bound_trials, self.windows) < 0 or not 1 <= self.window_projects <= 40:
            raise ValueError("a window has 1 to 40 projects; counts must not be negative")
