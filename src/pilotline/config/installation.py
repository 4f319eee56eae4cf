"""Where this installation lies: its source tree, if it runs from one, and its data folder."""

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM_FOLDER = Path("/var/lib/pilotline")


def source_tree() -> Path | None:
    """The checkout we run from, or None when we are an installed package."""
    tree = PACKAGE.parents[1]
    return tree if (tree / "pyproject.toml").is_file() and (tree / "src").is_dir() else None


def data_folder() -> Path:
    """Key, attachments, mail, logs and (unless we are root) the embedded database live here."""
    named = os.environ.get("PILOTLINE_HOME")
    if named:
        return Path(named).expanduser().absolute()
    tree = source_tree()
    if tree is not None:
        return tree / "var"
    if os.geteuid() == 0:
        return SYSTEM_FOLDER / "home"
    shared = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(shared) / "pilotline"


def mark(folder: Path) -> str:
    """A short name for a folder that no other folder has."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
