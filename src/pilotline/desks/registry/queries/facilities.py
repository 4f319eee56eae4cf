"""Facilities, fetched only by those who may see them."""

from collections.abc import Mapping

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry.models import (
    Certificate,
    Claim,
    Facility,
    IndexRow,
    Resource,
    TierStep,
)
from pilotline.desks.registry.queries.offers import with_everything
from pilotline.desks.registry.queries.words import query_of
from pilotline.desks.registry.rules.access import governs, may_edit, may_see
from pilotline.kernel.actor import Actor, covers, significant
from pilotline.kernel.errors import NotAllowed, NotFound

SORTS = ("code", "name", "region", "tier", "updated")


class Holds(Func):
    """True when a tsvector (first) answers a tsquery written as text (second)."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def facility(who: Actor, code: str) -> Facility:
    """One facility with all that is active below it, for those who may see it, else NotFound."""
    found = _whole(Facility.objects.filter(code=code)).first()
    if found is None or not may_see(who, found):
        raise NotFound
    return found


def editable_facility(who: Actor, code: str) -> Facility:
    """One facility for those who may change it; NotFound or NotAllowed for all others."""
    found = facility(who, code)
    if not may_edit(who, found):
        raise NotAllowed
    return found


def visible_by(who: Actor, code: str) -> Facility:
    """One facility without what lies below it, for those who may see it, else NotFound."""
    found = Facility.objects.select_related("operator").filter(code=code).first()
    if found is None or not may_see(who, found):
        raise NotFound
    return found


def editable_by(who: Actor, code: str) -> Facility:
    """The same for who needs to know only that it may be changed."""
    found = visible_by(who, code)
    if not may_edit(who, found):
        raise NotAllowed
    return found


def public_facility(code: str) -> Facility:
    """One published facility for anybody, else NotFound."""
    published = Facility.objects.filter(code=code, status=Facility.Status.PUBLISHED)
    found = _whole(published).first()
    if found is None:
        raise NotFound
    return found


def _whole(found: QuerySet[Facility]) -> QuerySet[Facility]:
    steps = Prefetch("tier_steps", TierStep.objects.order_by("since", "id"))
    return with_everything(found.select_related("operator")).prefetch_related(steps, "held__papers")


def facilities(
    who: Actor, text: str = "", filters: Mapping[str, str] | None = None, sort: str = ""
) -> QuerySet[Facility]:
    """Facilities this actor may see, with their operators and the `rank` of their tier.

    `filters`: region, field, chain, tier, status, operator (`none` for public facts that nobody
    operates, or an organisation's id). `sort`: one of SORTS, with `-` in front for descending.
    """
    found = Facility.objects.filter(visible_to(who)).select_related("operator")
    found = found.annotate(rank=tier_rank("tier")).filter(_wanted(filters or {}))
    if text.strip():
        found = found.filter(named(text))
    return _sorted(found, sort)


def visible_to(who: Actor) -> Q:
    """What `may_see` says, as a condition on rows."""
    if who.is_system:
        return Q()
    seen = Q(status=Facility.Status.PUBLISHED)
    if who.has("operator") and token_opens(who, "operator", writes=False):
        seen |= Q(operator__in=who.organisations)
    if who.has("authority"):
        seen |= Q(region__in=[c for c in known_regions() if governs(who, c, writes=False)])
    return seen


def known_regions() -> list[str]:
    """Every region in which there is a facility, known to the rulebook or not."""
    return list(Facility.objects.order_by().values_list("region", flat=True).distinct())


def _wanted(filters: Mapping[str, str]) -> Q:
    wanted = Q()
    for name in ("chain", "tier", "status"):
        if filters.get(name):
            wanted &= Q(**{name: filters[name]})
    if filters.get("field"):
        wanted &= Q(fields__contains=[filters["field"]])
    if filters.get("region"):
        inside = [c for c in known_regions() if covers(filters["region"], c)]
        wanted &= Q(region__in=inside)
    operator = filters.get("operator", "")
    if operator == "none":
        wanted &= Q(operator__isnull=True)
    elif operator.isdecimal() and len(operator) < 18:
        wanted &= Q(operator=int(operator))
    return wanted


def named(text: str) -> Q:
    """The condition behind `answering`."""
    query = query_of(text, synonyms())
    if not query:
        return Q(pk=None)
    rows = IndexRow.objects.filter(Holds("words", Value(query)), facility=OuterRef("pk"))
    return Q(Exists(rows))


def answering(rows: QuerySet[Facility], text: str) -> QuerySet[Facility]:
    """Those of the facilities that answer a text themselves, or with something they have."""
    return rows.filter(named(text))


def synonyms() -> list[tuple[str, ...]]:
    """The rulebook's groups of words that mean the same."""
    return [group.words for group in current_rulebook().synonyms]


def _sorted(found: QuerySet[Facility], sort: str) -> QuerySet[Facility]:
    down = "-" if sort.startswith("-") else ""
    name = sort.removeprefix("-")
    column = {"updated": "updated_at", "tier": "rank"}.get(name, name)
    if name not in SORTS:
        return found.order_by("code")
    return found.order_by(f"{down}{column}", "code")


def tier_rank(column: str) -> Case:
    """The place of a tier in the rulebook, lowest first, for sorting."""
    whens = [When(**{column: t.id}, then=n) for n, t in enumerate(current_rulebook().tiers, 1)]
    return Case(*whens, default=0, output_field=IntegerField())


def governed_facilities(who: Actor) -> QuerySet[Facility]:
    """Every facility of the regions that an authority answers for, drafts too."""
    if not who.has("authority"):
        raise NotAllowed
    regions = [c for c in known_regions() if governs(who, c, writes=False)]
    found = Facility.objects.filter(region__in=regions).select_related("operator")
    return found.annotate(rank=tier_rank("tier")).order_by("code")


def operated_count(organisation: int) -> int:
    """How many published facilities an organisation operates."""
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED)
    return published.filter(operator=organisation).count()


