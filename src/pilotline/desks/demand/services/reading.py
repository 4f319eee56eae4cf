"""What a text asks for, offered to the applicant, who confirms, corrects, dismisses or adds."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import forms, problem
from pilotline.desks.demand.models import Case, Requirement
from pilotline.desks.demand.queries.requirements import ANY_OF
from pilotline.desks.demand.rules import MAX_REQUIREMENTS, OPEN, say
from pilotline.desks.demand.services.anchors import anchor_again
from pilotline.desks.demand.services.course import tell_amended
from pilotline.desks.demand.services.hold import held, keep, note
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules import Reading, read_statement
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, Refused, Unreadable, refuse
from pilotline.rulebook import Form, Rulebook

EITHER = re.compile(r"或|/|\bor\b", re.IGNORECASE)
MOST_LISTED = 12
PLACES = Decimal("1e-10")
ROLE_OF_TOPIC = {"region": "city", "verification": "verification", "scale": "scale"}


@transaction.atomic
def read_text(*, who: Actor, case: int, now: datetime) -> list[Requirement]:
    """Read the case's free text and offer what it asks for. Returns what is offered now.

    Reading twice offers nothing twice: what was confirmed, corrected or dismissed stays so.
    Raises Refused for a text that is too long to be read.
    """
    found = held(who, case, "require")
    rulebook = current_rulebook()
    form = rulebook.forms[found.kind]
    anchor_again(found)
    findings = list(_findings(form, found, rulebook, now))
    rows = _offer(found, [(s, t, f) for s, t, f in findings if f.topic == "attribute"])
    found.offered = _offered_answers(form, found, findings)
    keep(found, now)
    tell_amended(found, ("requirements",), now)
    note(who, "read", found, now, after={"offered": len(rows)})
    return rows


def _findings(form: Form, case: Case, rulebook: Rulebook, now: datetime) -> Iterable[Any]:
    """(field id, its text, finding) for each text that is read, in the order of TEXT_ROLES."""
    for role in forms.TEXT_ROLES:
        asked = form.by_role(role)
        text = str(case.answers.get(asked.id) or "") if asked else ""
        if asked is None or not text.strip():
            continue
        try:
            read = problem.read(text, rulebook=rulebook, today=timezone.localdate(now))
        except Unreadable as error:
            told = say(error.data["zh"], error.data["en"])
            raise Refused([Problem("too-long", told, asked.id)]) from None
        for finding in read:
            yield asked.id, text, finding


def _offer(case: Case, findings: list[tuple[str, str, Any]]) -> list[Requirement]:
    """Make the offered rows say what was found, and leave alone what the applicant decided.

    Returns what is offered now, as it stands in the list.
    """
    standing = list(Requirement.objects.filter(case=case))
    known = {_what(row): row for row in standing}
    decided_places = {
        (row.source, row.start, row.end, row.attribute)
        for row in standing
        if row.state != Requirement.State.OFFERED and row.start is not None
    }
    fresh, kept = [], set()
    for place, (source, text, finding) in enumerate(findings):
        row = _row(case, source, text, finding, place)
        same = known.get(_what(row))
        if same is not None:
            first = same.pk is not None and same.pk not in kept
            kept.add(same.pk)
            if first and (same.state == Requirement.State.OFFERED or same.start is None):
                _stand_at(same, row)
        elif (row.source, row.start, row.end, row.attribute) not in decided_places:
            fresh.append(row)
            known[_what(row)] = row
    offered = [row for row in standing if row.state == Requirement.State.OFFERED]
    gone = [row.pk for row in offered if row.pk not in kept]
    if gone:
        Requirement.objects.filter(pk__in=gone).delete()
    room = MAX_REQUIREMENTS - len(standing) + len(gone)
    Requirement.objects.bulk_create(fresh[: max(room, 0)])
    if standing:
        return list(Requirement.objects.filter(case=case, state=Requirement.State.OFFERED))
    return fresh[: max(room, 0)]


def _stand_at(same: Requirement, row: Requirement) -> None:
    """Move a row to where the text says it first now; what is decided keeps its weight."""
    changed = {name: getattr(row, name) for name in ("source", "start", "end", "words")}
    if same.state == Requirement.State.OFFERED:
        changed["must"] = row.must
    if any(getattr(same, name) != value for name, value in changed.items()):
        Requirement.objects.filter(pk=same.pk).update(**changed)


def _what(row: Requirement) -> tuple[Any, ...]:
    ends = tuple(None if v is None else v.normalize() + 0 for v in (row.low, row.high))
    return (row.attribute, row.relation == ANY_OF, *ends, *sorted(row.values))


def _row(case: Case, source: str, text: str, finding: Any, place: int) -> Requirement:
    start, end = finding.spans[0]
    return Requirement(
        case=case,
        attribute=finding.attribute,
        low=_rounded(finding.low),
        high=_rounded(finding.high),
        values=list(finding.values),
        relation=finding.relation,
        must=not finding.wish,
        written=text[start:end][:400],
        words=text[start:end],
        source=source,
        start=start,
        end=end,
        origin=Requirement.Origin.READ,
        state=Requirement.State.OFFERED,
        position=place,
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACES)


def _offered_answers(form: Form, case: Case, findings: Iterable[Any]) -> list[dict[str, Any]]:
    """Answers that the text gives to questions that are still open."""
    offered: dict[str, dict[str, Any]] = {}
    for source, text, finding in findings:
        start, end = finding.spans[0]
        for field_id, value in _answers_in(form, finding):
            if case.answers.get(field_id):
                continue
            entry = {"field": field_id, "value": value, "source": source, "words": text[start:end]}
            held_already = offered.setdefault(field_id, entry)
            if isinstance(value, list) and held_already is not entry:
                held_already["value"] = list(dict.fromkeys([*held_already["value"], *value]))
    return list(offered.values())


def _answers_in(form: Form, finding: Any) -> Iterable[tuple[str, Any]]:
    """Which questions a finding answers, with the answer as the form keeps it."""
    said: dict[str, Any] = {}
    if finding.topic in ROLE_OF_TOPIC:
        said[ROLE_OF_TOPIC[finding.topic]] = list(finding.values)
    elif finding.topic == "budget":
        said = {"budget_low": finding.low, "budget_high": finding.high}
        if finding.high is None:
            said = {"budget_high": finding.low}
    elif finding.topic == "time":
        said = {"begin": finding.first_day, "end": finding.last_day}
    for role, value in said.items():
        asked = form.by_role(role)
        if asked is None or not value:
            continue
        if isinstance(value, list):
            offered = {option.id for option in asked.options}
            chosen = [one for one in value if one in offered]
            if chosen:
                yield asked.id, chosen if asked.type == "choices" else chosen[0]
        else:
            yield asked.id, f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


@transaction.atomic
def confirm_requirements(
    *, who: Actor, case: int, now: datetime, ids: Iterable[int] | None = None
) -> int:
    """Confirm these offered requirements, or all of them. Returns how many changed."""
    found = held(who, case, "require")
    rows = Requirement.objects.filter(case=found, state=Requirement.State.OFFERED)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    written = list(rows.values_list("written", flat=True))
    changed = rows.update(state=Requirement.State.CONFIRMED)
    if changed:
        _requirement_changed(who, "confirm", found, now, "、".join(written))
    return changed


@transaction.atomic
def dismiss_requirement(*, who: Actor, requirement: int, now: datetime) -> None:
    """Say that this is not required. It is not offered again; what was typed in is removed."""
    row, found = _requirement(who, requirement)
    if row.state == Requirement.State.DISMISSED:
        return
    if row.origin == Requirement.Origin.TYPED:
        row.delete()
    else:
        row.state = Requirement.State.DISMISSED
        row.save(update_fields=["state"])
    _requirement_changed(who, "dismiss", found, now, row.written)


@transaction.atomic
def correct_requirement(
    *, who: Actor, requirement: int, written: str, now: datetime, must: bool = True
) -> Requirement:
    """Put another value in a requirement's place, which confirms it. Raises Refused."""
    row, found = _requirement(who, requirement)
    before = row.written
    _state(row, read_typed(row.attribute, written), written)
    row.must, row.state = must, Requirement.State.CONFIRMED
    row.save()
    _requirement_changed(who, "correct", found, now, row.written, before=before)
    return row


