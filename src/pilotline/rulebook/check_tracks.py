"""Tracks: the engine's own judgement of each table, told with file and line; words that exist."""

from collections.abc import Iterator

from pilotline.engines.tracks.soundness import TrackFault, faults_of
from pilotline.rulebook import words
from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault, Path
from pilotline.rulebook.tracks import ends, table

# What the engine finds, in a sentence; {step} and {word} are filled in.
SENTENCES = {
    "no-steps": ("这条流程没有步骤。", "This track has no step."),
    "twice": ("“{word}”写了两次。", "“{word}” is there twice."),
    "nobody": (
        "步骤“{step}”由“{word}”办理，但没有这个角色或单位。",
        "The step “{step}” is for “{word}”, but there is no such role or body.",
    ),
    "unknown-before": (
        "步骤“{step}”排在“{word}”之后，但没有这个步骤。",
        "The step “{step}” comes after “{word}”, but there is no such step.",
    ),
    "circle": (
        "步骤“{step}”与“{word}”互相等待，成了一个圈。",
        "The steps “{step}” and “{word}” wait for each other: a circle.",
    ),
    "unreachable": (
        "步骤“{step}”永远不会开始：没有步骤会得出或引到它（“{word}”）。",
        "The step “{step}” can never open: nothing leads to it (“{word}”).",
    ),
    "no-way-on": (
        "步骤“{step}”的结果“{word}”没有去处，案件会停在这里。",
        "The outcome “{word}” of step “{step}” has no way on: the case would stop there.",
    ),
    "leads-nowhere": (
        "步骤“{step}”的结果引到“{word}”，但没有这个终点，也没有这个临时步骤。",
        "An outcome of step “{step}” leads to “{word}”: no such end, and no called step.",
    ),
    "negative-clock": ("步骤“{step}”的时限是负数。", "The clock of step “{step}” is negative."),
    "slower-green": (
        "步骤“{step}”绿色通道的时限比普通的还长。",
        "The step “{step}” is slower in the green lane than without it.",
    ),
    "too-short": (
        "步骤“{step}”至少要留的天数超过了它的时限。",
        "The step “{step}” must last longer than its clock allows.",
    ),
    "called-in-line": (
        "临时步骤“{word}”不能排在流程里，只能由某个结果引出。",
        "The called step “{word}” cannot stand in line: only an outcome leads to it.",
    ),
    "called-twice": (
        "临时步骤“{step}”由两个步骤引出，请各设一个。",
        "The step “{step}” is called by two steps; give each its own.",
    ),
    "several-lasts": (
        "流程应汇到同一个最后步骤，“{step}”与“{word}”各自收尾。",
        "A track comes together in one last step; “{step}” and “{word}” both are last.",
    ),
    "no-last": ("流程里没有最后一步。", "The track has no last step."),
    "bad-word": ("“{word}”是保留字，不能这样用。", "“{word}” has a meaning of its own here."),
}


def track_faults(found: Sound) -> Iterator[Fault]:
    """Faults of tracks whose shape is right."""
    bodies = found.ids.get("bodies", frozenset())
    doers = frozenset(words.TRACK_ROLES) | bodies
    anybody = frozenset[str]() if "bodies" in found.unread else doers
    for entry in found.of("tracks"):
        for fault in faults_of(table(entry.data), ends(entry.data), anybody):
            zh, en = SENTENCES[fault.code]
            holes = {"step": fault.step, "word": fault.word}
            yield entry.fault(_place(entry, fault), zh.format(**holes), en.format(**holes))
        yield from _words(entry, found)


def _place(entry: DraftEntry, fault: TrackFault) -> Path:
    """Where the fault stands: the step's line, its key where one is at fault."""
    places = [at for at, step in enumerate(entry.data["steps"]) if step["id"] == fault.step]
    if not places:
        return ("steps",)
    return ("steps", places[-1] if fault.code == "twice" else places[0])


def _words(entry: DraftEntry, found: Sound) -> Iterator[Fault]:
    """Outcomes and sources that the rulebook knows."""
    known = found.ids.get("outcomes", frozenset())
    for at, step in enumerate(entry.data["steps"]):
        for outcome in step["out"]:
            if not found.knows("outcomes", outcome):
                zh = f"结果用语里没有“{outcome}”。"
                yield entry.fault(("steps", at), zh, f"There is no outcome “{outcome}”.")
        source = step.get("source", "")
        if source and not found.knows("documents", source.partition(":")[0]):
            zh = f"依据文件里没有“{source}”。"
            yield entry.fault(("steps", at), zh, f"There is no document “{source}”.")
    for end in ends(entry.data):
        if end not in known and "outcomes" not in found.unread:
            zh, en = f"结果用语里没有“{end}”。", f"There is no outcome “{end}”."
            yield entry.fault(("good",), zh, en)
