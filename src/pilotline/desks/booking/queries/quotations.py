"""Quotations, for those who may see them."""

from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from pilotline.desks.booking.models import Quotation
from pilotline.desks.booking.rules.tariffs import may_see_quotation
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry.queries.facilities import known_regions
from pilotline.desks.registry.rules.access import governs
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound


def quotation(*, who: Actor, id: int) -> Quotation:
    """One quotation, for its organisation, the facility's operator and their authorities."""
    found = (
        Quotation.objects.select_related("facility", "organisation", "booking", "case")
        .filter(pk=id)
        .first()
    )
    if found is None or not may_see_quotation(who, found):
        raise NotFound
    return found


def accepted_for(*, booking: int) -> list[Quotation]:
    """The accepted quotations of a booking, one a facility at most."""
    rows = Quotation.objects.filter(booking=booking, state="accepted")
    return list(rows.select_related("facility", "organisation").order_by("id"))


def my_quotations(*, who: Actor, today: date) -> QuerySet[Quotation]:
    """Those of the actor's organisations, newest first, with their `shown_state`."""
    if not token_opens(who, "applicant", writes=False):
        raise NotAllowed
    return _listed(today).filter(organisation__in=who.organisations)


def operator_quotations(*, who: Actor, today: date) -> QuerySet[Quotation]:
    """Those of the facilities that the actor's organisations operate."""
    if not who.has("operator") or not token_opens(who, "operator", writes=False):
        raise NotAllowed
    return _listed(today).filter(facility__operator__in=who.organisations)


def region_quotations(*, who: Actor, today: date) -> QuerySet[Quotation]:
    """Those of facilities in an authority's regions."""
    if not who.has("authority"):
        raise NotAllowed
    regions = [c for c in known_regions() if governs(who, c, writes=False)]
    return _listed(today).filter(facility__region__in=regions)


def _listed(today: date) -> QuerySet[Quotation]:
    run_out = Q(state="open", valid_until__lt=today)
    shown = Case(When(run_out, then=Value("expired")), default=F("state"), output_field=CharField())
    rows = Quotation.objects.select_related("facility", "organisation", "booking")
    return rows.annotate(shown_state=shown).order_by("-id")
