"""The `./run` script itself, as far as it goes without fetching anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path):
    """A folder with a space in its name that looks installed already."""
    folder = tmp_path / "a check out"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "run").symlink_to(ROOT / "run")
    (folder / "requirements").symlink_to(ROOT / "requirements")
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "$PYTHONPATH $*"\n')
    python.chmod(0o755)
    return folder


def stamp(folder, group):
    locks = [(folder / "requirements" / f"{name}.txt").read_bytes() for name in ("base", "dev")]
    digest = subprocess.run(
        ["cksum"], input=b"".join(locks), capture_output=True, check=True
    ).stdout.decode()
    (folder / ".venv" / ".pilotline").write_text(f"{group} {digest}")


def run(folder, *words, language="C", **environment):
    settings = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": language} | environment
    return subprocess.run(
        [str(folder / "run"), *words],
        cwd="/",
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "handed_on"),
    [
        ([], "-m pilotline.config.command serve"),
        (["--port", "9"], "-m pilotline.config.command serve --port 9"),
        (["test", "-k", "one two"], "-m tools.suite -k one two"),
        (["pilotline", "doctor"], "-m pilotline.config.command doctor"),
        (["pilotline", "benchmark", "x"], "-m pilotline.config.command benchmark x"),
    ],
)
def test_words_are_handed_on(checkout, words, handed_on):
    stamp(checkout, "dev")
    done = run(checkout, *words)
    assert done.stdout == f"{checkout}/src:{checkout} {handed_on}\n"
    assert done.stderr == ""


def test_help_needs_nothing(checkout):
    done = run(checkout, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("./run   ")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh_CN.UTF-8", "不认识“nonsense”"), ("en_GB.UTF-8", "“nonsense” is not known")],
)
def test_unknown_word_is_told_in_the_readers_language(checkout, language, sentence):
    done = run(checkout, "nonsense", language=language)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_named_python_that_does_not_fit_is_told(checkout):
    done = run(checkout, "pilotline", PYTHON="/bin/true-not-there")
    assert done.returncode == 2
    assert "PYTHON=/bin/true-not-there is not a usable Python" in done.stderr


def test_missing_python_is_told(checkout, tmp_path):
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "cat", "cksum", "mkdir", "id", "rm"):
        (tmp_path / "bin" / tool).symlink_to(f"/bin/{tool}")
    done = run(checkout, PATH=str(tmp_path / "bin"))
    assert done.returncode == 2
    assert "Python 3.11 to 3.13 was not found" in done.stderr


def test_python_without_venv_is_told(checkout, tmp_path):
    """Neither ensurepip nor pip, and not root or no apt-get: one sentence says what to do."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "cat", "cksum", "mkdir", "id", "rm"):
        (tools / tool).symlink_to(f"/bin/{tool}")
    bare = tools / "python3"
    refuse = 'case "$2" in *ensurepip* | *pip*) exit 1 ;; esac'
    bare.write_text(f'#!/bin/sh\n{refuse}\nexec "{sys.executable}" "$@"\n')
    bare.chmod(0o755)
    done = run(checkout, PATH=str(tools))
    assert done.returncode == 2
    assert "sudo apt-get install python3-venv" in done.stderr
