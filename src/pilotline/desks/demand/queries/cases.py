"""Cases and lists of them, fetched by who may see them."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from pilotline.desks.demand.models import Case, Insight
from pilotline.desks.demand.rules import ACCEPTED, LOOKING, OPEN, PUBLIC, Sight, is_owner, sight
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, NotFound

SORTS = {
    "number": "number",
    "title": "title",
    "changed": "changed_at",
    "accepted": "accepted_at",
    "deadline": "deadline",
    "status": "status",
}


def case(*, who: Actor, id: int) -> Case:
    """One case for those who see more of it than the public. Raises NotFound for all others.

    What of it may be shown is asked by `visible_answers` and the other functions here.
    """
    found = Case.objects.select_related("organisation").filter(pk=id).first()
    if found is None or sight(who, found, insights_of(who, found)) is Sight.NOTHING:
        raise NotFound
    return found


def open_count(*, organisation: int) -> int:
    """How many accepted cases of an organisation have not come to their end."""
    return Case.objects.filter(organisation=organisation, status__in=OPEN).count()


def accepted_counts(*, organisation: int) -> dict[str, int]:
    """How many cases of an organisation were ever accepted, by kind."""
    accepted = Case.objects.filter(organisation=organisation, accepted_at__isnull=False)
    return dict(accepted.order_by().values_list("kind").annotate(n=Count("id")))


def own_case(*, who: Actor, id: int) -> Case:
    """One case for the applicant, who may work on it. Raises NotFound for all others."""
    found = case(who=who, id=id)
    if not is_owner(who, found):
        raise NotFound
    return found


def insights_of(who: Actor, found: Case) -> list[Insight]:
    """Where the actor's organisations were let into this case; asked only where it matters."""
    if not who.has("operator") or not who.organisations:
        return []
    return list(Insight.objects.filter(case=found, organisation__in=who.organisations))


def cases(
    *,
    who: Actor,
    door: str,
    kind: str = "",
    status: str = "",
    text: str = "",
    region: str = "",
    field: str = "",
    verification: str = "",
    scale: str = "",
    since: date | None = None,
    sort: str = "-changed",
) -> QuerySet[Case]:
    """The cases of one door: an applicant's own, an authority's region, an operator's asked ones.

    `sort` is one of SORTS, with a minus for descending. An operator finds by title and number
    only, for the text may be confidential.
    """
    found = Case.objects.select_related("organisation").filter(_rows(who, door))
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if region:
        found = found.filter(region__startswith=significant(region))
    if field:
        found = found.filter(fields__contains=[field])
    if verification:
        found = found.filter(verifications__contains=[verification])
    if scale:
        found = found.filter(scale=scale)
    if since:
        found = found.filter(accepted_at__date__gte=since)
    if text:
        found = found.filter(_holds(text, door))
    column = SORTS.get(sort.lstrip("-"), "changed_at")
    return found.order_by(f"-{column}" if sort.startswith("-") else column, "-id")


def _rows(who: Actor, door: str) -> Q:
    if who.is_system:
        return Q()
    if door == "applicant" and who.is_known:
        return Q(organisation__in=who.organisations if who.has("applicant") else ())
    handed_in = Q(status__in=ACCEPTED, accepted_at__isnull=False)
    if door == "authority" and who.has("authority"):
        inside = Q(pk=None)
        for code in who.regions:
            inside |= Q(region__startswith=significant(code))
        return handed_in & inside
    if door == "operator" and who.has("operator"):
        asked = Insight.objects.filter(organisation__in=who.organisations).values("case")
        return handed_in & Q(pk__in=asked)
    raise NotAllowed


def _holds(text: str, door: str) -> Q:
    words = text.replace("\x00", "").split()[:8]
    wanted = Q()
    for word in words:
        hit = Q(title__icontains=word) | Q(title_en__icontains=word) | Q(number__icontains=word)
        if door != "operator":
            hit |= Q(text__icontains=word) | Q(organisation__name__icontains=word)
        wanted &= hit
    return wanted


def case_counts(*, who: Actor, door: str) -> dict[str, dict[str, int]]:
    """How many cases there are, by kind and status, in the actor's own list."""
    counts: dict[str, dict[str, int]] = {"need": {}, "technology": {}}
    rows = cases(who=who, door=door).order_by().values_list("kind", "status")
    for kind, status, number in rows.annotate(n=Count("id")):
        counts[kind][status] = number
    return counts


def public_cases(
    *, kind: str, text: str = "", field: str = "", verification: str = "", scale: str = ""
) -> QuerySet[Case]:
    """Cases that their applicants released, newest first. Show them through `public_case` only.

    Filters look at what was released and at nothing else.
    """
    found = Case.objects.filter(kind=kind, status__in=PUBLIC).exclude(released=[])
    for column, wanted in (("fields", field), ("verifications", verification)):
        if wanted:
            found = found.filter(**{f"{column}__contains": [wanted]})
    if scale:
        found = found.filter(scale=scale)
    for word in text.replace("\x00", "").split()[:8]:
        found = found.filter(Q(public_text__icontains=word) | Q(number__icontains=word))
    return found.order_by("-accepted_at", "-id")


def public_counts() -> dict[str, int]:
    """How many needs and technologies were accepted, for everybody to read."""
    rows = Case.objects.filter(status__in=PUBLIC).values_list("kind").annotate(n=Count("id"))
    return {"need": 0, "technology": 0} | dict(rows.order_by())


def released_case(number: str) -> Case:
    """The case of a public page: accepted and not withdrawn. Raises NotFound."""
    found = Case.objects.filter(number=number.replace("\x00", ""), status__in=PUBLIC).first()
    if found is None:
        raise NotFound
    return found


def open_case_ids() -> list[int]:
    """Cases of both kinds that look for a partner, oldest first, for the machine."""
    looking = Case.objects.filter(status__in=LOOKING)
    return list(looking.order_by("accepted_at", "id").values_list("pk", flat=True))


def is_looking(found: Case) -> bool:
    """True for a case that was accepted and has no partner yet."""
    return found.status in LOOKING


def looking_case(*, id: int) -> Case:
    """A case that looks for a partner, for an operator's offer. Raises NotFound.

    The operator has seen its public view only: nothing more of it may be shown to them.
    """
    found = Case.objects.select_related("organisation").filter(pk=id, status__in=LOOKING).first()
    if found is None:
        raise NotFound
    return found
