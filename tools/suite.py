"""`./run test`: lint, types, contracts, the rulebook's own check, then every test.

With arguments, which go to pytest, only the tests are run. The tests' closing line stays last.
Exit codes: 0 all passed, 1 something failed, 3 all passed but there was no browser to test with.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pilotline.config.database import database
from pilotline.config.opening import claim_data_folder
from pilotline.config.words import choose_language
from pilotline.kernel.errors import PilotlineError
from tools.browser import ensure_browser

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_BROWSER = "--without-browser"
NO_BROWSER = 3
LINT = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("style", ["-m", "ruff", "check", "--quiet", "."]),
    ("format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    ("types", ["-m", "mypy"]),
    ("contracts", ["-c", LINT]),
    ("rulebook", ["-m", "pilotline.config.command", "--lang=en", "rulebook", "check"]),
)


def main(argv: Sequence[str]) -> int:
    choose_language()
    words = [word for word in argv if word != WITHOUT_BROWSER]
    accepted = WITHOUT_BROWSER in argv
    failed = [] if words else [name for name, step in STEPS if not _passes(name, step)]
    browser = None if accepted else ensure_browser()
    if browser is not None:
        os.environ["APP_CHROMIUM"] = browser
    elif not accepted:
        _warn("NO CHROMIUM WAS FOUND: THE BROWSER TESTS ARE NOT RUN", "or set APP_CHROMIUM")
    for name in failed:
        _warn(f"{name.upper()} FAILED: SEE ABOVE", "the tests run all the same")
    code = _test(words, with_browser=browser is not None)
    if failed or code:
        return 1 if failed or code == 1 else code
    return 0 if browser or accepted else NO_BROWSER


def _passes(name: str, step: list[str]) -> bool:
    _say(name)
    done = subprocess.run([sys.executable, *step], cwd=ROOT, check=False)  # noqa: S603
    return done.returncode == 0


def _test(words: list[str], *, with_browser: bool) -> int:
    """pytest on a careless database of our own, or on the one that DATABASE_URL names."""
    _say("tests")
    options = ["-q"]
    if not words:
        # A file's tests stay together, for some share a server; the slow first files start first.
        options += ["-n", str(os.cpu_count() or 2), "--dist", "loadfile", "--no-loadscope-reorder"]
    if not with_browser:
        options += ["-m", "not browser"]
    with database(claim_data_folder(), durable=False):
        argv = [sys.executable, "-m", "pytest", *options, *words]
        return _run_to_the_end(argv)


def _run_to_the_end(argv: list[str]) -> int:
    """Interrupted, pytest tidies up its servers and browsers: wait for it, never kill it."""
    with tempfile.TemporaryDirectory(prefix="pilotline-tests-") as home:
        process = subprocess.Popen(argv, cwd=ROOT, env=_surroundings(home))  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_signal: process.send_signal(signal.SIGINT))
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the terminal's Ctrl-C has reached pytest as well


def _surroundings(home: str) -> dict[str, str]:
    """The tests have a data folder of their own; what is set for serving is not meant for them.

    It is set before pytest starts: the settings are read before any `conftest.py` is.
    """
    (Path(home) / "static").mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PILOTLINE_")}
    return kept | {
        "PILOTLINE_TESTING": "1",
        "PILOTLINE_HOME": home,
        "PILOTLINE_SECRET_KEY": "only-for-tests",
    }


def _say(step: str) -> None:
    print(f"[test] {step}", file=sys.stderr, flush=True)


def _warn(what: str, hint: str) -> None:
    line = "!" * 74
    print(f"{line}\n!! {what}\n!! ({hint})\n{line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PilotlineError as error:
        _say(str(error))
        sys.exit(1)
