"""What the schema of the booking rules cannot see."""

from collections.abc import Iterator
from itertools import pairwise

from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault


def booking_faults(found: Sound) -> Iterator[Fault]:
    """Fees that rise with more notice, hours named twice, shares the wrong way round, an answer
    that is due before it must be possible."""
    for entry in found.of("booking"):
        for key in ("cancellation", "change"):
            yield from _steps(entry, key)
        if entry.data.get("joint_answer_hours", 0) > entry.data["approval_hours"]:
            zh = "留给各方答复的时间比批复期限还长。"
            en = "Operators cannot have longer to answer than approval_hours allow."
            yield entry.fault(("joint_answer_hours",), zh, en)
        for at, row in enumerate(entry.data["utilisation"]):
            if row["low"] > row["high"]:
                zh, en = "下限大于上限。", "The lower end is above the upper one."
                yield entry.fault(("utilisation", at), zh, en)
            if not found.knows("scales", row["scale"]):
                zh = f"规模里没有“{row['scale']}”。"
                yield entry.fault(("utilisation", at), zh, f"There is no scale “{row['scale']}”.")


def _steps(entry: DraftEntry, key: str) -> Iterator[Fault]:
    steps = sorted(enumerate(entry.data[key]), key=lambda pair: pair[1]["hours"])
    for (_at, near), (at, far) in pairwise(steps):
        if near["hours"] == far["hours"]:
            zh = f"“{far['hours']} 小时”写了两次。"
            yield entry.fault((key, at), zh, f"{far['hours']} hours stand here twice.")
        elif far["percent"] > near["percent"]:
            zh, en = "越早通知费用不应越高。", "More notice must not cost more."
            yield entry.fault((key, at), zh, en)
