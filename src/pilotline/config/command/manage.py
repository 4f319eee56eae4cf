"""`pilotline manage …`: Django's own commands, with the database at hand."""

import argparse
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _


def declare(commands: Any) -> None:
    parser = commands.add_parser("manage", help=_("Django's own commands"), add_help=False)
    parser.add_argument("words", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with opened():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["pilotline manage", *arguments.words])
    return 0
