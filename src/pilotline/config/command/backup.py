"""`pilotline backup FILE`: database and attachments in one checked file."""

import argparse
import os
from pathlib import Path
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _, say
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser("backup", help=_("write database and attachments to one file"))
    parser.add_argument("file", type=Path)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    target: Path = arguments.file.absolute()
    if not target.parent.is_dir():
        raise PilotlineError(_("There is no folder {folder}.").format(folder=target.parent))
    with opened():
        from django.conf import settings
        from django.utils import timezone

        from pilotline.config.archive import write_backup

        say(_("Writing the backup {file}").format(file=target))
        parts = write_backup(
            url=os.environ["DATABASE_URL"],
            attachments=settings.HOME / "attachments",
            target=target,
            now=timezone.now(),
        )
    print(
        _("{file}: {parts} parts, {size} MB. Keep the secret key apart from it.").format(
            file=target, parts=parts, size=round(target.stat().st_size / 1e6, 1)
        )
    )
    return 0
