"""A stored answer of the matching desk in the reader's words: who could, why, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry.rules import show_statement
from pilotline.rulebook import Rulebook
from pilotline.web.shared import book, values

STATUS = {
    "met": (pgettext_lazy("requirement", "met"), "good"),
    "unmet": (pgettext_lazy("requirement", "not met"), "bad"),
    "unknown": (pgettext_lazy("requirement", "unknown"), "warn"),
}
PARTS = {
    "fit": _("Requirements"),
    "text": _("Words"),
    "distance": _("Distance"),
    "price": _("Price"),
    "load": _("Free capacity"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One requirement against one line: what is wanted, what is offered, and by which record."""

    title: str
    wanted: str
    offered: str
    status: str
    words: Any
    tone: str
    must: bool
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the shortlist, ready to be shown."""

    row: Mapping[str, Any]
    facility: str
    line: str
    reasons: list[Reason]
    parts: list[tuple[Any, int, int]]
    terms: list[str]
    failed: Reason | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Facility and line as one word, as the talks of a case are found by."""
        return f"{self.row['facility']}-{self.row['line'] or 0}"

    @property
    def total(self) -> int:
        """Points out of a hundred."""
        return round(self.row["total"] * 100)

    @property
    def counted(self) -> list[str]:
        """How many requirements are met, not met, unknown; nothing is said of what there is not."""
        n = self.counts
        told = (
            (n["met"], ngettext("%d met", "%d met", n["met"])),
            (n["unmet"], ngettext("%d not met", "%d not met", n["unmet"])),
            (n["unknown"], ngettext("%d unknown", "%d unknown", n["unknown"])),
        )
        return [words % count for count, words in told if count]

    @property
    def open_points(self) -> list[str]:
        """What is not known to be met, to be read before all the reasons."""
        titles = (r.title for r in self.reasons if r.status != "met")
        return list(dict.fromkeys(titles))


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole answer, ready to be shown."""

    answer: Mapping[str, Any]
    rows: list[Candidate]
    near: list[Candidate]
    pairs: list[dict[str, Any]]
    conflict: list[Reason]
    waivers: list[dict[str, Any]]

    @property
    def is_gap(self) -> bool:
        return not self.rows and not self.pairs


def shown(answer: Mapping[str, Any]) -> Shown:
    """The answer in the reader's language."""
    rulebook = book.rulebook()
    return Shown(
        answer=answer,
        rows=[candidate(row, rulebook) for row in answer["rows"]],
        near=[candidate(row, rulebook) for row in answer["near"]],
        pairs=[_pair(pair, rulebook) for pair in answer["pairs"]],
        conflict=[reason(part, rulebook) for part in answer["conflict"]],
        waivers=[
            {"reason": reason(part, rulebook), "opens": part["opens"]} for part in answer["waivers"]
        ],
    )


def candidate(row: Mapping[str, Any], rulebook: Rulebook) -> Candidate:
    """One row with its requirements, its score by parts, and the words it was found by."""
    reasons = [reason(part, rulebook) for part in row["requirements"]]
    counts = {status: sum(r.status == status for r in reasons) for status in STATUS}
    failed = next((r for r in reasons if r.status == "unmet" and r.must), None)
    return Candidate(
        row=row,
        facility=_name(row["name"], row["name_en"]),
        line=_name(row["line_name"], row["line_name_en"]),
        reasons=reasons,
        parts=[
            (PARTS.get(name, name), round(part["points"] * 100), round(part["weight"] * 100))
            for name, part in row["parts"].items()
        ],
        terms=row["terms"],
        failed=failed,
        counts=counts,
    )


def reason(part: Mapping[str, Any], rulebook: Rulebook) -> Reason:
    """One requirement of a row, or a bare one of a conflict or waiver."""
    attribute = rulebook.attributes.get(part["attribute"])
    status = part.get("status", "unmet")
    words, tone = STATUS[status]
    return Reason(
        title=attribute.title.say(values.language()) if attribute else part["attribute"],
        wanted=_either(part, attribute) or _statement(part["wanted"], attribute),
        offered=_statement(part.get("offered"), attribute),
        status=status,
        words=words,
        tone=tone,
        must=part.get("must", True),
        # Answers of before have no English names of records.
        source=_name(part.get("source_name", ""), part.get("source_name_en", "")),
    )


def _either(part: Mapping[str, Any], attribute: Any) -> str:
    """`316L or Hastelloy`, where any of the values will do."""
    if not part.get("either") or attribute is None or len(part["wanted"]["values"]) < 2:
        return ""
    titles = [attribute.value_title(v, values.language()) for v in part["wanted"]["values"]]
    return gettext(" or ").join(titles)


def _statement(said: Mapping[str, Any] | None, attribute: Any) -> str:
    if said is None or attribute is None:
        return values.NOTHING
    low, high = (None if said[end] is None else Decimal(said[end]) for end in ("low", "high"))
    return show_statement(attribute, low, high, said["values"], values.language())


def _pair(pair: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    first, second = (candidate(pair[side], rulebook) for side in ("first", "second"))
    titles: dict[str, list[str]] = {"first": [], "second": []}
    for part, side in pair["covers"]:
        covered = reason(part, rulebook)
        titles[side].append(_wish(covered, rulebook.attributes.get(part["attribute"])))
    return {"sides": [(first, titles["first"]), (second, titles["second"])]}


def _wish(wanted: Reason, attribute: Any) -> str:
    """A requirement within a sentence: what can only be had or not needs no `yes`."""
    is_flag = attribute is not None and attribute.kind == "flag"
    return wanted.title if is_flag else f"{wanted.title} {wanted.wanted}"


def _name(zh: str, en: str) -> str:
    return zh if values.is_chinese() or not en else en
