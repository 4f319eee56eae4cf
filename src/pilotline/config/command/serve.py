"""`pilotline serve`: everything a browser needs, until Ctrl-C."""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pilotline import __version__
from pilotline.config.database import database
from pilotline.config.installation import source_tree
from pilotline.config.opening import claim_data_folder
from pilotline.config.serve import Service, child_environment, listen
from pilotline.config.words import _, say
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser(
        "serve", help=_("start database, web server and worker; the main command")
    )
    parser.add_argument("--host", default="127.0.0.1", help=_("address to listen on"))
    port_help = _("port; the next free one if taken")
    parser.add_argument("--port", type=int, default=8000, help=port_help)
    parser.add_argument(
        "--demonstration",
        action=argparse.BooleanOptionalAction,
        default=source_tree() is not None,
        help=_("fill an empty database with the demonstration province"),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    home = claim_data_folder()
    say(_("Pilotline {version}, data in {folder}").format(version=__version__, folder=home))
    with (
        _alone(home) as address,
        database(home) as cluster,
        listen(arguments.host, arguments.port) as listener,
    ):
        url = _url_of(listener)
        address.write_text(url)
        os.environ.setdefault("PILOTLINE_URL", url)
        service = Service(listener, cluster)
        service.warm_up()
        _prepare(demonstration=arguments.demonstration)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, service.stop)
        say(_("Starting web server and worker"))
        service.run(lambda status: _tell(url, status, home))
        say(_("Stopping"))
    return 0


@contextmanager
def _alone(home: Path) -> Iterator[Path]:
    """One service a data folder; yields the file in which the address is kept for the second."""
    address = home / "address"
    with (home / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            where = address.read_text() if address.exists() else "…"
            raise PilotlineError(
                _("Pilotline runs here already: {address}").format(address=where)
            ) from error
        address.unlink(missing_ok=True)
        try:
            yield address
        finally:
            address.unlink(missing_ok=True)


def _prepare(*, demonstration: bool) -> None:
    """Bring the database up to date in a process of its own, whose memory is then given back."""
    option = "--demonstration" if demonstration else "--no-demonstration"
    argv = [sys.executable, "-m", "pilotline.config.command", "migrate", option]
    done = subprocess.run(argv, env=child_environment(), check=False)  # noqa: S603  our own module
    if done.returncode:
        raise PilotlineError(_("The database could not be brought up to date; see above."))


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _tell(url: str, status: int, home: Path) -> None:
    print(f"\n  Pilotline  {url}\n", flush=True)
    if status >= 500:
        say(_("The first page answers with an error ({status}); see above").format(status=status))
    for line in demonstration_lines(home):
        print(f"  {line}", flush=True)
    print("\n  " + _("Ctrl-C stops everything.") + "\n", flush=True)


def demonstration_lines(home: Path) -> list[str]:
    """The demonstration's log-ins as lines, where a demonstration was loaded."""
    if not (home / "demonstration").exists():
        return []
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotline.config.settings")
    from pilotline.config.demonstration import logins

    lines = [f"  {name:<20} {password:<24} {role}" for name, password, role in logins()]
    return [_("Demonstration log-ins:"), *lines]
