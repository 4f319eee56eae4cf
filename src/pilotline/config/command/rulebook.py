"""`pilotline rulebook check|publish`: what a department decided, checked and put into force."""

import argparse
from pathlib import Path
from typing import Any

from pilotline.config import environment
from pilotline.config.command.exchange import actor_named
from pilotline.config.opening import opened
from pilotline.config.words import _, language
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser("rulebook", help=_("what a department decided, as data"))
    verbs = parser.add_subparsers(metavar=_("VERB"), required=True)
    check_parser = verbs.add_parser("check", help=_("find faults, with file and line"))
    publish_parser = verbs.add_parser("publish", help=_("check, and put into force from now on"))
    for verb in (check_parser, publish_parser):
        verb.add_argument(
            "folder", nargs="*", type=Path, help=_("the rulebook's folder; all that are here")
        )
    check_parser.set_defaults(run=check)
    publish_parser.add_argument("--by", default="", help=_("log-in name of who publishes"))
    publish_parser.set_defaults(run=publish)


def folders(given: list[Path]) -> list[Path]:
    """The folders that were named, or all that come with this installation."""
    return given or sorted(p for p in environment.rulebooks().iterdir() if p.is_dir())


def check(arguments: argparse.Namespace) -> int:
    from pilotline.rulebook.check import check as faults_of

    worst = 0
    for folder in folders(arguments.folder):
        faults = faults_of(folder)
        for fault in faults:
            print(f"{folder.name}/{fault.say(language())}")
        if faults:
            worst = 1
        print(
            _("{folder}: {count} faults").format(folder=folder, count=len(faults))
            if faults
            else _("{folder}: no faults").format(folder=folder)
        )
    return worst


def publish(arguments: argparse.Namespace) -> int:
    if len(arguments.folder) > 1:
        raise PilotlineError(_("One rulebook is published at a time."))
    with opened():
        from django.utils import timezone

        from pilotline.config.preparation import rulebook_folder
        from pilotline.desks.journal.services import publish_release
        from pilotline.rulebook.check import read_sound

        who = actor_named(arguments.by)
        book = read_sound(arguments.folder[0] if arguments.folder else rulebook_folder())
        release = publish_release(who=who, content=book.to_content(), now=timezone.now())
        print(
            _("Release {number} is in force ({digest}).").format(
                number=release.number, digest=release.digest[:12]
            )
        )
    return 0
