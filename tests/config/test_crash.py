"""A whole service, parts of which are killed without warning: nothing acknowledged is lost."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from pilotline.config import orphans
from pilotline.config.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"^  Pilotline  http://127\.0\.0\.1:(\d+)$", re.M)
PATIENCE = 120

pytestmark = pytest.mark.slow


class Served:
    """`pilotline serve` as a process of its own, with its output in a file."""

    def __init__(self, home):
        self.home = home
        self.log = home.parent / "serve.log"
        self.port = 0
        self.process = None

    def start(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PILOTLINE")}
        environment.pop("DATABASE_URL", None)
        environment |= {
            "PILOTLINE_HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PILOTLINE_WEB_WORKERS": "1",
        }
        argv = ["-m", "pilotline.config.command", "--lang=en", "serve", "--no-demonstration"]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, *argv, "--port", "18700"],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: ADDRESS.search(self.said()) or self.process.poll() is not None)
        found = ADDRESS.search(self.said())
        assert found, self.said()
        self.port = int(found[1])

    def said(self):
        return self.log.read_text()

    def status(self):
        """The status of the first page, or None while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def pids(self, name):
        """The processes that this service started under that name, the oldest first."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                settings = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            named = f"PILOTLINE_HOME={self.home}".encode() in settings
            if named and name.encode() in words and b"pilotline.config.processes" in words:
                found.append(int(entry.name))
        # Numbers wrap around, so age is told by the start time, not by the number.
        return sorted(
            found,
            key=lambda pid: int(
                Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
            ),
        )

    def postgres(self):
        return orphans.recorded_pid(Cluster(self.home).data)

    def write(self, number):
        """Commit one row; returning means that it was acknowledged."""
        with psycopg.connect(Cluster(self.home).url, connect_timeout=5) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (n int)")
            connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])

    def rows(self):
        with psycopg.connect(Cluster(self.home).url, connect_timeout=5) as connection:
            return [n for (n,) in connection.execute("SELECT n FROM acknowledged ORDER BY n")]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def wait_for(condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def served(new_home):
    home = new_home()
    service = Served(home)
    service.start()
    yield service
    if service.process.poll() is None:
        service.stop()
    left = Cluster(home)
    left.enter()
    left.leave()


def test_it_answers(served):
    assert served.status() == 200


@pytest.mark.parametrize("name", ["web", "worker"])
def test_killed_process_is_started_again(served, name):
    before = served.pids(name)
    os.kill(before[0], signal.SIGKILL)
    title = {"web": "The web server", "worker": "The worker"}[name]
    # What the killed process had started may answer a little longer, so its word comes first.
    wait_for(lambda: f"{title} ended (SIGKILL); starting it again" in served.said())
    wait_for(lambda: set(served.pids(name)) - set(before))
    wait_for(lambda: served.status() == 200)


def test_killed_database_is_started_again_and_keeps_what_it_acknowledged(served):
    for number in range(20):
        served.write(number)
    dead = served.postgres()
    os.kill(dead, signal.SIGKILL)
    wait_for(lambda: served.postgres() not in (None, dead))
    wait_for(lambda: served.status() == 200)
    assert served.rows() == list(range(20))
    assert "PostgreSQL ended; starting it again" in served.said()


def test_killed_supervisor_leaves_no_process_but_the_database(served):
    served.write(20)
    database = served.postgres()
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait()
    wait_for(lambda: served.pids("web") + served.pids("worker") == [], patience=30)
    assert orphans.is_running(database)
    served.start()
    assert served.postgres() == database
    assert served.status() == 200
    assert served.rows() == list(range(21))


def test_everything_killed_at_once_comes_back(served):
    served.write(21)
    everything = [served.process.pid, *served.pids("web"), *served.pids("worker")]
    for pid in [*everything, served.postgres()]:
        os.kill(pid, signal.SIGKILL)
    served.process.wait()
    served.start()
    assert served.status() == 200
    assert served.rows() == list(range(22))


def test_second_start_has_little_to_do(served):
    assert served.stop() == 0
    served.start()
    assert "Bringing the tables up to date" not in served.said()
    assert "Collecting the static files" not in served.said()


def test_ctrl_c_leaves_nothing_behind(served):
    database = served.postgres()
    began = time.monotonic()
    assert served.stop() == 0
    assert time.monotonic() - began < 15
    assert served.pids("web") + served.pids("worker") == []
    assert not orphans.is_running(database)
    assert not (served.home / "address").exists()
