"""Every public service that changes something leaves an entry in the journal.

Read from the source: a service reaches `record`, itself or through the functions of its desk's
services that it calls. What is left out stands here with its reason.
"""

import ast
from pathlib import Path

import pytest

DESKS = Path(__file__).resolve().parents[2] / "src" / "pilotline" / "desks"

UNRECORDED = {
    "journal.record": "is the journal itself",
    "journal.draw_number": "a number belongs to the change that draws it",
    "journal.emit": "news belongs to the change that it tells of",
    "journal.in_bulk": "writes what others recorded",
    "journal.deliver_happening": "delivers; what handlers change they record",
    "journal.deliver_due": "delivers; what handlers change they record",
    "journal.deliver": "delivers; what handlers change they record",
    "journal.ask_for_check": "only asks the worker to read",
    "journal.check_chain": "what it finds is kept beside the book that it checks",
    "people.enter_lanes": "tries to log in are counted, not kept",
    "people.leave_lanes": "tries to log in are counted, not kept",
    "people.sweep": "forgets what has ended",
    "people.admit_token": "reads; it only notes the time of use",
    "registry.plan_import": "a dry run: keeps a file to look at, changes no facility",
    "registry.forget_old_imports": "forgets dry runs that nobody confirmed",
    "registry.content_digest": "reads",
    "registry.keep_content": "a file belongs to the row that names it",
    "registry.turn_certificates": "a reading of the calendar, not a decision",
    "matching.close_gap": "a gap is worked out, and opens and closes with the facts it rests on",
    "matching.current_shortlist": "reads",
    "matching.has_fresh_shortlist": "reads",
    "booking.note_reading": "when a link was last read is kept for its owner only",
    "review.renew_clocks": "clocks follow the calendar, which was recorded when it was published",
    "review.check_draw": "reads",
    "review.standings_now": "reads",
    "review.standing": "reads",
    "review.ways": "reads",
    "review.picture": "reads",
    "review.bpmn_of": "reads",
    "approvals.held_against": "reads",
    "notices.tell": "a notice tells of a change that was recorded",
    "notices.mark_read": "one's own reading",
    "notices.send_mails": "a mail tells of a change that was recorded",
}


def functions(desk: Path) -> dict[str, set[str]]:
    """Each function of a desk's services with the names it calls."""
    place = desk / "services"
    files = sorted(place.glob("*.py")) if place.is_dir() else [desk / "services.py"]
    found: dict[str, set[str]] = {}
    for file in files:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).update(_called(node))
    return found


def _called(function: ast.FunctionDef) -> set[str]:
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    return names - {function.name}


def records(name: str, calls: dict[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    if name in seen:
        return False
    called = calls.get(name, set())
    return "record" in called or any(
        records(other, calls, seen | {name}) for other in called if other in calls
    )


SERVED = [desk for desk in sorted(DESKS.iterdir()) if list(desk.glob("services*"))]


def offered(desk: Path, calls: dict[str, set[str]]) -> set[str]:
    """The functions that other rooms may call."""
    front = desk / "services" / "__init__.py"
    if not front.exists():
        return {name for name in calls if not name.startswith("_")}
    imports = [n for n in ast.parse(front.read_text()).body if isinstance(n, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names} & set(calls)


def unrecorded(desk: Path) -> set[str]:
    calls = functions(desk)
    return {f"{desk.name}.{n}" for n in offered(desk, calls) if not records(n, calls)}


@pytest.mark.parametrize("desk", SERVED, ids=lambda desk: desk.name)
def test_every_service_leaves_an_entry(desk):
    assert unrecorded(desk) - set(UNRECORDED) == set()


def test_no_exception_outlives_its_reason():
    found = {name for desk in SERVED for name in unrecorded(desk)}
    assert set(UNRECORDED) - found == set()
