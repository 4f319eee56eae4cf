"""What an expert sees: their own assignments and nothing else."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from pilotline.desks.review.models import Assignment, Panel
from pilotline.desks.review.queries.panels import rubric_of
from pilotline.desks.review.rules.marks import SEEN
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound


def my_assignments(*, who: Actor) -> QuerySet[Assignment]:
    """What this expert is asked to mark or has marked; what they gave back is theirs no more.

    What still waits comes first, the nearest end in front; then what was handed in, newest first.
    """
    if not who.has("expert"):
        raise NotAllowed
    found = Assignment.objects.filter(expert__user_id=who.id, state__in=SEEN).select_related(
        "item__panel", "item__organisation", "expert", "sheet"
    )
    return found.order_by(F("closed_at").desc(nulls_first=True), Coalesce("due", "answer_by"), "id")


def my_assignment(*, who: Actor, id: int) -> Assignment:
    """One of this expert's own assignments. Raises NotFound for anybody else's."""
    found = my_assignments(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def shown_item(assignment: Assignment) -> dict[str, Any]:
    """What an expert may read of the item. Before they have accepted: what it takes to see a
    conflict. The applicant is named unless the rubric is blind."""
    item, accepted = assignment.item, assignment.state in ("accepted", "submitted")
    blind = rubric_of(item.panel).blind
    return {
        "number": item.number,
        "title": item.title,
        "fields": item.fields,
        "summary": item.summary,
        "applicant": "" if blind or not item.organisation else item.organisation.name,
        "people": [] if blind else item.people,
        "blind": blind,
        "material": item.material if accepted else [],
    }


def is_marking(assignment: Assignment) -> bool:
    """True while marks can be entered."""
    return (
        assignment.state == Assignment.State.ACCEPTED
        and assignment.item.panel.state == Panel.State.MARKING
    )
