"""`load_demonstration`: fill an empty installation with the invented region."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from pilotline.config import demonstration
from pilotline.config.demonstration.parts import LATER, build_first, build_part, one_load
from pilotline.config.tasks import load_part, read_news
from pilotline.desks.people.queries import demo_logins

SEED = 20260101
CASES = 300


class Command(BaseCommand):
    help = "Fill an empty installation with the invented demonstration region."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--cases", type=int, default=CASES)
        parser.add_argument("--facilities", type=int, default=0, help="how many; 0 for all")
        parser.add_argument("--without", nargs="*", default=[], choices=LATER)
        parser.add_argument(
            "--later", action="store_true", help="leave to the worker what can come later"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if demo_logins():
            self.stdout.write("The demonstration is here already.")
            return
        secret = self._secret()
        parts = [part for part in LATER if part not in options["without"]]
        with one_load():
            opened = build_first(
                secret=secret,
                seed=options["seed"],
                cases=options["cases"],
                facilities=options["facilities"] or None,
                now=timezone.now(),
            )
            for part in parts:
                if options["later"]:
                    load_part.defer(part=part, opened=opened.packed())
                else:
                    build_part(part, opened)
            read_news.defer(opened=opened.packed())

    def _secret(self) -> str:
        place = settings.HOME / demonstration.KEPT_IN
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o600)
            place.write_text(secrets.token_urlsafe(9))
        return demonstration.password()
