"""The inbox: in the right order from one index, and counted no further than it has to be."""

from datetime import date
from typing import Any

import pytest

from pilotline.desks.review import services
from pilotline.desks.review.models import StepRun
from pilotline.desks.review.queries import inbox as inboxes
from pilotline.kernel.actor import SYSTEM
from tests.factories import CITY, NOW, actor
from tests.factories_review import open_run, pass_all, proceeding

pytestmark = pytest.mark.usefixtures("rulebook")
GREEN = ({"rule": "key_project"},)


def test_the_green_lane_comes_first_then_what_is_due_and_at_last_what_has_no_day() -> None:
    plain, green = proceeding(1), proceeding(2, green_reasons=GREEN)
    first, *rest = StepRun.objects.filter(proceeding=plain, state="open").order_by("-id")
    StepRun.objects.filter(pk=first.pk).update(due=date(2026, 11, 1))
    StepRun.objects.filter(pk=rest[0].pk).update(due=None)
    rows = list(inboxes.inbox(who=actor("authority", region=CITY), today=NOW.date()))
    count = len(rest) + 1
    assert [row.proceeding_id for row in rows] == [green.pk] * count + [plain.pk] * count
    assert rows[count].pk == first.pk
    assert rows[-1].pk == rest[0].pk
    for part in (rows[:count], rows[count:-1]):
        assert part == sorted(part, key=lambda row: (row.due, row.pk))


def test_every_step_keeps_the_lane_of_its_proceeding() -> None:
    green = proceeding(1, green_reasons=GREEN)
    pass_all(green)
    proceeding(2)
    for run in StepRun.objects.select_related("proceeding"):
        assert run.green is run.proceeding.green
    assert open_run(green, act="decision").green


def test_a_tab_is_counted_no_further_than_to_one_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    made = proceeding()
    who, today = actor("authority", region=CITY), NOW.date()
    services.take_step(who=who, run=open_run(made).pk, now=NOW)
    assert inboxes.inbox_counts(who=who, today=today) == {
        "all": 8, "mine": 1, "due": 0, "late": 0, "green": 0, "waiting": 0
    }  # fmt: skip
    monkeypatch.setattr(inboxes, "MOST_COUNTED", 2)
    counts = inboxes.inbox_counts(who=who, today=today)
    assert (counts["all"], counts["mine"]) == (3, 1)
    nobody: dict[str, Any] = inboxes.inbox_counts(who=actor("known"), today=today)
    assert set(nobody.values()) == {0}
    assert inboxes.inbox_counts(who=SYSTEM, today=today)["all"] == 0
