"""What the schemas of the rules about pilot projects cannot see."""

from collections.abc import Iterator

from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.reading import Fault

# A predicate's value names entries of this kind.
NAMES = {"fields": "fields", "chains": "chains", "tiers": "tiers"}


def approval_faults(found: Sound) -> Iterator[Fault]:
    """Predicates that name nothing, papers for steps that no track has."""
    for entry in found.of("green_lane"):
        for predicate, wanted in entry.data["asks"].items():
            kind = NAMES.get(predicate, "")
            for name in wanted if kind else ():
                if not found.knows(kind, name):
                    zh, en = f"{kind} 里没有“{name}”。", f"There is no “{name}” in {kind}."
                    yield entry.fault(("asks", predicate), zh, en)
    steps = {step["id"] for track in found.of("tracks") for step in track.data["steps"]}
    for entry in found.of("review_items"):
        step = entry.data.get("step", "")
        if step and step not in steps and "tracks" not in found.unread:
            zh, en = f"没有流程有步骤“{step}”。", f"No track has a step “{step}”."
            yield entry.fault(("step",), zh, en)
    rules = [entry for entry in found.of("permits") if not entry.data.get("valid_to")]
    for entry in rules[1:]:
        zh = "同时只能有一条有效的许可期限。"
        yield entry.fault((), zh, "Only one rule of permits may hold at a time.")
