"""The outbox: every handler once, failures tried again with growing waits, then stuck and seen."""

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction

from pilotline.desks.journal import events, queries, services
from pilotline.desks.journal.models import Delivery, Entry, Happening
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import NotAllowed
from pilotline.kernel.event import Event
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class KettleBoiled(Event):
    """Only for these tests."""

    litres: int


class Desk:
    """Handlers of KettleBoiled that write down what they were told and fail when told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.broken = False

    def pour(self, event, now) -> None:
        Happening.objects.create(name="Poured", payload={}, at=now)
        if self.broken:
            raise ValueError("no cup")
        self.heard.append(("pour", event.litres))

    def tell(self, event, now) -> None:
        self.heard.append(("tell", event.litres))


@pytest.fixture
def desk(monkeypatch):
    made = Desk()
    handlers = {"kitchen.pour": made.pour, "kitchen.tell": made.tell}
    monkeypatch.setitem(events.HANDLERS, "KettleBoiled", handlers)
    return made


def boil(capture) -> None:
    with capture(execute=True), transaction.atomic():
        services.emit(KettleBoiled(litres=2), now=NOW)


def statuses() -> dict[str, tuple[str, int]]:
    return {d.handler: (d.status, d.attempts) for d in Delivery.objects.all()}


def test_news_reaches_every_handler_after_the_commit(desk, django_capture_on_commit_callbacks):
    boil(django_capture_on_commit_callbacks)
    assert desk.heard == [("pour", 2), ("tell", 2)]
    assert statuses() == {"kitchen.pour": ("done", 1), "kitchen.tell": ("done", 1)}
    assert services.deliver_due(now=NOW + timedelta(days=1)) == 0


def test_late_news_is_told_with_the_time_at_which_it_happened(monkeypatch):
    late, found = NOW + timedelta(days=9), []
    heard = {"kitchen.note": lambda _event, now: found.append((now, events.happened_at(now)))}
    monkeypatch.setitem(events.HANDLERS, "KettleBoiled", heard)
    services.emit(KettleBoiled(litres=2), now=NOW)
    services.deliver_due(now=late)
    assert found == [(late, NOW)]
    assert events.happened_at(late) == late


def test_one_that_fails_loses_its_own_work_only(desk, django_capture_on_commit_callbacks):
    desk.broken = True
    boil(django_capture_on_commit_callbacks)
    assert desk.heard == [("tell", 2)]
    assert not Happening.objects.filter(name="Poured").exists()
    assert statuses() == {"kitchen.pour": ("waiting", 1), "kitchen.tell": ("done", 1)}
    assert Delivery.objects.get(handler="kitchen.pour").error == "ValueError: no cup"


def test_waits_grow_until_it_is_stuck(desk):
    desk.broken = True
    services.emit(KettleBoiled(litres=2), now=NOW)
    now, waits = NOW, []
    for _ in range(services.MAX_ATTEMPTS):
        services.deliver_due(now=now)
        row = Delivery.objects.get(handler="kitchen.pour")
        waits.append((row.due - now) // services.FIRST_WAIT)
        now = row.due
        if row.status == "waiting":
            assert services.deliver_due(now=now - timedelta(seconds=1)) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert statuses()["kitchen.pour"] == ("stuck", services.MAX_ATTEMPTS)
    # What is left to deliver is the news of it, for the operator of the system.
    assert queries.outbox_counts() == {"waiting": 1, "stuck": 1}
    assert services.deliver_due(now=now + timedelta(days=9)) == 1
    assert services.deliver_due(now=now + timedelta(days=9)) == 0
    assert queries.outbox_counts() == {"waiting": 0, "stuck": 1}


@pytest.fixture
def stuck(desk):
    """A delivery that is stuck although its desk is well again."""
    services.emit(KettleBoiled(litres=2), now=NOW)
    services.deliver(Delivery.objects.get(handler="kitchen.tell").pk, now=NOW)
    Delivery.objects.filter(handler="kitchen.pour").update(status="stuck", attempts=8, error="x")
    return Delivery.objects.get(handler="kitchen.pour")


def test_what_is_stuck_is_tried_again_at_will(
    rulebook, desk, stuck, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            services.retry_delivery(who=factories.actor("sysop"), pk=stuck.pk, now=NOW)
    assert statuses()["kitchen.pour"] == ("done", 1)
    assert Entry.objects.filter(action="journal.retry").count() == 1


def test_all_that_is_stuck_goes_back_in_line(rulebook, desk, stuck):
    who = factories.actor("authority")
    services.deliver_due(now=NOW)  # the news of their role
    assert services.retry_all(who=who, now=NOW) == 1
    assert services.retry_all(who=who, now=NOW) == 0
    assert services.deliver_due(now=NOW) == 1
    assert desk.heard == [("tell", 2), ("pour", 2)]


def test_only_those_who_keep_it_running_see_and_retry(rulebook, stuck):
    for who in (factories.actor("sysop"), factories.actor("authority")):
        assert [found.pk for found in queries.deliveries(who=who, status="stuck")] == [stuck.pk]
    for who in (factories.actor("authority", region="370100"), factories.actor("operator")):
        with pytest.raises(NotAllowed):
            queries.deliveries(who=who)
        with pytest.raises(NotAllowed):
            services.retry_delivery(who=who, pk=stuck.pk, now=NOW)
        with pytest.raises(NotAllowed):
            services.ask_for_check(who=who, now=NOW)


@pytest.mark.parametrize("gone", ["handler", "event"])
def test_what_nobody_answers_any_more_is_kept_and_said(desk, monkeypatch, gone):
    services.emit(KettleBoiled(litres=2), now=NOW)
    if gone == "handler":
        monkeypatch.setitem(events.HANDLERS, "KettleBoiled", {})
    else:
        monkeypatch.delitem(Event.registry, "KettleBoiled")
    services.deliver_due(now=NOW)
    assert statuses() == {"kitchen.pour": ("waiting", 1), "kitchen.tell": ("waiting", 1)}
    assert Delivery.objects.first().error.startswith("NotFound: ")


def test_a_load_leaves_its_news_to_the_worker(desk, django_capture_on_commit_callbacks):
    with services.in_bulk():
        boil(django_capture_on_commit_callbacks)
    assert desk.heard == []
    assert services.deliver_due(now=NOW) == 2


def test_a_load_writes_entries_and_news_at_its_end_in_order(desk):
    with services.in_bulk():
        for litres in range(3):
            services.emit(KettleBoiled(litres=litres), now=NOW)
            services.record(who=SYSTEM, action="t.boil", subject=("kettle", litres), now=NOW)
        assert not Happening.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    chained = Entry.objects.order_by("link__seq").values_list("subject_id", flat=True)
    assert list(chained) == ["0", "1", "2"]
    assert list(queries.verify()) == []
    assert [row.payload["litres"] for row in Happening.objects.all()] == [0, 1, 2]
    assert statuses() == {"kitchen.pour": ("waiting", 0), "kitchen.tell": ("waiting", 0)}
    services.deliver_due(now=NOW)
    assert sorted(desk.heard) == [(name, n) for name in ("pour", "tell") for n in range(3)]


def test_a_load_that_fails_writes_nothing(desk):
    def load() -> None:
        with services.in_bulk():
            services.emit(KettleBoiled(litres=1), now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        load()
    services.emit(KettleBoiled(litres=2), now=NOW)
    assert [row.payload["litres"] for row in Happening.objects.all()] == [2]


def test_handlers_are_named_after_their_desk(monkeypatch):
    monkeypatch.setattr(events, "HANDLERS", {})

    @events.on(KettleBoiled)
    def listen(event, now):
        """Listens."""

    assert {"KettleBoiled": {f"{__name__}.listen": listen}} == events.HANDLERS


@pytest.mark.django_db(transaction=True)
def test_two_who_deliver_at_once_deliver_once(desk):
    with services.in_bulk():
        services.emit(KettleBoiled(litres=2), now=NOW)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait(10)
        services.deliver_due(now=NOW)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(desk.heard) == [("pour", 2), ("tell", 2)]


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_even_when_eight_draw_and_some_give_back():
    drawn, barrier = [], threading.Barrier(8)

    def work(number: int) -> None:
        barrier.wait(10)
        for count in range(5):
            with transaction.atomic():
                told = services.draw_number(series="XQ", year=2026)
                if (number + count) % 3 == 0:
                    transaction.set_rollback(True)
                else:
                    drawn.append(told)
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(drawn) == [f"XQ-2026-{n:06d}" for n in range(1, len(drawn) + 1)]


def test_asking_for_a_check_twice_asks_once(rulebook):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    for _ in range(2):
        services.ask_for_check(who=factories.actor("sysop"), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        jobs = cursor.fetchall()
    assert [name for name, _ in jobs] == [services.CHECK_TASK]


def test_the_rulebook_is_published_once_and_by_few(rulebook):
    content = factories.rulebook_content()
    with pytest.raises(NotAllowed):
        services.publish_release(who=factories.actor("authority"), content=content, now=NOW)
    with pytest.raises(services.Refused):
        services.publish_release(who=SYSTEM, content=content, now=NOW)
    assert queries.current_release()[0] == 1
    assert queries.rulebook_of(1) == queries.current_rulebook()
