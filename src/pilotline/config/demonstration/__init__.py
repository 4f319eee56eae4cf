"""The demonstration region: invented data, labelled as such, made through the same services as
real use, with a fixed seed.

In: a folder of YAML files (`demonstrations/<region>`). Out: organisations, facilities, cases in
all states, talks and matches spread over the year before the day it is loaded.
"""

from pathlib import Path

from django.conf import settings

KEPT_IN = "demonstration-password"


def folder() -> Path:
    """Where the region's demonstration lies: in the source tree or inside the package."""
    source_tree = settings.BASE_DIR.parents[1] / "demonstrations"
    root = source_tree if source_tree.is_dir() else settings.BASE_DIR / "demonstrations"
    return root / settings.RULEBOOK_REGION


def password() -> str:
    """The password that all demonstration log-ins share, made once for this installation."""
    return (settings.HOME / KEPT_IN).read_text().strip()


def logins() -> list[tuple[str, str, str]]:
    """Log-in name, password and role of each demonstration user, for the start-up message."""
    from pilotline.config.demonstration.material import Material

    return [
        (row["username"], password(), f"{row['says']['zh']} / {row['says']['en']}")
        for row in Material.read(folder()).people["logins"]
    ]
