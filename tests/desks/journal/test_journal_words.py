"""How entries read: every action has its words, every change shows what was and what is."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from pilotline.desks.journal import queries
from pilotline.desks.journal.forms import changes, lines, title
from pilotline.desks.journal.models import Entry
from pilotline.desks.journal.rules.wording import ACTIONS, SUBJECTS
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.web.shared.bookings import STATES
from tests.factories import NOW

DESKS = Path(__file__).resolve().parents[3] / "src" / "pilotline" / "desks"
CODE = re.compile(r"[a-z]+\.[a-z]+(?:[_-][a-z]+)*")
# Actions whose last part is a state or a choice, not a word in the source.
CHOSEN = {
    "review.urge", "review.supervise",
    *(f"review.assignment_{state}" for state in ("declined", "conflict", "replaced", "late")),
    "review.assignment_reminded",
    *(f"settlement.{state}-order" for state in ("withdrawn", "completed")),
    *(f"settlement.dispute-{kind}" for kind in ("opening", "statement", "mediation")),
    *(f"settlement.dispute-{kind}" for kind in ("settlement", "withdrawal")),
    *(f"booking.quotation-{move}" for move in ("accept", "decline", "withdraw")),
}  # fmt: skip


def codes() -> set[str]:
    """Every action that a service names in full, or by the last part of it."""
    found = set(CHOSEN)
    for desk in DESKS.iterdir():
        files = [*desk.glob("services.py"), *desk.glob("services/*.py")]
        trees = [ast.parse(file.read_text()) for file in files]
        nodes = [node for tree in trees for node in ast.walk(tree)]
        makers = {made for tree in trees for made in makers_of(tree)}
        for node in nodes:
            found |= {word for word in named(node) if CODE.fullmatch(word)}
        for tree in trees:
            own = makers_of(tree)
            for made in own | {m for m in makers if not m[0].startswith("_")}:
                name, place, word, prefix = made
                found |= {prefix + verb for verb in said(tree, name, place, word)}
    return found


def named(node: ast.AST) -> set[str]:
    """The texts that a call of some `record` is given, or `action` anywhere."""
    if not isinstance(node, ast.Call):
        return set()
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    given = [k.value for k in node.keywords if k.arg == "action"]
    given += node.args if "record" in called else []
    return {v.value for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str)}


def makers_of(tree: ast.Module) -> set[tuple[str, int, str, str]]:
    return {made for function in tree.body if (made := maker(function))}


def maker(function: ast.stmt) -> tuple[str, int, str, str] | None:
    """A function that records `desk.{verb}`: its name, the place and name of its argument for
    the verb, and what stands before the verb."""
    if not isinstance(function, ast.FunctionDef):
        return None
    names = [argument.arg for argument in function.args.args]
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "action":
            match node.value:
                case ast.JoinedStr(
                    values=[ast.Constant(value=str(prefix)), ast.FormattedValue(ast.Name(word))]
                ) if word in names:
                    return function.name, names.index(word), word, prefix
    return None


def said(tree: ast.AST, name: str, place: int, word: str) -> set[str]:
    """The verbs with which a function is called."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            given = [k.value for k in node.keywords if k.arg == word] + node.args[place : place + 1]
            for one in given:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    found.add(one.value)
    return found


def test_every_action_has_words():
    assert codes() - set(ACTIONS) == set()
    assert {"review.commit_draw", "approvals.start", "booking.give-licence"} <= codes()
    assert {"settlement.issue-bill", "calls.make-list", "review.assignment_offer"} <= codes()


def test_every_subject_has_words():
    """What a service names as the thing that it did something to."""
    named = set()
    for file in [*DESKS.glob("*/services.py"), *DESKS.glob("*/services/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "subject":
                parts = getattr(node.value, "elts", [])
                if parts and isinstance(parts[0], ast.Constant):
                    named.add(parts[0].value)
    assert named - set(SUBJECTS) == set()


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
def test_a_change_shows_what_was_and_what_is(rulebook, before, after, shown):
    with translation.override("en"):
        found = [(one.title, one.before, one.after) for one in changes(entry(before, after))]
    assert found == shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_states_and_answers_are_told_in_words(rulebook, language):
    asked = next(f for form in rulebook.forms for f in form.fields if f.options)
    chosen = asked.options[0]
    answered = entry(None, {"answers": {asked.id: [chosen.id, "else"]}})
    ran_out = entry({"state": "held"}, {"state": "expired"})
    ran_out.action = "booking.expire"
    with translation.override(language):
        (answer,), (state,) = changes(answered), changes(ran_out)
        between = ", " if language == "en" else "、"
        assert answer.title == asked.title.say(language)
        assert answer.after == between.join([chosen.title.say(language), "else"])
        assert (state.before, state.after) == (str(STATES["held"]), str(STATES["expired"]))
        assert "held" not in state.before or language == "en"


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
