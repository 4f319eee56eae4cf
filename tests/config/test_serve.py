"""Keeping processes running, finding a port, telling who runs already."""

import os
import select
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pilotline.config import environment, serve, words
from pilotline.config.command.serve import _alone, _url_of
from pilotline.config.processes import WORKERS, web_workers
from pilotline.config.serve import Child, listen
from pilotline.kernel.errors import PilotlineError


@pytest.fixture(autouse=True)
def _english():
    words.choose_language("en")


@pytest.fixture
def child():
    made = Child("web", "The child", dict(os.environ), [])
    made._argv = [sys.executable, "-c", "raise SystemExit(3)"]
    yield made
    made.signal(signal.SIGKILL)
    if made.process is not None:
        made.process.wait()


def ended(child):
    child.process.wait()
    return child


def test_child_that_dies_is_started_again_after_growing_waits(child, capsys):
    now, waits = 0.0, []
    for _round in range(8):
        child.tend(now)
        ended(child).tend(now)
        waits.append(child._due - now)
        now = child._due
    assert waits == [0.5, 1, 2, 4, 8, 16, serve.LONGEST_WAIT, serve.LONGEST_WAIT]
    first = capsys.readouterr().err.splitlines()[0]
    assert first == "[pilotline] The child ended (exit 3); starting it again in 0.5 s"


def test_child_waits_until_it_is_due(child):
    child.tend(0.0)
    ended(child).tend(0.0)
    child.tend(0.4)
    assert child.process is None
    child.tend(0.5)
    assert child.process is not None


def test_child_that_is_held_back_starts_when_it_is_let_go(child):
    child.hold(until=60.0)
    child.tend(59.0)
    assert child.process is None
    child.hold(until=59.0)
    child.tend(59.0)
    assert child.process is not None


def test_steady_child_is_forgiven(child):
    child._wait = 16.0
    child.tend(0.0)
    ended(child).tend(serve.STEADY_AFTER + 1)
    assert child._wait == 1.0


def test_kill_is_named(child, capsys):
    child._argv = [sys.executable, "-c", "import time; time.sleep(60)"]
    child.tend(0.0)
    child.signal(signal.SIGKILL)
    ended(child).tend(1.0)
    assert "(SIGKILL)" in capsys.readouterr().err


def test_taken_port_moves_on_and_says_so(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as listener:
            found = listener.getsockname()[1]
            assert found > port
            assert _url_of(listener) == f"http://127.0.0.1:{found}"
    assert capsys.readouterr().err == f"[pilotline] Port {port} is taken; using {found}\n"


def test_who_connects_before_the_server_is_up_is_answered_without_delay():
    with listen("127.0.0.1", 0) as listener:
        early = socket.create_connection(listener.getsockname())
        taken, _address = listener.accept()
        with early, taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_strange_address_is_refused():
    with pytest.raises(PilotlineError, match="Cannot listen on"):
        listen("203.0.113.1", 8000)


def test_second_service_names_the_first(tmp_path):
    with _alone(tmp_path) as address:
        address.write_text("http://127.0.0.1:8000")
        told = r"runs here already: http://127.0.0.1:8000"
        with pytest.raises(PilotlineError, match=told), _alone(tmp_path):
            pass
    with _alone(tmp_path):
        assert not address.exists()


@pytest.mark.parametrize(("given", "wanted"), [("3", 3), ("0", None), ("many", None), ("", None)])
def test_web_workers_are_one_a_core_unless_told(monkeypatch, given, wanted):
    monkeypatch.setenv(WORKERS, given)
    assert web_workers() == (wanted or min(os.cpu_count(), 8))


def test_child_ends_when_its_parent_is_killed():
    """The lifeline: a pipe that closes with the parent, however it ends."""
    program = (
        "import os, sys, time; from pilotline.config.processes import hold_lifeline;"
        "hold_lifeline(); print('held', flush=True); time.sleep(60)"
    )
    reading, writing = os.pipe()
    held = subprocess.Popen(
        [sys.executable, "-c", program],
        pass_fds=[reading],
        stdout=subprocess.PIPE,
        env=os.environ
        | {"PILOTLINE_LIFELINE": str(reading), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert held.stdout.readline() == b"held\n"
    os.close(writing)
    assert held.wait(timeout=10) == -signal.SIGTERM
    held.stdout.close()
    os.close(reading)


def test_the_web_server_waits_at_the_gate_and_who_comes_later_goes_through():
    program = (
        "from pilotline.config.processes import wait_at_gate;"
        "print('here', flush=True); wait_at_gate(); print('through', flush=True)"
    )
    reading, writing = os.pipe()

    def comer():
        return subprocess.Popen(
            [sys.executable, "-c", program],
            pass_fds=[reading],
            stdout=subprocess.PIPE,
            env=os.environ
            | {"PILOTLINE_GATE": str(reading), "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    with comer() as first:
        assert first.stdout.readline() == b"here\n"
        assert select.select([first.stdout], [], [], 0.3)[0] == []
        os.close(writing)
        assert first.stdout.read() == b"through\n"
    with comer() as later:
        assert later.stdout.read() == b"here\nthrough\n"
    os.close(reading)


def test_two_who_want_the_key_at_one_moment_have_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("PILOTLINE_HOME", str(tmp_path))
    monkeypatch.delenv("PILOTLINE_SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _number: environment.secret_key(), range(32)))
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