def operators_in(region: str) -> set[int]:
    """The organisations that operate a published facility within a region, for machines."""
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED)
    inside = published.filter(region__startswith=significant(region), operator__isnull=False)
    return set(inside.values_list("operator", flat=True))


def own_facilities(who: Actor) -> QuerySet[Facility]:
    """The facilities of the actor's organisations."""
    if not who.has("operator"):
        raise NotAllowed
    return Facility.objects.filter(operator__in=who.organisations).order_by("code")


def my_facilities(who: Actor) -> QuerySet[Facility]:
    """The same with their operators and what their quality is counted from."""
    mine = own_facilities(who).select_related("operator")
    return with_everything(mine.annotate(rank=tier_rank("tier")))


def counts_by_region() -> dict[str, int]:
    """Published facilities by GB/T 2260 code; regions without one are not named."""
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED).order_by()
    return dict(published.values_list("region").annotate(n=Count("id")))


def counts_by_tier() -> dict[str, int]:
    """Published facilities by tier; without a tier under the empty text."""
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED).order_by()
    return dict(published.values_list("tier").annotate(n=Count("id")))


def counts_by_kind() -> dict[str, int]:
    """Published facilities, and their active resources by kind."""
    published = Facility.objects.filter(status=Facility.Status.PUBLISHED)
    active = Resource.objects.filter(status="active", facility__in=published).order_by()
    kinds = dict(active.values_list("kind").annotate(n=Count("id")))
    return {"facility": published.count()} | kinds


def certificates(who: Actor, code: str) -> QuerySet[Certificate]:
    """All certificates of a facility, ended ones too, for those who may change it."""
    owner = editable_facility(who, code)
    return (
        Certificate.objects.filter(facility=owner)
        .select_related("resource")
        .prefetch_related("papers")
    )


def claims(who: Actor, status: str = "") -> QuerySet[Claim]:
    """Claims this actor made for its organisations, or may answer as an authority."""
    found = Claim.objects.select_related("facility", "organisation")
    if not who.is_system:
        regions = [c for c in known_regions() if governs(who, c, writes=False)]
        found = found.filter(
            Q(organisation__in=who.organisations) | Q(facility__region__in=regions)
        )
    return found.filter(status=status) if status else found
