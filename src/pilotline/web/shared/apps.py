from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig


class SharedDoor(AppConfig):
    name = "pilotline.web.shared"
    label = "web_shared"

    def ready(self) -> None:
        from pilotline.desks.journal.forms import name_codes

        name_codes(_codes)


def _codes() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Read when first wanted: the pages' words come with the pages' code."""
    from pilotline.web.shared.journal_codes import codes

    return codes()
