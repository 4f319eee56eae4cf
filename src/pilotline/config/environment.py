"""What the surroundings say: data folder, secret key, database. Read once by the settings."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parents[1]


def home() -> Path:
    """The folder for everything that is not in the database: key, attachments, logs."""
    named = os.environ.get("PILOTLINE_HOME")
    return Path(named) if named else Path.cwd() / "var"


def rulebooks() -> Path:
    """Where the rulebook folders lie: in the source tree, or inside an installed package."""
    named = os.environ.get("PILOTLINE_RULEBOOKS")
    if named:
        return Path(named)
    source_tree = PACKAGE.parents[1] / "rulebooks"
    return source_tree if source_tree.is_dir() else PACKAGE / "rulebooks"


def secret_key() -> str:
    """The key from the environment, or one made once and kept with mode 0600."""
    given = os.environ.get("PILOTLINE_SECRET_KEY")
    if given:
        return given
    place = home() / "secret-key"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        _make_key(place)
    return place.read_text().strip()


def _make_key(place: Path) -> None:
    """Whole or not at all, and once: web server and preparation may want it at one moment."""
    handle, made = tempfile.mkstemp(dir=place.parent)  # mode 0600
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(made, place)
    os.unlink(made)


def database() -> dict[str, Any]:
    """Django's settings for DATABASE_URL; a socket folder may be given as `?host=/folder`."""
    parts = urlsplit(os.environ.get("DATABASE_URL", "postgresql://postgres@/pilotline"))
    query = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {"pool": {"min_size": 1, "max_size": 8}} if pooled() else {}
    options |= {k: v for k, v in query.items() if k not in {"host", "port"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "pilotline",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "ATOMIC_REQUESTS": False,
    }


def pooled() -> bool:
    return os.environ.get("PILOTLINE_POOL") == "1"


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list from the environment, without blanks."""
    return [w.strip() for w in os.environ.get(name, default).split(",") if w.strip()]
