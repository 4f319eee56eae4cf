"""How entries read to people: what was done, by whom, and what it changed from what to what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from django.utils.translation import get_language
from django.utils.translation import gettext as say

from pilotline.desks.journal.models import Entry
from pilotline.desks.journal.queries import current_rulebook, release_remembered
from pilotline.desks.journal.rules.wording import ACTIONS, FIELDS, SUBJECTS
from pilotline.rulebook.form import FormField

# The words of codes: by desk and field, then by code.
Coded: TypeAlias = Mapping[tuple[str, str], Mapping[str, Any]]

LONGEST = 200
DEEPEST = 3
ANSWERS = "answers."


@dataclass(frozen=True, slots=True)
class Changed:
    """One value: what it was and what it is; an empty text where there is none."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it. `mark` is its number in the chain."""

    at: datetime
    text: Any
    by: str
    changes: tuple[Changed, ...]
    mark: int | None


def name_actions(words: Mapping[str, Any], *, subjects: Mapping[str, Any] | None = None) -> None:
    """Words for the actions of a desk above and for what they are done to, given at the start."""
    ACTIONS.update(words)
    SUBJECTS.update(subjects or {})


def name_codes(words: Callable[[], Coded]) -> None:
    """Who has words for states and the like; asked when the first of them is shown."""
    _sources.append(words)
    _coded.cache_clear()


_sources: list[Callable[[], Coded]] = []


@cache
def _coded() -> Coded:
    return {key: words for source in _sources for key, words in source().items()}


def title(action: str) -> Any:
    """What was done, in the reader's language; the code of an action that nobody named."""
    return ACTIONS.get(action, action)


def by(entry: Entry) -> str:
    """Who did it; the machine itself in the reader's language."""
    return say("the system") if entry.actor is None else entry.actor_name


def lines(entries: Iterable[Entry], *, detailed: bool = True) -> list[Line]:
    """Entries for the shared history fragment. `detailed=False` leaves out what changed."""
    return [
        Line(
            at=entry.at,
            text=title(entry.action),
            by=by(entry),
            changes=tuple(changes(entry)) if detailed else (),
            mark=entry.link.seq if hasattr(entry, "link") else None,
        )
        for entry in entries
    ]


def changes(entry: Entry) -> list[Changed]:
    """Every value that differs between before and after, in the order of after."""
    before, after = _flat(entry.before or {}), _flat(entry.after or {})
    desk = entry.action.partition(".")[0]
    with release_remembered():
        return [
            _changed(desk, key, was, now)
            for key in dict.fromkeys([*after, *before])
            if (was := before.get(key, "")) != (now := after.get(key, ""))
        ]


def _changed(desk: str, key: str, was: str, now: str) -> Changed:
    asked = _question(key)
    words = _options(asked) if asked else _coded().get((desk, key.rpartition(".")[2]), {})
    return Changed(_name(key, asked), _decoded(was, words), _decoded(now, words))


def _question(way: str) -> FormField | None:
    """The question of a form that stands behind an answer."""
    if not way.startswith(ANSWERS):
        return None
    wanted = way.removeprefix(ANSWERS)
    found = (form.field(wanted) for form in current_rulebook().forms)
    return next((asked for asked in found if asked), None)


def _options(asked: FormField) -> Mapping[str, Any]:
    return {option.id: option.title.say(get_language() or "") for option in asked.options}


def _decoded(text: str, words: Mapping[str, Any]) -> str:
    """A code, or several with commas between, in words; what has none stays as it is."""
    between = say(", ")
    return between.join(str(words.get(one, one)) for one in text.split(between)) if words else text


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Nested values with their way as the key: `answers.budget`."""
    found: dict[str, str] = {}
    for key, value in values.items():
        way = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and way.count(".") < DEEPEST:
            found |= _flat(value, way)
        else:
            found[way] = _words(value)
    return found


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return say(", ").join(_words(one) for one in value)[:LONGEST]
    if isinstance(value, Mapping):
        pairs = (say("%s: %s") % (_name(str(k)), _words(v)) for k, v in value.items())
        return say("; ").join(pairs)[:LONGEST]
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _name(way: str, asked: FormField | None = None) -> str:
    if asked:
        return asked.title.say(get_language() or "")
    return " › ".join(str(FIELDS.get(part, part)) for part in way.split("."))
