"""`pilotline user create NAME`: the first person of an installation, or one who is locked out."""

import argparse
import getpass
import sys
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _, django_language
from pilotline.kernel.errors import PilotlineError

ROLES = ("sysop", "authority", "expert", "operator")


def declare(commands: Any) -> None:
    parser = commands.add_parser("user", help=_("people who can log in"))
    verbs = parser.add_subparsers(metavar=_("VERB"), required=True)
    create = verbs.add_parser(
        "create", help=_("make a user; the password is asked for, or read from standard input")
    )
    create.add_argument("username")
    create.add_argument("--email", default="")
    create.add_argument("--name", default="", help=_("the name that others see"))
    create.add_argument("--role", choices=ROLES)
    create.add_argument("--region", default="", help=_("GB/T 2260 code, for an authority"))
    create.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    password = _read_password()
    with opened():
        from django.db import transaction
        from django.utils import timezone

        from pilotline.desks.people.services.accounts import register_user
        from pilotline.desks.people.services.grants import grant_role
        from pilotline.kernel.actor import SYSTEM

        now = timezone.now()
        with transaction.atomic():
            user = register_user(
                who=SYSTEM,
                username=arguments.username,
                email=arguments.email,
                password=password,
                name=arguments.name or arguments.username,
                language=django_language(),
                now=now,
            )
            if arguments.role:
                grant_role(
                    who=SYSTEM,
                    user=user.pk,
                    role=arguments.role,
                    region=arguments.region,
                    now=now,
                )
    print(_("User {name} can log in.").format(name=arguments.username))
    return 0


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(_("Password: "))
    if getpass.getpass(_("Once more: ")) != first:
        raise PilotlineError(_("The two passwords differ."))
    return first
