"""Who shares in a facility's income, by which rule, and the sharing itself."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry import queries as registry
from pilotline.desks.settlement.events import RevenueShared
from pilotline.desks.settlement.models import (
    Bill,
    Distribution,
    Share,
    SharePart,
    ShareParty,
    ShareRule,
)
from pilotline.desks.settlement.problem import VERSION, divide
from pilotline.desks.settlement.queries import distribution_of, rule_in_force
from pilotline.desks.settlement.rules import acts_for
from pilotline.desks.settlement.rules.chart import of_shares
from pilotline.desks.settlement.services.bills import facts_of
from pilotline.desks.settlement.services.ledger import post
from pilotline.desks.settlement.services.locks import locked_bill
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse
from pilotline.rulebook import Rulebook

WHOLE = Decimal(100)
LONGEST = {"name": 120, "account": 200}


@transaction.atomic
def keep_party(
    *, who: Actor, facility: int, kind: str, name: str, account: str = "", now: datetime
) -> ShareParty:
    """Enter somebody who shares in a facility's income, or correct where their money goes."""
    _own(who, facility)
    problems = []
    if kind not in current_rulebook().share_kinds:
        problems.append(Problem("kind", _("Choose who this is."), field="kind"))
    if not name.strip():
        problems.append(Problem("name", _("Give a name."), field="name"))
    for field, text in (("name", name), ("account", account)):
        if len(text) > LONGEST[field]:
            problems.append(Problem("long", _("That is too long: shorten it."), field=field))
    refuse(problems)
    party, _made = ShareParty.objects.update_or_create(
        facility_id=facility, kind=kind, name=name.strip(), defaults={"account": account.strip()}
    )
    record(
        who=who,
        action="settlement.keep-party",
        subject=("share_party", party.pk),
        after={"facility": facility, "kind": kind, "name": party.name},
        now=now,
    )
    return party


@transaction.atomic
def set_share_rule(
    *, who: Actor, facility: int, parts: Mapping[int, Decimal], seen: int = 0, now: datetime
) -> ShareRule:
    """Agree a new rule for the facility's net income: percentages of its parties, 100 in all.

    `seen` is the number of the rule that was in force before their eyes, 0 for none. What was
    shared before stays as it was.
    """
    _own(who, facility)
    force = rule_in_force(facility=facility)
    if (force.number if force else 0) != seen:
        raise Conflict(_("The rule was changed meanwhile: look at it as it stands now."))
    parties = {p.pk: p for p in ShareParty.objects.filter(facility=facility, pk__in=parts)}
    given = {pk: percent for pk, percent in parts.items() if percent}
    refuse(_problems_of_rule(given, parties, current_rulebook()))
    number = (ShareRule.objects.filter(facility=facility).aggregate(n=Max("number"))["n"] or 0) + 1
    try:
        with transaction.atomic():
            rule = ShareRule.objects.create(
                facility_id=facility,
                number=number,
                author=who.id,
                author_name=who.name,
                release=current_release()[0],
                at=now,
            )
    except IntegrityError as clash:
        raise Conflict from clash
    SharePart.objects.bulk_create(
        SharePart(rule=rule, party_id=pk, percent=percent) for pk, percent in given.items()
    )
    record(
        who=who,
        action="settlement.set-share-rule",
        subject=("share_rule", rule.pk),
        after={"facility": facility, "parts": {str(pk): str(p) for pk, p in given.items()}},
        now=now,
    )
    return rule


