"""Runs web and worker beside the database, starts again what dies, stops all of it together."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pilotline.config.installation import PACKAGE
from pilotline.config.postgres import Cluster
from pilotline.config.processes import GATE, GRACE, LIFELINE, LISTENER
from pilotline.config.words import _, say
from pilotline.kernel.errors import PilotlineError

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0
PORTS_TO_TRY = 50
ANSWER_WITHIN = 60.0


class Child:
    """One process that is kept running; each failure in a row doubles the wait before the next."""

    def __init__(self, name: str, title: str, environment: dict[str, str], handles: list[int]):
        self.title = title
        self._argv = [sys.executable, "-m", "pilotline.config.processes", name]
        self._environment = environment
        self._handles = handles
        self._wait = FIRST_WAIT
        self._due = 0.0
        self._started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def tend(self, now: float) -> None:
        """Start the process if it is due; notice, and say, when it has ended."""
        if self.process is None:
            if now >= self._due:
                self._start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self._started > STEADY_AFTER:
            self._wait = FIRST_WAIT
        say(
            _("{title} ended ({code}); starting it again in {seconds} s").format(
                title=self.title, code=_how(code), seconds=self._wait
            )
        )
        self.process, self._due = None, now + self._wait
        self._wait = min(self._wait * 2, LONGEST_WAIT)

    def hold(self, until: float) -> None:
        """Do not start before this moment of the monotonic clock."""
        self._due = until

    def _start(self, now: float) -> None:
        self._started = now
        self.process = subprocess.Popen(  # noqa: S603  our own module
            self._argv,
            env=self._environment,
            pass_fds=self._handles,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the rest in order
        )

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Service:
    """Web, worker and database together, from `run` until `stop`.

    `warm_up` lets the web server read its code beforehand; it answers nobody before `run`.
    """

    def __init__(self, listener: socket.socket, cluster: Cluster | None) -> None:
        self._listener = listener
        self._cluster = cluster
        self._stop = threading.Event()
        self._lifeline = os.pipe()
        self._gate = os.pipe()
        self._database_due = 0.0
        self._database_wait = FIRST_WAIT
        environment = child_environment() | {
            LIFELINE: str(self._lifeline[0]),
            LISTENER: str(listener.fileno()),
            GATE: str(self._gate[0]),
        }
        handles = [self._lifeline[0], self._gate[0]]
        web_handles = [*handles, listener.fileno()]
        self._web = Child("web", _("The web server"), environment, web_handles)
        self._worker = Child("worker", _("The worker"), environment, handles)
        self.children = [self._web, self._worker]

    def warm_up(self) -> None:
        """Start the web server, which waits for `run`."""
        self._web.tend(time.monotonic())

    def stop(self, *_signal: Any) -> None:
        """Ask for the end; asked twice, do not wait for requests that are being answered."""
        if self._stop.is_set():
            for child in self.children:
                child.signal(signal.SIGKILL)
        self._stop.set()

    def run(self, when_ready: Callable[[int], None]) -> None:
        """Keep everything running until `stop`; `when_ready` gets the first page's HTTP status."""
        os.close(self._gate[1])
        asking = threading.Thread(target=self._announce, args=(when_ready,), daemon=True)
        # Work that waits, minutes of it at the first start, does not delay the first page.
        self._worker.hold(time.monotonic() + ANSWER_WITHIN)
        try:
            asking.start()
            while not self._stop.wait(0.2):
                now = time.monotonic()
                self._tend_database(now)
                for child in self.children:
                    child.tend(now)
        finally:
            self._stop.set()
            self._end_children()

    def _tend_database(self, now: float) -> None:
        if self._cluster is None or now < self._database_due or self._cluster.is_alive():
            return
        say(_("PostgreSQL ended; starting it again"))
        try:
            self._cluster.revive()
            self._database_wait = FIRST_WAIT
        except PilotlineError as error:
            say(str(error))
            self._database_due = now + self._database_wait
            self._database_wait = min(self._database_wait * 2, LONGEST_WAIT)

    def _announce(self, when_ready: Callable[[int], None]) -> None:
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  not a binding
        while not self._stop.wait(0.2):
            status = _ask(host, port)
            if status is not None:
                self._worker.hold(time.monotonic())
                when_ready(status)
                return

    def _end_children(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + GRACE + 2
        while any(c.is_running() for c in self.children) and time.monotonic() < end:
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def child_environment() -> dict[str, str]:
    """Ours, with the package's place, so that a child finds the same code from any folder."""
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on the wanted port, or on the next free one; says so when it moves."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in range(port, min(port + PORTS_TO_TRY, 65_536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Whoever connects before gunicorn is up would else wait 40 ms for each answer, for as
        # long as that connection lives: gunicorn sets this only later.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((host, wanted))
            listener.listen(512)
        except PermissionError as error:
            raise PilotlineError(
                _("Port {port} may not be used by this user.").format(port=wanted)
            ) from error
        except OSError as error:
            listener.close()
            if not _is_taken(error):
                raise PilotlineError(
                    _("Cannot listen on {host}:{port}: {reason}.").format(
                        host=host, port=wanted, reason=error.strerror or error
                    )
                ) from error
            continue
        if wanted != port:
            say(_("Port {port} is taken; using {next}").format(port=port, next=wanted))
        return listener
    raise PilotlineError(_("No free port from {port} upwards.").format(port=port))


def _is_taken(error: OSError) -> bool:
    return error.errno == errno.EADDRINUSE


def _ask(host: str, port: int) -> int | None:
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _how(code: int) -> str:
    """`exit 1` or `SIGKILL`."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