@transaction.atomic
def add_requirement(
    *, who: Actor, case: int, attribute: str, written: str, now: datetime, must: bool = True
) -> Requirement:
    """Add a requirement that the text does not state. Raises Refused.

    Adding the same again gives the one that stands there, confirmed.
    """
    found = held(who, case, "require")
    reading = read_typed(attribute, written)
    rows = Requirement.objects.filter(case=found)
    row = Requirement(case=found, attribute=attribute, origin=Requirement.Origin.TYPED)
    _state(row, reading, written)
    same = next((other for other in rows if _what(other) == _what(row)), None)
    if same is None and len(rows) >= MAX_REQUIREMENTS:
        refuse([Problem("too-many", _("A case can have 200 requirements at most."), "written")])
    row = same or row
    if same is None:
        row.position = len(rows)
    row.must, row.state = must, Requirement.State.CONFIRMED
    row.save()
    _requirement_changed(who, "require", found, now, row.written)
    return row


def read_typed(attribute: str, written: str) -> Reading:
    """A typed value by the vocabulary's own reading. Raises Refused with field `written`."""
    text = forms.storable(written).strip()
    problems = []
    if not text:
        problems.append(Problem("missing", _("Say what is required."), "written"))
    if len(text) > 400:
        problems.append(Problem("too-long", _("At most 400 characters, please."), "written"))
    refuse(problems)
    rulebook = current_rulebook()
    try:
        return read_statement(rulebook, attribute, text)
    except Refused as refused:
        known = rulebook.attributes.get(attribute)
        if known is None or len(known.values) <= MOST_LISTED:
            raise
        told = _("The vocabulary knows no such value here: choose one of the suggestions.")
        code = refused.problems[0].code
        raise Refused([Problem(code, told, "written")]) from None


def _state(row: Requirement, reading: Reading, written: str) -> None:
    row.low, row.high, row.values = reading.low, reading.high, list(reading.values)
    row.written = forms.storable(written).strip()
    is_choice = len(row.values) > 1 and EITHER.search(row.written) is not None
    row.relation = ANY_OF if is_choice else ""


def _requirement(who: Actor, id: int) -> tuple[Requirement, Case]:
    """The requirement and its case, locked."""
    row = Requirement.objects.filter(pk=id).first()
    if row is None:
        raise NotFound
    found = held(who, row.case_id, "require")
    row.refresh_from_db()
    return row, found


def _requirement_changed(
    who: Actor, action: str, case: Case, now: datetime, written: str, before: str = ""
) -> None:
    keep(case, now)
    if case.status in OPEN:
        tell_amended(case, ("requirements",), now)
    note(
        who,
        action,
        case,
        now,
        before={"written": before} if before else None,
        after={"written": written[:1000]},
    )
