"""Opens an installation for a command: data folder, database, Django, in this order."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pilotline.config.database import database
from pilotline.config.installation import data_folder
from pilotline.config.postgres import Cluster
from pilotline.config.words import _, django_language
from pilotline.kernel.errors import PilotlineError


def claim_data_folder() -> Path:
    """The data folder, made when it is not there, and named to Django's settings."""
    home = data_folder()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PilotlineError(
            _("The data folder {folder} cannot be made: {reason}. Set PILOTLINE_HOME.").format(
                folder=home, reason=error.strerror
            )
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise PilotlineError(
            _("The data folder {folder} belongs to another user.").format(folder=home)
        )
    os.environ["PILOTLINE_HOME"] = str(home)
    return home


@contextmanager
def opened() -> Iterator[Cluster | None]:
    """Everything a command needs; our own server, if it is ours, is left at the end."""
    with database(claim_data_folder()) as cluster:
        start_django()
        yield cluster


def start_django() -> None:
    """Django with the command's language, so that refusals are told in it as well."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotline.config.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(django_language())
