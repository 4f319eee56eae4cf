"""What a case requires of a facility, and where in its text that was read."""

from collections.abc import Iterable
from dataclasses import dataclass

from pilotline.desks.demand.models import Case, Requirement
from pilotline.desks.demand.queries.cases import case as case_for
from pilotline.desks.demand.queries.cases import insights_of
from pilotline.desks.demand.queries.shown import form_of
from pilotline.desks.demand.rules import is_owner, open_fields, sight
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules.vocabulary import show_statement
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from pilotline.rulebook import Attribute

# The relation of a requirement that one of its values is enough for.
ANY_OF = "any_of"


@dataclass(frozen=True, slots=True)
class ShownRequirement:
    """A requirement in the reader's words. `written` is left out where it is confidential.

    `choices` are the titles of the values that the vocabulary knows, for suggestions.
    """

    id: int
    attribute: str
    title: str
    text: str
    written: str
    source: str
    origin: str
    state: str
    must: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `requirements` are the ids of what was read from exactly these words."""

    text: str
    requirements: tuple[int, ...] = ()


def requirements(
    case: int, *, states: Iterable[str] = ("confirmed", "offered")
) -> list[Requirement]:
    """The requirements of a case in these states, in order, for the machine."""
    return list(Requirement.objects.filter(case_id=case, state__in=list(states)))


def requirement(*, who: Actor, id: int) -> Requirement:
    """One requirement for the applicant. Raises NotFound for all others."""
    found = Requirement.objects.select_related("case").filter(pk=id).first()
    if found is None or not is_owner(who, found.case):
        raise NotFound
    case_for(who=who, id=found.case_id)
    return found


def shown_requirements(*, who: Actor, case: Case, language: str) -> list[ShownRequirement]:
    """The requirements this actor may see: all for the applicant, for others confirmed ones."""
    mine = is_owner(who, case)
    rows = requirements(case.pk, states=("confirmed", "offered") if mine else ("confirmed",))
    if not rows:
        return []
    vocabulary = current_rulebook().attributes
    open_to = open_fields(case, form_of(case), sight(who, case, insights_of(who, case)))
    shown = []
    for row in rows:
        known = vocabulary.get(row.attribute)
        shown.append(
            ShownRequirement(
                id=row.pk,
                attribute=row.attribute,
                title=known.title.say(language) if known else row.attribute,
                text=requirement_text(row, known, language),
                written=row.written if not row.source or row.source in open_to else "",
                source=row.source,
                origin=row.origin,
                state=row.state,
                must=row.must,
                choices=tuple(v.title.say(language) for v in known.values) if known else (),
            )
        )
    return shown


def requirement_text(row: Requirement, known: Attribute | None, language: str) -> str:
    """A requirement as people read it: `≥ 500 L`, `316L或哈氏合金`; as written when unknown."""
    if known is None:
        return row.written
    if row.relation == ANY_OF:
        join = "或" if language.startswith("zh") else " or "
        return join.join(known.value_title(value, language) for value in row.values)
    return show_statement(known, row.low, row.high, row.values, language)


def marked_text(text: str, rows: Iterable[Requirement]) -> list[Piece]:
    """The text cut where requirements were read from it, in order, nothing lost or doubled.

    Requirements read from the same words share a piece; of overlapping words the first are marked.
    """
    spans: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        if row.start is not None and row.end is not None and row.start < row.end <= len(text):
            spans.setdefault((row.start, row.end), []).append(row.pk)
    pieces, at = [], 0
    for (start, end), ids in sorted(spans.items()):
        if start < at:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], tuple(ids)))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
