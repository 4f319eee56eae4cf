"""One inbox for each person: what waits for them, whatever desk it comes from."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet, Value

from pilotline.desks.review.models import StepRun
from pilotline.desks.review.queries.proceedings import in_regions
from pilotline.desks.review.queries.seats import not_shut
from pilotline.kernel.actor import Actor

SOON = timedelta(days=3)
MOST_COUNTED = 1000
TABS = ("all", "mine", "due", "late", "green", "waiting")


def inbox(*, who: Actor, tab: str = "all", today: date) -> QuerySet[StepRun]:
    """Steps that wait for this actor: the green lane first, then what is due first.

    `tab` narrows: `mine` (taken on), `due` (within three days), `late`, `green`; `waiting` shows
    what stands still because somebody else has to answer first. The order is the one of the index
    `step_inbox`, so that a page costs the same however much waits.
    """
    rows = _lying(who, tab, today).select_related("proceeding__organisation")
    return rows.order_by("-green", F("due").asc(nulls_last=True), "id")


def inbox_counts(*, who: Actor, today: date) -> dict[str, int]:
    """How much lies in each tab of the inbox, in one query.

    None is counted further than to MOST_COUNTED and one more, which stands for "more": so the
    count costs the same however much waits.
    """
    first, *rest = (
        _lying(who, tab, today).order_by().values_list(Value(tab))[: MOST_COUNTED + 1]
        for tab in TABS
    )
    found = Counter(tab for (tab,) in first.union(*rest, all=True))
    return {tab: found[tab] for tab in TABS}


def _lying(who: Actor, tab: str, today: date) -> QuerySet[StepRun]:
    """What lies in one tab, in no order; an unknown tab narrows nothing."""
    rows = StepRun.objects.filter(_before(who, waiting=tab == "waiting"))
    narrowed = {
        "mine": Q(holder=who.id),
        "due": Q(due__lte=today + SOON),
        "late": Q(due__lt=today),
        "green": Q(green=True),
    }
    return rows.filter(narrowed[tab]) if tab in narrowed else rows


def _before(who: Actor, *, waiting: bool) -> Q:
    """What lies before this actor; with `waiting` what they have passed on and wait for."""
    mine = Q(pk__in=[])
    if who.has("authority"):
        state = Q(state__in=["waiting", "held"]) if waiting else Q(state="open")
        offices = Q(role__in=["authority", "expert"]) & state
        mine |= offices & in_regions(who, "region") & not_shut(who)
    if who.organisations and not waiting:
        mine |= Q(state="waiting", proceeding__organisation_id__in=who.organisations)
        turn = Q(role="applicant")
        if who.has("operator"):
            turn |= Q(role="operator")
        mine |= turn & Q(state="open", organisation_id__in=who.organisations)
    return mine
