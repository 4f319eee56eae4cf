"""What nothing may be called, and what no committed file may say."""

import ast
import os
import re
import tomllib
from collections import Counter
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "pilotline"

VAGUE = {"common", "core", "helper", "helpers", "misc", "util", "utils"}
# Built from pieces, or this file would be its own first finding.
MACHINE_PATHS = ("/" + "work/", "/" + "root/", "/" + "home/", "/" + "tmp/", "." + "library/")
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "/opt" + "/pypi")
LOCK_LINE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==")


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the checkout that .gitignore does not leave out; works without git too."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()] + [".git"]
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(f for f in folders if not any(fnmatch(f, i) for i in ignored))
        kept = sorted(n for n in names if not any(fnmatch(n, i) for i in ignored))
        found += [Path(folder) / name for name in kept]
    return tuple(found)


@cache
def committed_texts() -> dict[str, str]:
    texts = {}
    for path in committed():
        try:
            texts[path.relative_to(ROOT).as_posix()] = path.read_text()
        except UnicodeDecodeError:
            continue  # pictures, .mo files, workbooks
    return texts


def test_nothing_is_called_by_a_vague_name():
    vague = [
        path.relative_to(ROOT).as_posix()
        for path in committed()
        if path.suffix == ".py"
        if VAGUE & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]
    assert vague == []


def test_no_two_test_files_have_one_name():
    """Alone each can be run; together pytest takes one of them for the other."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_model_is_fetched_by_its_name():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts  # Django hands migrations a historical registry
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]
    assert found == []


def test_no_file_names_a_machine():
    found = [
        f"{name}: {path}"
        for name, text in committed_texts().items()
        for path in MACHINE_PATHS
        if re.search(rf"(?<![\w.\-/}}~]){re.escape(path)}", text)
    ]
    assert found == []


def test_no_file_names_a_package_index():
    found = [
        f"{name}: {host}"
        for name, text in committed_texts().items()
        for host in INDEX_HOSTS
        if host in text
    ]
    assert found == []


def test_locks_carry_hashes():
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text()
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
        pinned = [b for b in blocks if LOCK_LINE.match(b)]
        assert [b.split()[0] for b in pinned if "--hash=sha256:" not in b] == []
        loose = [
            line
            for line in text.splitlines()
            if line and not line.startswith((" ", "#")) and not LOCK_LINE.match(line)
        ]
        assert loose == []


def test_locks_hold_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {"base": project["project"]["dependencies"]}
    wanted["dev"] = wanted["base"] + project["dependency-groups"]["dev"]
    for name, requirements in wanted.items():
        text = (ROOT / "requirements" / f"{name}.txt").read_text().lower()
        locked = {line.split("==")[0] for line in text.splitlines() if LOCK_LINE.match(line)}
        names = {re.split(r"[^A-Za-z0-9._-]", r)[0].lower() for r in requirements}
        assert names - locked == set()


def test_every_test_function_is_collected():
    """A function that asserts but is not called test_… would pass by never running."""
    stray = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and _named(n)}
        called |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("test_"):
                continue
            is_used = node.name in called or node.decorator_list
            if not is_used and any(isinstance(n, ast.Assert) for n in ast.walk(node)):
                stray.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert stray == []


def _named(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name)
