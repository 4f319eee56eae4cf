"""Small on purpose: files, functions, the kernel, run-time dependencies, docstrings of rooms."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "pilotline"

FILE_LINES = 400
FUNCTION_LINES = 50
KERNEL_LINES = 800
ROOM_DOCSTRING_LINES = 10
DEPENDENCIES = 28

# Each exception names the file or `file:function` and says why.
EXCEPTIONS: dict[str, str] = {}


def python_files(*folders: str) -> list[Path]:
    """All Python files below the folders, generated migrations left out."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms() -> list[Path]:
    """Every package: the rooms, the desks, the engines, the doors and what lies inside them."""
    return sorted(
        path.parent
        for path in SOURCE.rglob("__init__.py")
        if path.parent.name not in {"migrations", "commands", "management", "templatetags"}
    )


def test_files_are_short():
    long = {
        name_of(path): lines
        for path in python_files("src", "tests", "tools", "benchmarks")
        if (lines := len(path.read_text().splitlines())) > FILE_LINES
        and name_of(path) not in EXCEPTIONS
    }
    assert long == {}


def test_functions_are_short():
    long = {}
    for path in python_files("src", "tools"):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            title = f"{name_of(path)}:{node.name}"
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES and title not in EXCEPTIONS:
                long[title] = lines
    assert long == {}


def test_kernel_is_small():
    lines = sum(len(p.read_text().splitlines()) for p in python_files("src/pilotline/kernel"))
    assert lines <= KERNEL_LINES


def test_runtime_dependencies_are_few():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(project["dependencies"]) <= DEPENDENCIES


def test_version_is_said_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assigned = {
        target.id: node.value.value
        for node in tree_of(SOURCE / "__init__.py").body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert assigned["__version__"] == project["version"]


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.relative_to(SOURCE).as_posix())
def test_every_room_says_what_it_is_for(room):
    docstring = ast.get_docstring(tree_of(room / "__init__.py"))
    assert docstring is not None
    assert len(docstring.splitlines()) <= ROOM_DOCSTRING_LINES


def test_exceptions_are_needed_and_reasoned():
    gone = [title for title in EXCEPTIONS if not (ROOT / title.split(":")[0]).exists()]
    assert gone == []
    assert [title for title, reason in EXCEPTIONS.items() if len(reason) < 20] == []
