"""How entries read: every action has its words, every change shows what was and what is."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from pilotline.desks.journal import queries
from pilotline.desks.journal.forms import ACTIONS, changes, lines, title
from pilotline.desks.journal.models import Entry
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import SYSTEM, Actor
from tests.factories import NOW

DESKS = Path(__file__).resolve().parents[3] / "src" / "pilotline" / "desks"
CODE = re.compile(
    r"(?:rulebook|journal|people|registry|demand|matching|calls)\.[a-z]+(?:[_-][a-z]+)*"
)


def codes() -> set[str]:
    """Every action that a service names in full."""
    found = set()
    for file in [*DESKS.glob("*/services.py"), *DESKS.glob("*/services/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "action":
                value = node.value
                if isinstance(value, ast.Constant) and CODE.fullmatch(str(value.value)):
                    found.add(value.value)
    return found


def test_every_action_has_words():
    assert codes() - set(ACTIONS) == set()
    assert len(codes()) > 15


def test_an_action_nobody_named_shows_its_code():
    assert title("attic.sweep") == "attic.sweep"


def entry(before, after) -> Entry:
    return Entry(before=before, after=after, actor=1, actor_name="甲", action="t", at=NOW)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, {"name": "新"}, [("name", "", "新")]),
        ({"name": "旧"}, {"name": "新"}, [("name", "旧", "新")]),
        ({"name": "同"}, {"name": "同"}, []),
        ({"name": "旧"}, None, [("name", "旧", "")]),
        ({"operates": False}, {"operates": True}, [("runs facilities", "no", "yes")]),
        (None, {"scopes": ["read", "write"]}, [("scopes", "", "read, write")]),
        ({"answers": {"a": 1, "b": 2}}, {"answers": {"a": 1, "b": 3}}, [("answers › b", "2", "3")]),
        (None, {"x": None, "y": 0}, [("y", "", "0")]),
        (None, {"text": "长" * 300}, [("text", "", "长" * 200 + "…")]),
        (None, None, []),
    ],
)
def test_a_change_shows_what_was_and_what_is(before, after, shown):
    with translation.override("en"):
        found = [(one.title, one.before, one.after) for one in changes(entry(before, after))]
    assert found == shown


@pytest.mark.django_db
def test_history_reads_in_both_languages():
    who = Actor(id=7, name="张晓梅")
    for actor in (who, SYSTEM):
        record(
            who=actor,
            action="people.confirm_organisation",
            subject=("organisation", 3),
            before={"status": "pending"},
            after={"status": "confirmed"},
            now=NOW,
        )
    for language, words, system in (
        ("en", "Organisation confirmed", "the system"),
        ("zh-hans", "确认机构", "系统"),
    ):
        with translation.override(language):
            told = lines(queries.history(kind="organisation", id=3))
            assert [(str(line.text), line.by) for line in told] == [
                (words, "张晓梅"),
                (words, system),
            ]
            assert [len(line.changes) for line in told] == [1, 1]
    assert lines(queries.history(kind="organisation", id=3), detailed=False)[0].changes == ()
