"""The rooms' import contracts hold, and each of them bites."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# title: (file below src/pilotline, the line planted there, the contracts that must break)
VIOLATIONS: dict[str, tuple[str, str, list[str]]] = {
    "a kernel file imports a desk": (
        "kernel/money.py",
        "import pilotline.desks.journal.events",
        ["rooms"],
    ),
    "the kernel opens a socket": ("kernel/ids.py", "import socket", ["pure"]),
    "an engine imports Django": ("engines/matching/solve.py", "import django.db", ["pure"]),
    "an engine imports another engine": (
        "engines/matching/solve.py",
        "import pilotline.engines.reading.solve",
        ["engines-alone"],
    ),
    "an engine's problem knows its solver": (
        "engines/matching/problem.py",
        "import pilotline.engines.matching.solve",
        ["inside-an-engine"],
    ),
    "the rulebook reads a desk": (
        "rulebook/model.py",
        "import pilotline.desks.journal.events",
        ["rooms"],
    ),
    "an earlier desk calls a later one": (
        "desks/demand/services.py",
        "import pilotline.desks.matching.services",
        ["desk-order"],
    ),
    "an earlier desk calls a later one inside a function": (
        "desks/people/queries.py",
        "def later():\n    import pilotline.desks.demand.services",
        ["desk-order"],
    ),
    "a model calls its own service": (
        "desks/demand/models.py",
        "import pilotline.desks.demand.services",
        ["inside-a-desk"],
    ),
    "a query calls its own service": (
        "desks/registry/queries.py",
        "import pilotline.desks.registry.services",
        ["inside-a-desk"],
    ),
    "a desk reads another desk's tables": (
        "desks/matching/services.py",
        "import pilotline.desks.registry.models",
        ["tables-are-private"],
    ),
    "a desk borrows another desk's bridge": (
        "desks/notices/services.py",
        "import pilotline.desks.matching.problem",
        ["tables-are-private"],
    ),
    "a service calls an engine past the bridge": (
        "desks/demand/services.py",
        "import pilotline.engines.matching.solve",
        ["one-bridge"],
    ),
    "a view touches tables": (
        "web/operator/views.py",
        "import pilotline.desks.people.models",
        ["tables-are-private"],
    ),
    "a view calls an engine": (
        "web/operator/views.py",
        "import pilotline.engines.matching.solve",
        ["one-bridge"],
    ),
    "a door knows another door": (
        "web/public/views.py",
        "import pilotline.web.operator.apps",
        ["doors"],
    ),
    "a desk imports a gateway": (
        "desks/notices/services.py",
        "import pilotline.gateways",
        ["rooms"],
    ),
    "a desk imports a door": (
        "desks/notices/services.py",
        "import pilotline.web.shared.apps",
        ["rooms"],
    ),
    "the settings read a desk's tables": (
        "config/preparation.py",
        "import pilotline.desks.people.models",
        ["tables-are-private"],
    ),
    "a room that nobody declared": ("helpers/misc.py", "X = 1", ["rooms"]),
    "a desk that nobody placed": ("desks/vouchers/services.py", "X = 1", ["desk-order"]),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What breaks with each violation planted; "" is the source as it stands."""
    source = tmp_path_factory.mktemp("planted") / "src"
    leave_out = shutil.ignore_patterns("static", "templates", "locale", "__pycache__", "rulebooks")
    shutil.copytree(ROOT / "src", source, ignore=leave_out)
    order = {
        "source": str(source),
        "root": str(ROOT),
        "config": str(ROOT / ".importlinter"),
        "violations": {title: v[:2] for title, v in VIOLATIONS.items()},
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("violations.py"))],
        cwd=ROOT,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.rindex('{"": ') :])


def test_every_contract_holds(answers):
    assert answers[""] == []


@pytest.mark.parametrize("title", VIOLATIONS)
def test_planted_violation_is_caught(answers, title):
    assert answers[title] == sorted({*answers[""], *VIOLATIONS[title][2]})


def test_there_is_no_exception():
    text = (ROOT / ".importlinter").read_text()
    settings = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in settings if "ignore_imports" in line] == []
