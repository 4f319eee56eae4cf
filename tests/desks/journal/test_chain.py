"""The chain: whole after honest work, and every planted change is found."""

import threading
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from pilotline.desks.journal import queries, rules, services
from pilotline.desks.journal.models import ChainCheck, Entry, Link
from pilotline.kernel.actor import SYSTEM
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e30, 1e30) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def write(number: int = 1, **more) -> None:
    """Some entries, each in the chain at once."""
    for count in range(number):
        given = {"after": {"name": f"第{count}次", "amount": 1.5}} | more
        services.record(who=SYSTEM, action="t.change", subject=("thing", count), now=NOW, **given)
    chain()


def chain() -> None:
    """Fire the deferred triggers now, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def without_triggers():
    """What somebody with all rights over the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")


def test_honest_work_is_whole():
    write(5)
    assert list(queries.verify()) == []
    assert queries.chain_head() == (5, Link.objects.get(seq=5).digest)


def test_links_are_what_the_rules_compute():
    write(2)
    first, second = Link.objects.select_related("entry")
    assert first.previous == rules.GENESIS
    assert second.previous == first.digest
    assert second.digest == rules.link_digest(first.digest, second.entry_id, second.entry.body)


@given(values)
def test_whatever_a_change_holds_its_entry_is_whole(value):
    with transaction.atomic():
        write(1, after={"value": value})
        assert list(queries.verify()) == []
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor_name = 'x'",
        "DELETE FROM journal_entry",
        "UPDATE journal_link SET digest = ''",
        "DELETE FROM journal_link",
        "UPDATE journal_release SET content = '{}'",
        "DELETE FROM journal_release",
    ],
)
def test_the_database_refuses_to_change_what_was_written(rulebook, statement):
    chain()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


THIRD = "(SELECT entry_id FROM journal_link WHERE seq = 3)"
PLANTED = {
    "body": (
        f"UPDATE journal_entry SET body = replace(body, '第2次', '第9次') WHERE id = {THIRD}",
        2,
    ),
    "column": (f"UPDATE journal_entry SET actor_name = '别人' WHERE id = {THIRD}", 1),
    "json column": (
        f"""UPDATE journal_entry SET after = '{{"name": "x"}}' WHERE id = {THIRD}""",
        1,
    ),
    "time": (f"UPDATE journal_entry SET at = at + interval '1 day' WHERE id = {THIRD}", 1),
    "body and columns alike": (
        "UPDATE journal_entry SET actor_name = 'x', "
        f"""body = replace(body, '"actor_name":"system"', '"actor_name":"x"') WHERE id = {THIRD}""",
        1,
    ),
    "entry deleted": (f"DELETE FROM journal_entry WHERE id = {THIRD}", 2),
    "entry and link deleted": ("DELETE FROM journal_link WHERE seq = 3", 3),
    "links renumbered after a deletion": (
        "DELETE FROM journal_link WHERE seq = 3;"
        "UPDATE journal_link SET seq = seq - 1 WHERE seq > 3",
        2,
    ),
    "reordered": (
        "UPDATE journal_link SET seq = -seq WHERE seq IN (2, 3);"
        "UPDATE journal_link SET seq = 5 + seq WHERE seq < 0",
        3,
    ),
    "forged digest": ("UPDATE journal_link SET digest = repeat('a', 64) WHERE seq = 3", 2),
    "forged previous": ("UPDATE journal_link SET previous = repeat('a', 64) WHERE seq = 3", 2),
    "written past the chain": (
        "INSERT INTO journal_entry (at, actor_name, action, subject_kind, subject_id, body) "
        "VALUES (now(), 'x', 'x', 'x', '1', '{}')",
        1,
    ),
    "not even a body": (f"UPDATE journal_entry SET body = 'gone' WHERE id = {THIRD}", 2),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_every_planted_change_is_found(planted):
    write(5)
    statement, faults = PLANTED[planted]
    with without_triggers() as cursor:
        cursor.execute(statement)
    found = list(queries.verify())
    assert len(found) == faults, found


def test_a_cut_tail_is_found_by_the_head_noted_before():
    write(5)
    noted = queries.chain_head()
    with without_triggers() as cursor:
        cursor.execute(
            "DELETE FROM journal_link WHERE seq > 3;"
            "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_link)"
        )
    assert list(queries.verify()) == []
    assert len(list(queries.verify(noted=noted))) == 1


def test_a_chain_that_was_forged_from_the_middle_is_found_by_the_head_noted_before():
    write(5)
    noted = queries.chain_head()
    with without_triggers() as cursor:
        cursor.execute(f"UPDATE journal_entry SET body = body || ' ' WHERE id = {THIRD}")
        previous = rules.GENESIS
        for link in Link.objects.select_related("entry"):
            digest = rules.link_digest(previous, link.entry_id, link.entry.body)
            cursor.execute(
                "UPDATE journal_link SET previous = %s, digest = %s WHERE seq = %s",
                [previous, digest, link.seq],
            )
            previous = digest
    assert list(queries.verify()) == []
    assert len(list(queries.verify(noted=noted))) == 1


def test_a_changed_rulebook_is_found(rulebook):
    chain()
    with without_triggers() as cursor:
        cursor.execute("UPDATE journal_release SET content = content || '{\"x\": 1}'")
    assert len(list(queries.verify())) == 1


def test_each_walk_holds_the_chain_to_what_the_last_whole_one_found():
    write(3)
    assert services.check_chain(now=NOW).faults == []
    with without_triggers() as cursor:
        cursor.execute("DELETE FROM journal_link WHERE seq = 3")
        cursor.execute(
            "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_link)"
        )
    for _ in range(2):
        check = services.check_chain(now=NOW)
        assert (check.length, len(check.faults)) == (2, 1)
    assert queries.last_check() == check
    assert ChainCheck.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_chain_without_deadlock():
    troubles: list[Exception] = []
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            barrier.wait(10)
            for count in range(10):
                with transaction.atomic():
                    for kind in ("a", "b"):
                        services.record(
                            who=SYSTEM, action="t", subject=(kind, f"{number}-{count}"), now=NOW
                        )
        except Exception as error:
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    assert Entry.objects.count() == Link.objects.count() == 160
    assert list(queries.verify()) == []


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_left_no_link():
    write(1)
    with transaction.atomic():
        services.record(who=SYSTEM, action="t", subject=("a", 1), now=NOW)
        transaction.set_rollback(True)
    write(1)
    assert Link.objects.count() == 2
    assert list(queries.verify()) == []


def test_who_reads_the_book(rulebook):
    province, city = factories.actor("authority"), factories.actor("authority", region="370100")
    entries = queries.entries(who=province, text="people.register")
    assert {entry.action for entry in entries} == {"people.register"}
    assert queries.entry(who=province, id=entries[0].pk) == entries[0]
    for who in (city, factories.actor("sysop"), factories.actor("applicant")):
        with pytest.raises(queries.NotAllowed):
            queries.entries(who=who)


def test_entries_name_the_release_under_which_they_were_made(rulebook):
    write(1)
    assert Entry.objects.order_by("-id")[0].release == 1


def test_the_kinds_of_changes_are_each_told_once():
    assert queries.actions() == []
    for action in ("b.two", "a.one", "b.two", "c", "a.one", "b.two-more"):
        services.record(who=SYSTEM, action=action, subject=("a", 1), now=NOW)
    assert queries.actions() == ["a.one", "b.two", "b.two-more", "c"]
