"""One inbox for each person: what waits for them, whatever desk it comes from."""

from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from pilotline.desks.review.models import StepRun
from pilotline.desks.review.queries.proceedings import in_regions
from pilotline.desks.review.queries.seats import not_shut
from pilotline.kernel.actor import Actor

SOON = timedelta(days=3)


def inbox(*, who: Actor, tab: str = "all", today: date) -> QuerySet[StepRun]:
    """Steps that wait for this actor: the green lane first, then what is due first.

    `tab` narrows: `mine` (taken on), `due` (within three days), `late`, `green`; `waiting` shows
    what stands still because somebody else has to answer first.
    """
    rows = StepRun.objects.select_related("proceeding__organisation")
    rows = rows.filter(_before(who, waiting=tab == "waiting"))
    narrowed = _narrowed(who, today)
    if tab in narrowed:
        rows = rows.filter(narrowed[tab])
    return rows.order_by("-proceeding__green", F("due").asc(nulls_last=True), "id")


def inbox_counts(*, who: Actor, today: date) -> dict[str, int]:
    """How much lies in each tab of the inbox; counted in two queries, however full it is."""
    lies = StepRun.objects.filter(_before(who, waiting=False))
    # Under names of their own: a count called like a column would stand in for it.
    wanted = {f"in_{tab}": Count("pk", filter=q) for tab, q in _narrowed(who, today).items()}
    found = lies.aggregate(in_all=Count("pk"), **wanted)
    waiting = StepRun.objects.filter(_before(who, waiting=True)).count()
    return {name.removeprefix("in_"): n for name, n in found.items()} | {"waiting": waiting}


def _narrowed(who: Actor, today: date) -> dict[str, Q]:
    return {
        "mine": Q(holder=who.id),
        "due": Q(due__lte=today + SOON),
        "late": Q(due__lt=today),
        "green": Q(proceeding__green=True),
    }


def _before(who: Actor, *, waiting: bool) -> Q:
    """What lies before this actor; with `waiting` what they have passed on and wait for."""
    mine = Q(pk__in=[])
    if who.has("authority"):
        states = ["waiting", "held"] if waiting else ["open"]
        offices = Q(role__in=["authority", "expert"], state__in=states)
        mine |= offices & in_regions(who, "region") & not_shut(who)
    if who.organisations and not waiting:
        mine |= Q(state="waiting", proceeding__organisation_id__in=who.organisations)
        turn = Q(role="applicant")
        if who.has("operator"):
            turn |= Q(role="operator")
        mine |= turn & Q(state="open", organisation_id__in=who.organisations)
    return mine
