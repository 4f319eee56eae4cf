"""The `pilotline` command: serving, looking after data, checking rulebooks, saying what is wrong.

One file a sub-command; each declares itself to the parser and answers with an exit code.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from pilotline import __version__
from pilotline.config.command import (
    backup,
    benchmark,
    doctor,
    exchange,
    journal,
    manage,
    migrate,
    restore,
    rulebook,
    serve,
    user,
)
from pilotline.config.words import _, choose_language, say
from pilotline.kernel.errors import PilotlineError, Refused

COMMANDS = (
    serve,
    migrate,
    rulebook,
    exchange,
    journal,
    backup,
    restore,
    doctor,
    user,
    benchmark,
    manage,
)
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 is well, 1 a fault that was told, 2 a command that was not understood."""
    given = list(sys.argv[1:] if argv is None else argv)
    choose_language(_language_in(given))
    # A polite end unwinds like any other: the database is left in order.
    signal.signal(signal.SIGTERM, _end)
    arguments = build_parser().parse_args(given)
    try:
        return int(arguments.run(arguments))
    except Refused as refusal:
        for problem in refusal.problems:
            say(f"{problem.field}: {problem.text}" if problem.field else str(problem.text))
        return 1
    except PilotlineError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """All commands, in the chosen language."""
    parser = argparse.ArgumentParser(
        prog="pilotline", description=_("Runs a region's pilot-scale testing service.")
    )
    parser.add_argument("--version", action="version", version=f"pilotline {__version__}")
    parser.add_argument("--lang", choices=["zh", "en"], help=_("the language of the answers"))
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    for module in COMMANDS:
        module.declare(commands)
    return parser


def _language_in(argv: Sequence[str]) -> str | None:
    """The --lang before the command: help texts need it before anything is parsed."""
    for position, word in enumerate(argv):
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
        if word == "--lang":
            return _known(argv[position + 1]) if position + 1 < len(argv) else None
        if not word.startswith("-"):
            break
    return None


def _known(code: str) -> str | None:
    return code if code in {"zh", "en"} else None


def _end(*_signal: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)
