"""`pilotline migrate`: bring database, rulebook and static files up to date."""

import argparse
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _


def declare(commands: Any) -> None:
    parser = commands.add_parser(
        "migrate", help=_("bring database, rulebook and static files up to date")
    )
    parser.add_argument(
        "--demonstration",
        action=argparse.BooleanOptionalAction,
        default=False,
        help=_("fill an empty database with the demonstration province"),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with opened():
        from pilotline.config.preparation import prepare

        prepare(demonstration=arguments.demonstration)
    return 0
