"""Makes experts, panels and marks, through the services of real use."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import services
from pilotline.desks.review.forms import Item
from pilotline.desks.review.models import Assignment, Expert, Panel
from pilotline.kernel.actor import SYSTEM, Actor
from tests import factories
from tests.factories import NOW, PROVINCE

SINCE = date(2015, 9, 1)
MARKS = {"need": 8, "technology": 7, "conditions": 8, "safety": 9, "benefit": 6}
COMMENTS = {"technology": "放大依据充分"}
_numbers = count(1)


def profile(**given: Any) -> dict[str, Any]:
    """A whole profile of somebody who knows of catalysts."""
    return {
        "name": f"李专家{next(_numbers)}",
        "title": "教授",
        "region": "370100",
        "fields": ["advanced_chemicals"],
        "keywords": ["催化剂", "加氢", "微反应器"],
        "languages": ["zh"],
        "about": "",
    } | given


def expert(*, user: User | None = None, employer: str = "", **given: Any) -> Expert:
    """An expert of the pool, with an account and an employer of their own."""
    who = user or factories.user()
    made = services.apply_as_expert(
        who=actor_for(who),
        profile=profile(**given),
        employer={"name": employer or f"齐鲁大学{next(_numbers)}", "since": SINCE},
        now=NOW,
    )
    return services.accept_expert(who=SYSTEM, expert=made.pk, now=NOW)


def actor_of(expert: Expert) -> Actor:
    """The expert as an actor, with the roles they have now."""
    assert expert.user_id is not None
    return actor_for(User.objects.get(pk=expert.user_id))


def item(number: int = 1, **given: Any) -> Item:
    """Something about catalysts to be marked."""
    values = {
        "subject": ("test", number),
        "title": f"加氢催化剂在微反应器中的放大验证{number}",
        "number": f"T-{number}",
        "summary": "百公斤级连续加氢",
        "fields": ["advanced_chemicals"],
        "material": [{"title": {"zh": "方案", "en": "Plan"}, "text": "保密的方案正文"}],
    }
    return Item(**values | given)


def panel(*items: Item, **given: Any) -> Panel:
    """A panel of the province with the items, or with one."""
    values = {
        "who": SYSTEM,
        "title": "中试项目评审",
        "region": PROVINCE,
        "rubric": "pilot_project",
        "rule": "usual",
        "items": items or (item(),),
        "now": NOW,
    }
    return services.open_panel(**values | given)


def asked(panel: Panel, *, now: datetime = NOW) -> list[Assignment]:
    """Propose and confirm: the assignments that are offered."""
    services.propose(who=SYSTEM, panel=panel.pk, now=now)
    services.confirm(who=SYSTEM, panel=panel.pk, now=now)
    return offered(panel)


def offered(panel: Panel) -> list[Assignment]:
    found = Assignment.objects.select_related("expert", "item").filter(item__panel=panel)
    return list(found.filter(state="offered").order_by("pk"))


def accept(assignment: Assignment, *, now: datetime = NOW) -> Assignment:
    return services.answer(
        who=actor_of(assignment.expert),
        assignment=assignment.pk,
        answer="accepted",
        declares=True,
        now=now,
    )


def mark(assignment: Assignment, *, now: datetime = NOW, **marks: Any) -> Any:
    """Accept when needed, and submit a whole sheet."""
    assignment.refresh_from_db()
    if assignment.state == "offered":
        accept(assignment, now=now)
    return services.submit_sheet(
        who=actor_of(assignment.expert),
        assignment=assignment.pk,
        marks=MARKS | marks,
        comments=COMMENTS,
        now=now,
    )


def days(number: int) -> datetime:
    """So many days after NOW."""
    return NOW + timedelta(days=number)