def _problems_of_rule(
    given: Mapping[int, Decimal], parties: Mapping[int, ShareParty], rulebook: Rulebook
) -> list[Problem]:
    if set(given) - set(parties):
        raise NotFound
    problems = []
    bad = [p for p in given.values() if not p.is_finite() or not 0 <= p <= WHOLE]
    if bad or any(p != round(p, 4) for p in given.values() if p.is_finite()):
        said = _("A share is a percentage from 0 to 100, with four decimals at most.")
        return [Problem("share", said, field="parts")]
    total = sum(given.values(), Decimal(0))
    if total != WHOLE:
        said = _("The shares add to {total} %, not to 100 %.").format(total=f"{total:f}")
        problems.append(Problem("total", said, field="parts"))
    language = get_language() or "zh"
    for kind in rulebook.share_kinds:
        sum_of_kind = sum((p for pk, p in given.items() if parties[pk].kind == kind.id), Decimal(0))
        if not kind.least <= sum_of_kind <= kind.most:
            said = _("“{kind}” shares {found} %; the rules allow {least} to {most} %.")
            text = said.format(
                kind=kind.title.say(language),
                found=f"{sum_of_kind:f}",
                least=f"{kind.least:f}",
                most=f"{kind.most:f}",
            )
            problems.append(Problem("limit", text, field="parts", data={"kind": kind.id}))
    return problems


@transaction.atomic
def share_income(*, who: Actor, bill: int, now: datetime) -> Distribution:
    """Divide the net income of a settled bill by the facility's rule in force; twice is once."""
    found = locked_bill(bill)
    if not acts_for(who, found.payee_id):
        raise NotFound
    done = distribution_of(bill=found)
    if done is not None:
        return done
    problems = []
    rule = rule_in_force(facility=found.facility_id)
    if found.state != "settled":
        problems.append(Problem("not-settled", _("Income is shared once its bill is settled.")))
    if rule is None:
        problems.append(Problem("no-rule", _("The facility has no rule for sharing yet.")))
    refuse(problems)
    return divide_income(who, found, rule, now)


def divide_income(who: Actor, found: Bill, rule: Any, now: datetime) -> Distribution:
    """The sharing itself, in the caller's transaction, for a locked settled bill."""
    parts = [(part.party_id, part.percent) for part in rule.parts.order_by("id")]
    shares = divide(found.net, parts)
    made = _distribution(who, found, rule, found.net, None, now)
    Share.objects.bulk_create(
        Share(
            distribution=made,
            party_id=party,
            percent=share.percent,
            amount=share.amount,
            odd=share.odd,
        )
        for party, share in shares
    )
    _book(found, "share", f"share:{made.pk}", [(p, s.amount) for p, s in shares], now)
    record(
        who=who,
        action="settlement.share",
        subject=("bill", found.pk),
        organisation=found.payee_id,
        after={
            "distribution": made.pk,
            "rule": rule.number,
            "engine": VERSION,
            "shares": {str(party): str(share.amount) for party, share in shares},
        },
        now=now,
    )
    emit(RevenueShared(**facts_of(found), distribution=made.pk), now=now)
    return made


def take_back_shares(who: Actor, found: Bill, now: datetime) -> None:
    """The shares of a bill that is cancelled, taken back just as they were given."""
    given = distribution_of(bill=found)
    if given is None:
        return
    back = _distribution(who, found, given.rule, -given.amount, given, now)
    rows = list(given.shares.all())
    Share.objects.bulk_create(
        Share(
            distribution=back,
            party_id=row.party_id,
            percent=row.percent,
            amount=-row.amount,
            odd=row.odd,
        )
        for row in rows
    )
    _book(found, "unshare", f"share:{back.pk}", [(r.party_id, -r.amount) for r in rows], now)


def _distribution(
    who: Actor, found: Bill, rule: Any, amount: Decimal, of: Distribution | None, now: datetime
) -> Distribution:
    return Distribution.objects.create(
        bill=found,
        rule=rule,
        of=of,
        amount=amount,
        engine=VERSION,
        release=current_release()[0],
        author=who.id,
        author_name=who.name,
        at=now,
    )


def _book(
    found: Bill, kind: str, key: str, amounts: list[tuple[int, Decimal]], now: datetime
) -> None:
    lines = of_shares(amounts)
    post(bill=found, kind=kind, key=key, lines=lines, text=f"{found.number}", now=now)


def _own(who: Actor, facility: int) -> None:
    """Raises NotFound unless the facility is one of the actor's."""
    if not who.has("operator") or not registry.own_facilities(who).filter(pk=facility).exists():
        raise NotFound
