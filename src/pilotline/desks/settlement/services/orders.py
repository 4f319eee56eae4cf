"""Orders: drafted from a match, changed by either side, agreed by both to the same text."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.matching import queries as matching
from pilotline.desks.settlement.events import (
    OrderAgreed,
    OrderChanged,
    OrderClosed,
    OrderConsented,
    OrderDrafted,
)
from pilotline.desks.settlement.forms import (
    Terms,
    first_clauses,
    problems_of_agreeing,
    read_terms,
    terms_of,
)
from pilotline.desks.settlement.models import Consent, Order, OrderVersion
from pilotline.desks.settlement.queries import latest, match_order
from pilotline.desks.settlement.rules import (
    LIVING,
    ORDER_MOVES,
    digest_of_content,
    may_become,
    order_content,
    sides_of,
)
from pilotline.desks.settlement.services.locks import locked_order
from pilotline.desks.settlement.services.numbers import next_number
from pilotline.desks.settlement.services.quoted import accepted_quotation, problems_of_quotation
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

LONGEST_NOTE = 500
OTHER = {"applicant": "operator", "operator": "applicant"}


@transaction.atomic
def draft_order(
    *, who: Actor, match: int, side: str, kind: str = "", is_demo: bool = False, now: datetime
) -> Order:
    """Draft the order of an agreed match, filled with what the case says; twice is once."""
    found = matching.match(who=who, id=match)
    if side not in matching.speaking_for(who=who, match=found):
        raise NotAllowed(_("Only the two sides of a match may draft its order."))
    living = match_order(who=who, match=match)
    if living is not None:
        return living
    rulebook = current_rulebook()
    day = timezone.localdate(now)
    kinds = [one.id for one in rulebook.order_kinds.valid_on(day)]
    refuse(_problems_of_drafting(found, kind, kinds))
    order = Order(
        number=next_number("order", now),
        kind=kind or kinds[0],
        title=found.case.title[:200],
        match_id=match,
        case=found.case,
        facility=found.facility,
        applicant=found.case.organisation,
        operator=found.facility.operator,
        drafted_at=now,
        changed_at=now,
        release=current_release()[0],
        is_demo=is_demo,
    )
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as clash:
        # The other side drafted it at the same moment: theirs is the one.
        other = match_order(who=who, match=match)
        if other is None:
            raise Conflict from clash
        return other
    quoted = accepted_quotation(order, who=who, side=side, day=day)
    terms = Terms(
        kind=order.kind,
        title=order.title,
        price=quoted.total if quoted else None,
        quotation=quoted.number if quoted else "",
        scope=_first_scope(who, found.case),
        clauses=first_clauses(rulebook, order.kind, day),
        ends=found.case.deadline.isoformat() if found.case.deadline else None,
    )
    _write(order, terms, who, side, 1, "", now)
    return _announce(who, order, side, now)


def _announce(who: Actor, order: Order, side: str, now: datetime) -> Order:
    _record(who, "settlement.draft-order", order, now, {"match": order.match_id})
    emit(OrderDrafted(**_facts(order), side=side), now=now)
    return order


def _problems_of_drafting(match: Any, kind: str, kinds: list[str]) -> list[Problem]:
    problems = []
    if match.state != "agreed":
        said = _("An order is drafted from a match that both sides agreed to.")
        problems.append(Problem("not-agreed", said))
    if match.facility.operator_id is None:
        problems.append(Problem("no-operator", _("Nobody answers for this facility yet.")))
    if not kinds or (kind and kind not in kinds):
        problems.append(Problem("kind", _("Choose a kind of order."), field="kind"))
    return problems


def _first_scope(who: Actor, case: Any) -> str:
    """What the case asks for, as far as the drafter may see it: the title and each requirement.
    It is one text for both sides: in the language of the place, whoever drafts it."""
    language = settings.LANGUAGE_CODE
    colon = "：" if language.startswith("zh") else ": "
    lines = [
        f"{one.title}{colon}{one.text}"
        for one in demand.shown_requirements(who=who, case=case, language=language)
    ]
    return "\n".join([case.title, *lines])


@transaction.atomic
def change_order(
    *,
    who: Actor,
    order: int,
    side: str,
    terms: Mapping[str, Any],
    seen: int,
    note: str = "",
    now: datetime,
) -> Order:
    """Write a new text. `seen` is the version that the writer had before their eyes.

    On an agreed order this is an amendment and needs a `note` that says why. Whoever had agreed
    to an older text is asked again, for consent belongs to one text.
    """
    found = _for_side(who, order, side)
    if found.state not in LIVING:
        refuse([Problem("ended", _("This order has ended and is not changed any more."))])
    if found.version != seen:
        raise Conflict(_("The text was changed meanwhile: read it and change it again."))
    read, problems = read_terms(terms, rulebook=current_rulebook())
    if found.state == "agreed" and not note.strip():
        said = _("Say why the order is to be amended.")
        problems.append(Problem("note", said, field="note"))
    if len(note) > LONGEST_NOTE:
        problems.append(Problem("long", _("That is too long: shorten it."), field="note"))
    day = timezone.localdate(now)
    problems += problems_of_quotation(found, read, who=who, side=side, day=day)
    refuse(problems)
    newest = latest(order=found)
    if read == read_terms(terms_of(newest.content), rulebook=current_rulebook())[0]:
        return found
    number = (found.versions.aggregate(most=Max("number"))["most"] or 0) + 1
    _write(found, read, who, side, number, note.strip(), now)
    after = {"version": number, "digest": latest(order=found).digest, "note": note.strip()}
    _record(who, "settlement.change-order", found, now, after, {"version": seen})
    emit(OrderChanged(**_facts(found), side=side, version=number), now=now)
    return found


def _write(
    order: Order, terms: Terms, who: Actor, side: str, number: int, note: str, now: datetime
) -> None:
    """Freeze and hash a text and make it the newest."""
    release = current_release()[0]
    content = order_content(
        order=order,
        terms=terms,
        version=number,
        note=note,
        release=release,
        rulebook=current_rulebook(),
    )
    row = OrderVersion.objects.create(
        order=order,
        number=number,
        content=content,
        digest="",
        side=side,
        author=who.id,
        author_name=who.name,
        note=note,
        at=now,
    )
    row.refresh_from_db(fields=["content"])
    row.digest = digest_of_content(row.content)
    row.save(update_fields=["digest"])
    order.version, order.kind, order.title = number, terms.kind, terms.title
    order.price, order.starts, order.ends = terms.price, _day(terms.starts), _day(terms.ends)
    order.waiting_for, order.changed_at, order.release = "both", now, release
    order.save()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def agree(*, who: Actor, order: int, side: str, digest: str, now: datetime) -> Order:
    """A side agrees to the newest text, whose hash it saw. With the other side's consent to the
    same text it is agreed. Raises Conflict when the text changed meanwhile; twice is once."""
    found = _for_side(who, order, side)
    text = latest(order=found)
    if found.state not in LIVING:
        refuse([Problem("ended", _("This order has ended: nothing more is agreed in it."))])
    if text.digest != digest:
        raise Conflict(_("The text was changed meanwhile: read it before you agree."))
    if digest_of_content(text.content) != digest:
        raise Conflict(_("The stored text does not fit its hash: tell the operator of the system."))
    given = set(text.consents.values_list("side", flat=True))
    if side in given:
        return found
    rulebook = current_rulebook()
    terms, problems = read_terms(terms_of(text.content), rulebook=rulebook)
    day = timezone.localdate(now)
    refuse([*problems, *problems_of_agreeing(terms, rulebook=rulebook, day=day)])
    Consent.objects.create(
        version=text,
        side=side,
        author=who.id,
        author_name=who.name,
        organisation=found.applicant if side == "applicant" else found.operator,
        digest=digest,
        at=now,
    )
    found.waiting_for = OTHER[side]
    after = {"version": text.number, "digest": digest, "side": side}
    if OTHER[side] in given:
        _take_effect(found, text, now)
    else:
        emit(OrderConsented(**_facts(found), side=side, version=text.number), now=now)
    found.save()
    _record(who, "settlement.agree", found, now, after)
    return found


def _take_effect(found: Order, text: OrderVersion, now: datetime) -> None:
    amendment = found.agreed_version is not None
    found.state, found.agreed_version, found.waiting_for = Order.State.AGREED, text.number, ""
    found.agreed_at = found.agreed_at or now
    emit(
        OrderAgreed(**_facts(found), version=text.number, digest=text.digest, amendment=amendment),
        now=now,
    )


@transaction.atomic
def drop_amendment(*, who: Actor, order: int, side: str, now: datetime) -> Order:
    """Give an amendment up again: the agreed text is the newest once more."""
    found = _for_side(who, order, side)
    if found.state != "agreed" or found.version == found.agreed_version:
        refuse([Problem("no-amendment", _("No amendment waits for an answer."))])
    dropped = found.version
    found.versions.filter(number=dropped).update(dropped_at=now)
    found.version, found.waiting_for, found.changed_at = found.agreed_version or 0, "", now
    agreed, _problems = read_terms(
        terms_of(latest(order=found).content), rulebook=current_rulebook()
    )
    found.title, found.kind = agreed.title, agreed.kind
    found.price, found.starts, found.ends = agreed.price, _day(agreed.starts), _day(agreed.ends)
    found.save()
    _record(who, "settlement.drop-amendment", found, now, {"version": dropped, "side": side})
    return found


@transaction.atomic
def withdraw_order(*, who: Actor, order: int, side: str, reason: str, now: datetime) -> Order:
    """Either side gives up a draft, with a reason."""
    found = _for_side(who, order, side)
    return _close(who, found, Order.State.WITHDRAWN, reason, now)


@transaction.atomic
def complete_order(*, who: Actor, order: int, now: datetime) -> Order:
    """The applicant has received what was ordered."""
    found = _for_side(who, order, "applicant")
    if found.version != found.agreed_version and found.state == "agreed":
        said = _("An amendment waits for an answer: agree to it or drop it first.")
        refuse([Problem("amendment", said)])
    return _close(who, found, Order.State.COMPLETED, "-", now)


def _close(who: Actor, found: Order, state: str, reason: str, now: datetime) -> Order:
    if found.state == state:
        return found
    problems = []
    if not may_become(ORDER_MOVES, found.state, state):
        problems.append(Problem("state", _("The order is not in a state that allows this.")))
    if not reason.strip():
        problems.append(Problem("reason", _("Give a reason."), field="reason"))
    if len(reason) > LONGEST_NOTE:
        problems.append(Problem("long", _("That is too long: shorten it."), field="reason"))
    refuse(problems)
    found.state, found.closed_at, found.waiting_for = state, now, ""
    found.reason = "" if reason == "-" else reason.strip()
    found.save()
    _record(who, f"settlement.{state}-order", found, now, {"state": state, "reason": found.reason})
    emit(OrderClosed(**_facts(found), state=state), now=now)
    return found


def _for_side(who: Actor, order: int, side: str) -> Order:
    """The locked order, for somebody who speaks for this side of it."""
    found = locked_order(order)
    mine = sides_of(who, found)
    if not mine:
        raise NotFound
    if side not in mine:
        raise NotAllowed(_("You do not speak for this side of the order."))
    return found


def _facts(order: Order) -> dict[str, Any]:
    return {
        "order": order.pk,
        "number": order.number,
        "applicant": order.applicant_id,
        "operator": order.operator_id,
        "facility": order.facility_id,
    }


def _record(
    who: Actor,
    action: str,
    order: Order,
    now: datetime,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    record(
        who=who,
        action=action,
        subject=("order", order.pk),
        case=order.case_id,
        organisation=order.applicant_id,
        before=before,
        after={"state": order.state, **after},
        now=now,
    )
