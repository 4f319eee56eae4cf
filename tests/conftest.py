"""Shared by all tests: the settings' surroundings, before Django reads them."""

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A busy machine is no fault of the code: no test fails for being slow.
hypothesis.settings.register_profile("pilotline", deadline=None)
hypothesis.settings.load_profile("pilotline")
os.environ.setdefault("PILOTLINE_TESTING", "1")
# Compiling the search takes longer than all its tests; one test compares both ways.
os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
os.environ.setdefault("PILOTLINE_HOME", tempfile.mkdtemp(prefix="pilotline-tests-"))
(Path(os.environ["PILOTLINE_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PILOTLINE_SECRET_KEY", "only-for-tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def rulebook(db: Any) -> Any:
    """The rulebook of the settings' region, published; the value is what the desks read."""
    from pilotline.desks.journal.queries import current_rulebook
    from tests.factories import publish_rulebook

    publish_rulebook()
    return current_rulebook()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: Any, django_db_blocker: Any, pytestconfig: pytest.Config
) -> Iterator[None]:
    """A database that somebody still talks to cannot be dropped: say who, and end that session."""
    yield
    capture: Any = pytestconfig.pluginmanager.getplugin("capturemanager")
    with django_db_blocker.unblock(), capture.global_and_fixture_disabled():
        _end_other_sessions()


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Iterator[Any]:
    """Begins after the database and so ends before it. A browser that went away leaves a thread
    behind that still has to close its session: Django does not wait for it, and the database would
    be dropped under it."""
    yield live_server
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(30)


def _end_other_sessions() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid), application_name, state, query"
            " FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        for _ended, name, state, query in cursor.fetchall():
            sys.stderr.write(f"\nA session was left open: {name} ({state}): {query}\n")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Argon2 stays Argon2, but does not take a tenth of a second and 100 MB for each test user."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 64
    Argon2PasswordHasher.parallelism = 1
