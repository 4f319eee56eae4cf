"""The embedded PostgreSQL: one server a data folder, shared by all our processes there.

Every process that uses the server holds a shared lock; the last one to leave stops it. A server
whose processes were all killed goes on alone and is taken over by whoever comes next. Nothing
listens on the network: the only way in is a socket in a folder that is closed to others.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from pilotline.config import orphans
from pilotline.config.installation import SYSTEM_FOLDER, mark
from pilotline.config.programs import (
    DatabaseTrouble,
    Programs,
    find_programs,
    run,
    server_user,
    surroundings,
)
from pilotline.config.words import _, say

DATABASE = "pilotline"
PORT = 5432
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path must stay below 104 bytes everywhere
LARGEST_LOG = 10_000_000
PATIENCE = 60.0
SAY_AGAIN = 10.0
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    "timezone": "UTC",
    "jit": "off",
}
# Only for databases whose loss costs nothing: those that a test run makes.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Faults that pass by themselves when the remains of a killed server are gone.
PASSING = ("is still in use", "already exists", "could not bind", "could not create any Unix")


class Cluster:
    """A PostgreSQL server of our own for the data folder `home`; `durable=False` for tests."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        name = "postgresql" if durable else "postgresql-test"
        self.durable = durable
        self.folder = (SYSTEM_FOLDER / mark(home) if os.geteuid() == 0 else home) / name
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.sockets = _socket_folder(self.folder)
        self.programs: Programs | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._users: IO[str] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self.sockets))}&port={PORT}"

    def enter(self) -> None:
        """Use the server: start it, or join the one that runs. Raises DatabaseTrouble."""
        try:
            self._make_folders()
            with self._door():
                users = (self.folder / "users.lock").open("w")
                fcntl.flock(users, fcntl.LOCK_SH)
                self._users = users
                self._revive()
                self._make_database()
        except OSError as error:
            raise DatabaseTrouble(
                _("The folder {folder} cannot be used: {reason}.").format(
                    folder=self.folder, reason=error.strerror or error
                )
            ) from error

    def revive(self) -> None:
        """Start the server again if it died."""
        with self._door():
            self._revive()

    def leave(self) -> None:
        """Stop using the server; the last to leave stops it."""
        if self._users is None:
            return
        with self._door():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others still use it
            finally:
                self._users.close()
                self._users = None
            self._stop()

    def is_alive(self) -> bool:
        """True while the server's main process lives; cheap enough to ask every second."""
        if self._process is not None:
            return self._process.poll() is None
        pid = orphans.recorded_pid(self.data)
        return pid is not None and orphans.is_running(pid)

    @contextmanager
    def _door(self) -> Iterator[None]:
        """Only one process at a time starts, stops or joins."""
        with (self.folder / "door.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_folders(self) -> None:
        for folder in (self.folder, self.sockets):
            if folder.is_dir():
                continue
            folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
            _give_to_server(folder)
        if os.geteuid() != 0 and self.sockets.stat().st_uid != os.geteuid():
            raise PermissionError(13, _("it belongs to somebody else"))

    def _revive(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._process = None  # another of our processes may have started it anew
        if self._answers():
            return
        version = self.data / "PG_VERSION"
        major = int(version.read_text()) if version.is_file() else None
        self.programs = find_programs(major)
        if major is not None and not self.durable:
            orphans.end_backends(self.data)
            shutil.rmtree(self.data)  # a careless server that died may have left anything
            major = None
        if major is None:
            self._make_data()
        say(_("Starting the embedded PostgreSQL {version}").format(version=self.programs.version))
        self._start()

    def _make_data(self) -> None:
        """initdb in a draft folder: one that was interrupted is never taken for a whole one."""
        say(_("Making the database folder {folder}").format(folder=self.data))
        draft = self.folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        options += ["--data-checksums"] if self.durable else ["--no-sync"]
        made = run(self._argv("initdb", "-D", draft, *options), **server_user())
        if made.returncode:
            raise DatabaseTrouble(
                _("The database folder could not be made: {reason}").format(
                    reason=made.stderr.strip()
                )
            )
        draft.rename(self.data)

    def _argv(self, name: str, *arguments: object) -> list[str]:
        assert self.programs is not None  # noqa: S101  set by _revive before anything is run
        return self.programs.argv(name, *arguments)

    def _start(self) -> None:
        """Start until it answers; wait while the remains of a killed server are in the way."""
        began = time.monotonic()
        said_at = began
        while True:
            process, log_from = self._launch()
            while process.poll() is None:
                if self._answers():
                    self._process = process
                    return
                if time.monotonic() - said_at > SAY_AGAIN:
                    said_at = time.monotonic()
                    say(_("PostgreSQL is still repairing itself after a crash"))
                time.sleep(0.03)
            complaint = self._complaint(log_from)
            waited = time.monotonic() - began
            if waited > PATIENCE or not any(fault in complaint for fault in PASSING):
                raise DatabaseTrouble(
                    _("PostgreSQL does not start. Its log says:\n{log}").format(log=complaint)
                )
            if waited > 2:
                orphans.end_backends(self.data)
                orphans.forget_zombie(self.data)
            time.sleep(0.3)

    def _launch(self) -> tuple["subprocess.Popen[bytes]", int]:
        settings: dict[str, Any] = {**SETTINGS, "unix_socket_directories": self.sockets}
        settings |= {} if self.durable else CARELESS
        options = [f"--{key}={value}" for key, value in settings.items()]
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_name("log.old"))
        with self.log.open("ab") as log:
            log_from = log.tell()
            process = subprocess.Popen(  # noqa: S603  our own programs and settings
                self._argv("postgres", "-D", self.data, *options),
                cwd="/",
                env=surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is ours to answer, not its
                **server_user(),
            )
        return process, log_from

    def _complaint(self, log_from: int) -> str:
        with self.log.open("rb") as log:
            log.seek(log_from)
            return log.read()[-2000:].decode(errors="replace").strip()

    def _connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user="postgres",
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def _answers(self) -> bool:
        """True when a server answers here. Raises DatabaseTrouble when it is not ours."""
        try:
            with self._connect() as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        if row is None or Path(row[0]).resolve() != self.data.resolve():
            raise DatabaseTrouble(
                _("Another PostgreSQL uses the socket folder {folder}.").format(folder=self.sockets)
            )
        return True

    def _make_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _stop(self) -> None:
        """Ask in three tones. Only the first is usual; none of them loses what was committed."""
        process = self._process
        pid = process.pid if process else orphans.recorded_pid(self.data)

        def is_there() -> bool:
            # Not by the pid file: that is removed a little before the process ends.
            return process.poll() is None if process else orphans.is_running(pid or 0)

        for tone, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if pid is None or not is_there():
                break
            with suppress(ProcessLookupError):
                os.kill(pid, tone)
            end = time.monotonic() + patience
            while is_there() and time.monotonic() < end:
                time.sleep(0.02)
        self._process = None


def _give_to_server(folder: Path) -> None:
    who = server_user()
    if who:
        os.chown(folder, who["user"], who["group"])


def _socket_folder(folder: Path) -> Path:
    """The cluster's own folder, or a short one elsewhere when its path is too long."""
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"pilotline-{os.geteuid()}-{mark(folder)}"
