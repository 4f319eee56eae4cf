"""Proceedings and their steps, fetched by those who may see them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from pilotline.desks.review.models import Proceeding, StepRun, Urge
from pilotline.desks.review.queries.seats import shut
from pilotline.desks.review.rules.proceedings import may_act, may_answer, may_see
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, NotFound


def proceeding(*, who: Actor, id: int) -> Proceeding:
    """One proceeding, for its parties and their authorities. Raises NotFound for all others."""
    found = (
        Proceeding.objects.select_related("organisation", "operator", "case").filter(pk=id).first()
    )
    if found is None or not may_see(who, found):
        raise NotFound
    return found


def run(*, who: Actor, id: int) -> StepRun:
    """One step's course, for those who may see its proceeding."""
    found = StepRun.objects.select_related("proceeding__organisation").filter(pk=id).first()
    if found is None or not may_see(who, found.proceeding):
        raise NotFound
    return found


def runs(proceeding: Proceeding) -> list[StepRun]:
    """All runs in the order in which they opened, each with its urges.

    The caller has fetched the proceeding through `proceeding`.
    """
    urges = Prefetch("urges", queryset=Urge.objects.order_by("id"))
    found = StepRun.objects.filter(proceeding=proceeding).prefetch_related(urges).order_by("id")
    return list(found)


def of_subject(*, who: Actor, kind: str, subject: int) -> Proceeding | None:
    """The newest proceeding of a subject, when the actor may see it."""
    found = (
        Proceeding.objects.select_related("organisation", "operator", "case")
        .filter(subject_kind=kind, subject=subject)
        .order_by("-id")
        .first()
    )
    return found if found is not None and may_see(who, found) else None


def of_subjects(*, kind: str, subjects: list[int]) -> dict[int, Proceeding]:
    """The newest proceeding of each subject, for lists whose rows the caller may see."""
    rows = Proceeding.objects.filter(subject_kind=kind, subject__in=subjects).order_by("id")
    return {row.subject: row for row in rows}


def open_steps(*, subject_kind: str, subjects: Iterable[int], act: str) -> list[StepRun]:
    """The open steps of this act, of subjects that the caller may see, oldest first."""
    rows = StepRun.objects.select_related("proceeding").filter(
        proceeding__subject_kind=subject_kind,
        proceeding__subject__in=list(subjects),
        proceeding__state="open",
        act=act,
        state="open",
    )
    return list(rows.order_by("id"))


def proceedings(*, who: Actor, kind: str = "") -> QuerySet[Proceeding]:
    """Proceedings that the actor may see: own ones, or those of the regions of an authority."""
    rows = Proceeding.objects.select_related("organisation", "case").order_by("-id")
    if kind:
        rows = rows.filter(subject_kind=kind)
    return rows if who.is_system else rows.filter(_seen(who))


def _seen(who: Actor, path: str = "") -> Q:
    seen = Q(**{f"{path}organisation_id__in": who.organisations})
    if who.has("operator"):
        seen |= Q(**{f"{path}operator_id__in": who.organisations})
    if who.has("authority"):
        seen |= in_regions(who, f"{path}region")
    return seen


def in_regions(who: Actor, field: str) -> Q:
    """Rows of the regions an authority answers for. Raises NotAllowed for everybody else."""
    if not who.has("authority"):
        raise NotAllowed
    wanted = Q(pk__in=[])
    for region in who.regions:
        wanted |= Q(**{f"{field}__startswith": significant(region)})
    return wanted


def abilities(*, who: Actor, proceeding: Proceeding, runs: list[StepRun]) -> dict[str, Any]:
    """What this actor may do now: the ids of runs to finish (`act`) and to speak of (`say`), and
    whether to answer or leave."""
    is_open, kept = proceeding.state == "open", shut(who, runs)
    mine = [r for r in runs if is_open and may_act(who, r) and r.pk not in kept]
    return {
        "act": [r.pk for r in mine if r.state == "open"],
        "say": [r.pk for r in mine],
        "answer": is_open and may_answer(who, proceeding) and not who.is_system,
    }
