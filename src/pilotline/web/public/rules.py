"""The rulebook for everybody: what the plan asks, what is done for it, what is an example."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.rulebook import Entry, Rulebook
from pilotline.rulebook.model import Clause, DeclineReason, Target, Tier, Upload, Verification
from pilotline.web.shared import values

SHOWN = (
    "targets",
    "fields",
    "tiers",
    "verifications",
    "service_kinds",
    "scales",
    "construction_models",
    "certificate_kinds",
    "decline_reasons",
    "uploads",
)
STOP = {True: "；", False: "; "}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from: a clause of the plan, another paper, or an example of ours."""

    words: str = ""
    clause: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with where it comes from."""

    entry: Entry
    source: Source
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the rulebook. What all its entries come from is said once, above them."""

    kind: str
    title: str
    rows: list[Row]

    @property
    def source(self) -> Source | None:
        """The source of all entries, or None when they differ."""
        return self.rows[0].source if len({row.source for row in self.rows}) == 1 else None

    @property
    def has_details(self) -> bool:
        return any(row.detail for row in self.rows)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause and what in this rulebook rests on it: (words of the list, titles)."""

    clause: Clause
    carried: list[tuple[str, str]]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    rulebook = current_rulebook()
    context = {
        "clauses": [ClauseRow(c, _carried(rulebook, c)) for c in rulebook.clauses if c.asks],
        "by_number": [clause for clause in rulebook.clauses if not clause.asks],
        "parts": [_part(rulebook, kind) for kind in SHOWN],
    }
    return render(request, "public/rules.html", context)


def kind_titles() -> dict[str, str]:
    return {
        "targets": _("Targets"),
        "fields": _("Focus fields"),
        "chains": _("Industry chains"),
        "tiers": _("Tiers of facilities"),
        "verifications": _("Kinds of verification"),
        "service_kinds": _("Kinds of service"),
        "resource_kinds": _("What a facility consists of"),
        "organisation_kinds": _("Kinds of organisation"),
        "scales": _("Scales"),
        "construction_models": _("Ways of building a facility"),
        "certificate_kinds": _("Certificates"),
        "decline_reasons": _("Reasons for declining"),
        "attributes": _("Capabilities that are compared"),
        "forms": _("Forms"),
        "uploads": _("Files that may be attached"),
    }


def _part(rulebook: Rulebook, kind: str) -> Part:
    language = values.language()
    rows = [
        Row(entry, _source(rulebook, entry, language), _detail(entry))
        for entry in rulebook.listing(kind)
    ]
    return Part(kind, kind_titles()[kind], rows)


def _source(rulebook: Rulebook, entry: Entry, language: str) -> Source:
    """The plan's own title stands above the page, so that its clauses need only their number."""
    if entry.example:
        return Source(is_example=True)
    if entry.clause:
        return Source(clause=entry.clause)
    return Source(words=rulebook.source_words(entry, language))


def _detail(entry: Entry) -> str:
    """What is worth a second cell, by the kind of entry; else what the entry is about."""
    if isinstance(entry, Target):
        reached = registry.counts_by_tier().get(entry.tier or "", 0)
        return _("%(reached)d of %(wanted)d by %(day)s") % {
            "reached": reached,
            "wanted": entry.value,
            "day": entry.by.isoformat(),
        }
    if isinstance(entry, Verification):
        return values.say(entry.question)
    if isinstance(entry, Tier):
        given = _("How it is given: %(whom)s") % {"whom": values.say(entry.given_by)}
        steps = " → ".join(values.say(step.title) for step in entry.steps)
        return f"{given}{STOP[values.is_chinese()]}{steps}" if steps else given
    if isinstance(entry, Upload):
        return _("%(kinds)s; at most %(size)s each") % {
            "kinds": _(", ").join(e.upper() for e in entry.extensions),
            "size": values.size(entry.max_bytes),
        }
    if isinstance(entry, DeclineReason) and entry.means_gap:
        return _("Counts towards the gap list unless another facility can.")
    return values.say(entry.about)


def _carried(rulebook: Rulebook, clause: Clause) -> list[tuple[str, str]]:
    found = []
    for kind, words in kind_titles().items():
        titles = [
            entry.title.say(values.language())
            for entry in rulebook.listing(kind)
            if entry.clause == clause.number
        ]
        if titles:
            found.append((words, _shortly(titles)))
    return found


def _shortly(titles: Iterable[str]) -> str:
    """The first few titles, and how many more there are."""
    listed = list(titles)
    joint = "、" if values.is_chinese() else ", "
    shown = joint.join(listed[:6])
    more = len(listed) - 6
    return shown + (_(" and %(n)d more") % {"n": more} if more > 0 else "")
