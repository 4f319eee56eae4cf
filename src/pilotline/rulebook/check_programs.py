"""Programs: conditions that can be tried, a form that fits, an action that has what it needs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pilotline.rulebook import words
from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.check_forms import faults_of_form
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault, Path

# Without these an application has no name on a list and nobody who answers for what it says.
NEEDED_ROLES = ("title", "consent")
# The kinds of program that need a part, and the part.
NEEDED_PARTS = {"challenge": "challenge", "joint_project": "partners", "event": "capacity"}
PLACES = {"organisation_kind": "organisation_kinds", "organisation_city": "cities"}
PLACES |= {"facility_tier": "tiers", "facility_field": "fields"}


def program_faults(found: Sound) -> Iterator[Fault]:
    """Faults of programs whose shape is right."""
    for entry in found.of("programs"):
        inner = replace(entry, data=entry.data["form"], path=("form",))
        yield from faults_of_form(inner, found, NEEDED_ROLES)
        for key in ("eligibility", "gates"):
            for at, raw in enumerate(entry.data.get(key, ())):
                yield from _condition(entry, raw, (key, at), found)
        yield from _parts(entry)
        yield from _way(entry, found)
        yield from _action(entry, found)
        yield from _selection(entry)


def _condition(
    entry: DraftEntry, raw: Mapping[str, Any], path: Path, found: Sound
) -> Iterator[Fault]:
    named = [name for name in words.PREDICATES if name in raw]
    if len(named) != 1:
        zh = "条件要写“is”“in”“at_least”之一。"
        yield entry.fault(path, zh, "A condition needs one of “is”, “in”, “at_least”.")
        return
    if raw["fact"].startswith("facility_") and entry.data["concerns"] != "facility":
        zh, en = "申报对象不是平台。", "What is put forward is not a facility."
        yield entry.fault((*path, "fact"), zh, en)
    kind = PLACES.get(raw["fact"])
    if kind is None or named[0] == "at_least":
        return
    for value in raw["in"] if named[0] == "in" else [raw["is"]]:
        if not found.knows(kind, str(value)):
            zh = f"没有“{value}”。"
            yield entry.fault((*path, named[0]), zh, f"There is no “{value}”.")


def _parts(entry: DraftEntry) -> Iterator[Fault]:
    part = NEEDED_PARTS.get(entry.data["kind"])
    if part is not None and part not in entry.data:
        zh = f"“{entry.data['kind']}”要写“{part}”。"
        yield entry.fault(("kind",), zh, f"“{entry.data['kind']}” needs “{part}”.")
    partners = entry.data.get("partners")
    if partners and partners["least"] > partners["most"]:
        zh, en = "“least”大于“most”。", "“least” is above “most”."
        yield entry.fault(("partners", "least"), zh, en)


def _way(entry: DraftEntry, found: Sound) -> Iterator[Fault]:
    """The track it follows and the rubric it is marked by."""
    if entry.data["kind"] == "event":
        return
    name = entry.data.get("track")
    if name is None:
        yield entry.fault(("kind",), "请写明流程（track）。", "Say which track it follows.")
    elif not found.knows("tracks", name):
        yield entry.fault(("track",), f"没有流程“{name}”。", f"There is no track “{name}”.")
    else:
        serves = [t.data["serves"] for t in found.of("tracks") if t.id == name]
        if serves not in ([], ["call"]):
            zh, en = f"流程“{name}”不是给申报用的。", f"The track “{name}” does not serve a call."
            yield entry.fault(("track",), zh, en)
    rule = entry.data.get("review_rule")
    if ("rubric" in entry.data) != (rule is not None):
        zh = "“rubric”与“review_rule”要么都写，要么都不写。"
        yield entry.fault(("rubric",), zh, "Give both “rubric” and “review_rule”, or neither.")
    if rule and not found.knows("review_rules", rule):
        zh, en = f"没有评审办法“{rule}”。", f"There is no review rule “{rule}”."
        yield entry.fault(("review_rule",), zh, en)
    rubric = entry.data.get("rubric")
    if rubric and not found.knows("rubrics", rubric):
        zh, en = f"没有评分标准“{rubric}”。", f"There is no rubric “{rubric}”."
        yield entry.fault(("rubric",), zh, en)


def _action(entry: DraftEntry, found: Sound) -> Iterator[Fault]:
    action = entry.data["action"]
    if action["kind"] != "grant_tier":
        return
    if entry.data["concerns"] != "facility":
        zh, en = "只有平台有层级。", "Only a facility has a tier."
        yield entry.fault(("action", "kind"), zh, en)
    if "tier" not in action:
        zh, en = "请写明授予的层级（tier）。", "Say which tier is granted."
        yield entry.fault(("action",), zh, en)
    elif not found.knows("tiers", action["tier"]):
        zh = f"没有层级“{action['tier']}”。"
        yield entry.fault(("action", "tier"), zh, f"There is no tier “{action['tier']}”.")


def _selection(entry: DraftEntry) -> Iterator[Fault]:
    selection = entry.data["selection"]
    if "most" in selection and selection["most"] > selection.get("budget", selection["most"]):
        zh = "单项最高金额超过资金总额。"
        en = "The most for one is above the money in all."
        yield entry.fault(("selection", "most"), zh, en)
    if "minimum" in selection and "rubric" not in entry.data:
        zh = "写了最低分，就要写评分标准（rubric）。"
        yield entry.fault(("selection", "minimum"), zh, "A lowest total needs a rubric.")
