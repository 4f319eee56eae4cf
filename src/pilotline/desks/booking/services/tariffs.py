"""Changes of tariffs and of the cost behind them. Every change is a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import TariffSet
from pilotline.desks.booking.models import CostBasis, Tariff
from pilotline.desks.booking.problem import contents, pricing
from pilotline.desks.booking.queries.tariffs import in_force, latest_tariff
from pilotline.desks.booking.rules.tariffs import REGISTRY_UNITS, Wanted
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry import services as registry_services
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse
from pilotline.kernel.money import to_fen

MOST_NOTE = 300
FASTER = _("Somebody changed these prices while you were writing.")


@transaction.atomic
def set_tariff(
    *,
    who: Actor,
    code: str,
    resource: int | None,
    content: Mapping[str, Any],
    valid_from: date,
    now: datetime,
    valid_to: date | None = None,
    note: str = "",
    seen_version: int | None = None,
) -> Tariff:
    """A new version of what a resource, or (None) the whole facility, charges.

    The same content for the same days is not written twice. With `seen_version` (0: none), only
    if nobody was faster. Refused with everything that is wrong with it.
    """
    facility = _editable(who, code, resource)
    latest = latest_tariff(facility.pk, resource)
    version = latest.version if latest else 0
    refuse(problems_of_setting(content, valid_from, valid_to, note, now))
    kept = contents.written(content)
    digest = digest_of(canonical({"content": kept, "from": valid_from, "to": valid_to}))
    if latest is not None and latest.digest == digest:
        return latest
    if seen_version is not None and seen_version != version:
        raise Conflict(FASTER)
    made = Tariff(
        facility_id=facility.pk,
        resource_id=resource,
        version=version + 1,
        valid_from=valid_from,
        valid_to=valid_to,
        content=kept,
        note=note.strip(),
        digest=digest,
        release=current_release()[0],
        made_by=who.id,
        made_at=now,
        is_demo=facility.is_demo,
    )
    _save(made)
    _tell(made, facility, who, now)
    _carry(made, code, who, now)
    return made


def _tell(made: Tariff, facility: Any, who: Actor, now: datetime) -> None:
    said = {"resource": made.resource_id, "version": made.version, "digest": made.digest}
    record(
        who=who,
        action="booking.set-tariff",
        subject=("facility", facility.pk),
        organisation=facility.operator_id,
        after=said | {"valid_from": made.valid_from, "valid_to": made.valid_to},
        now=now,
    )
    emit(
        TariffSet(
            facility=facility.pk,
            resource=made.resource_id,
            tariff=made.pk,
            version=made.version,
            valid_from=made.valid_from.isoformat(),
        ),
        now=now,
    )


def problems_of_setting(
    content: Mapping[str, Any], start: date, end: date | None, note: str, now: datetime
) -> list[Problem]:
    """Everything that is wrong with a new version of a tariff."""
    found = pricing.problems_of_tariff(content, current_rulebook())
    if start < timezone.localdate(now):
        text = _("Prices cannot be changed for days that have passed.")
        found.append(Problem("past", text, "valid_from"))
    if end is not None and end <= start:
        text = _("It must end after the day from which it holds.")
        found.append(Problem("ends-before-it-starts", text, "valid_to"))
    if len(note) > MOST_NOTE:
        found.append(Problem("too-long", _("That is too long: shorten it."), "note"))
    return found


def _editable(who: Actor, code: str, resource: int | None) -> Any:
    facility = registry.editable_facility(who, code)
    if resource is not None and resource not in {r.pk for r in facility.active}:
        raise NotFound
    return facility


def _save(row: Tariff | CostBasis) -> None:
    """Write the row; of two who write the same version at once the second is told."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "_a_version" not in str(error):
            raise
        raise Conflict(FASTER) from None


def _carry(tariff: Tariff, code: str, who: Actor, now: datetime) -> None:
    """Bring the catalogue's price, which search and matching read, up to date."""
    if tariff.resource_id is None or tariff.valid_from > timezone.localdate(now):
        return
    main = contents.main_entry(tariff.content)
    if main is None:
        return
    registry_services.update_resource(
        who=who,
        facility=code,
        resource=tariff.resource_id,
        values={
            "price": Decimal(str(main["price"])),
            "price_unit": REGISTRY_UNITS[main["unit"]],
        },
        now=now,
    )


@transaction.atomic
def carry_prices(*, now: datetime) -> int:
    """Carry tariffs that begin today into the catalogue. Called daily; gives back how many."""
    today = timezone.localdate(now)
    begun = in_force(today, valid_from=today, resource__isnull=False, resource__status="active")
    rows = list(begun.select_related("facility").order_by("id"))
    for row in rows:
        _carry(row, row.facility.code, SYSTEM, now)
    return len(rows)


@transaction.atomic
def set_cost_basis(
    *,
    who: Actor,
    code: str,
    resource: int,
    content: Mapping[str, Any],
    is_public: bool,
    now: datetime,
    seen_version: int | None = None,
) -> CostBasis:
    """A new version of what stands behind an hour of a resource; `is_public` shows it to all."""
    facility = _editable(who, code, resource)
    rows = CostBasis.objects.filter(resource=resource)
    latest = rows.order_by("-version").first()
    version = latest.version if latest else 0
    refuse(pricing.problems_of_basis(content))
    kept = contents.written_basis(content)
    if latest and latest.content == kept and latest.is_public == is_public:
        return latest
    if seen_version is not None and seen_version != version:
        raise Conflict(FASTER)
    made = CostBasis(
        resource_id=resource,
        version=version + 1,
        content=kept,
        price=pricing.built_up(content).price,
        is_public=is_public,
        made_by=who.id,
        made_at=now,
        is_demo=facility.is_demo,
    )
    _save(made)
    record(
        who=who,
        action="booking.set-cost-basis",
        subject=("facility", facility.pk),
        organisation=facility.operator_id,
        after={"resource": resource, "version": made.version, "price": made.price},
        now=now,
    )
    return made


def sample_bill(
    *, content: Mapping[str, Any], wanted: Sequence[Wanted], user_class: str, now: datetime
) -> pricing.Priced:
    """The bill of a tariff that is still being written. Raises Refused with all problems."""
    return pricing.sampled(
        content,
        wanted,
        user_class=user_class,
        on=timezone.localdate(now),
        rulebook=current_rulebook(),
    )


@dataclass(frozen=True, slots=True)
class CostShown:
    """A cost build-up beside what an hour is charged on a day.

    `parts` are JSON values; `above` is what is charged above the cost (below: negative), `share`
    the same as a share of the cost; None where nothing is charged by time.
    """

    parts: list[dict[str, Any]]
    price: Decimal
    charged: Decimal | None
    above: Decimal | None
    share: Decimal | None


def shown_cost(basis: CostBasis, *, on: date) -> CostShown:
    """What stands behind an hour of a resource, compared with its tariff in force."""
    tariff = in_force(on, resource=basis.resource_id).first()
    charged = contents.use_price(tariff.content, "hour") if tariff else None
    if charged is None:
        return CostShown(pricing.parts_of(basis.content), basis.price, None, None, None)
    charged = to_fen(charged)
    above, share = pricing.built_up(basis.content).compare(charged)
    return CostShown(pricing.parts_of(basis.content), basis.price, charged, above, share)


def parts_of(basis: CostBasis) -> list[dict[str, Any]]:
    """The parts of an hour's cost as JSON values."""
    return pricing.parts_of(basis.content)
