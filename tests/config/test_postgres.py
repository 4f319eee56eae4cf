"""The embedded PostgreSQL: started once, shared, closed to the network, taken over after a kill."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from pilotline.config import orphans, postgres
from pilotline.config.database import check_given, database
from pilotline.config.postgres import Cluster
from pilotline.config.programs import DatabaseTrouble, find_programs


def ask(server, question):
    with psycopg.connect(server.url) as connection:
        return connection.execute(question).fetchone()[0]


def pid_of(server):
    return orphans.recorded_pid(server.data)


def test_it_is_durable_and_closed_to_the_network(cluster):
    settings = {name: ask(cluster, f"SHOW {name}") for name in ("fsync", "listen_addresses")}
    assert settings == {"fsync": "on", "listen_addresses": ""}
    assert ask(cluster, "SHOW full_page_writes") == "on"
    assert cluster.sockets.stat().st_mode & 0o077 == 0


def test_text_is_utf8_and_sorted_the_same_everywhere(cluster):
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SELECT datcollate FROM pg_database WHERE datname = 'pilotline'") == (
        "C.UTF-8"
    )


@pytest.mark.parametrize("extension", ["btree_gist", "pg_trgm"])
def test_extensions_are_there(cluster, extension):
    with psycopg.connect(cluster.url) as connection:
        connection.execute(f"CREATE EXTENSION {extension}")


def test_the_last_to_leave_stops_it(cluster, home):
    second = Cluster(home)
    second.enter()
    pid = pid_of(cluster)
    assert pid_of(second) == pid
    cluster.leave()
    assert orphans.is_running(pid)
    assert ask(second, "SELECT 1") == 1
    second.leave()
    assert not orphans.is_running(pid)


def test_leaving_twice_is_leaving_once(cluster):
    cluster.leave()
    cluster.leave()
    assert not cluster.is_alive()


def test_what_was_committed_outlives_a_kill(cluster):
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        for n in range(50):
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
        os.kill(pid_of(cluster), signal.SIGKILL)
    while cluster.is_alive():
        time.sleep(0.01)
    cluster.revive()
    assert ask(cluster, "SELECT count(*) FROM kept") == 50


def test_busy_backend_without_a_parent_does_not_block_the_next_start(cluster):
    connection = psycopg.connect(cluster.url, autocommit=True)
    connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
    connection.pgconn.flush()
    time.sleep(0.2)
    os.kill(pid_of(cluster), signal.SIGKILL)
    while cluster.is_alive():
        time.sleep(0.01)
    began = time.monotonic()
    cluster.revive()
    connection.close()
    assert time.monotonic() - began < 20
    assert ask(cluster, "SELECT 1") == 1


def test_server_of_a_killed_process_is_taken_over(home):
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from pilotline.config.postgres import Cluster;"
        "Cluster(Path(sys.argv[1])).enter(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    heir = Cluster(home)
    orphan = pid_of(heir)
    assert orphan is not None
    heir.enter()
    assert pid_of(heir) == orphan
    heir.leave()
    assert not orphans.is_running(orphan)


def test_careless_server_is_for_tests_only(home):
    server = Cluster(home, durable=False)
    server.enter()
    try:
        assert ask(server, "SHOW fsync") == "off"
        assert server.folder != Cluster(home).folder
    finally:
        server.leave()


def test_long_paths_get_a_short_socket_folder(tmp_path):
    server = Cluster(tmp_path / ("很长的文件夹" * 12))
    if os.geteuid() != 0:
        assert server.sockets != server.folder
    assert len(os.fsencode(server.sockets)) <= postgres.LONGEST_SOCKET_FOLDER


def test_data_of_another_major_version_is_not_touched(cluster, home):
    cluster.leave()
    version = cluster.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(DatabaseTrouble, match="made by PostgreSQL 9"):
        cluster.enter()
    assert version.read_text() == "9\n"


def test_server_that_cannot_start_says_why(cluster):
    cluster.leave()
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.write("\nno_such_setting = 1\n")
    with pytest.raises(DatabaseTrouble, match="no_such_setting"):
        cluster.enter()


def test_interrupted_initdb_is_begun_again(home):
    server = Cluster(home)
    (server.folder / "draft" / "base").mkdir(parents=True)
    postgres._give_to_server(server.folder)
    server.enter()
    try:
        assert ask(server, "SELECT 1") == 1
    finally:
        server.leave()


def test_zombie_in_the_pid_file_is_forgotten(tmp_path):
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    while orphans._state(zombie.pid) != "Z":
        time.sleep(0.01)
    place = tmp_path / "postmaster.pid"
    place.write_text(f"{zombie.pid}\n{tmp_path}\n1\n")
    assert not orphans.is_running(zombie.pid)
    orphans.forget_zombie(tmp_path)
    assert place.read_text() == f"{os.getpid()}\n{tmp_path}\n1\n"
    zombie.wait()


def test_living_process_in_the_pid_file_is_kept(tmp_path):
    place = tmp_path / "postmaster.pid"
    place.write_text("1\nrest\n")
    orphans.forget_zombie(tmp_path)
    assert place.read_text() == "1\nrest\n"
    assert orphans.recorded_pid(tmp_path) is None


def test_given_database_wins(cluster, home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", cluster.url)
    with database(home / "elsewhere") as own:
        assert own is None
    assert os.environ["DATABASE_URL"] == cluster.url
    assert not (home / "elsewhere").exists()


def test_given_database_that_does_not_answer_is_told(tmp_path):
    with pytest.raises(DatabaseTrouble, match="does not answer"):
        check_given(f"postgresql://nobody@/nothing?host={tmp_path}")


def test_given_database_that_is_too_old_is_told(cluster, monkeypatch):
    monkeypatch.setattr("pilotline.config.database.OLDEST", 99)
    with pytest.raises(DatabaseTrouble, match="PostgreSQL 99 or newer is needed"):
        check_given(cluster.url)


def test_missing_programs_are_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PILOTLINE_POSTGRES", str(tmp_path))
    with pytest.raises(DatabaseTrouble, match=r"No PostgreSQL 15 or newer was found"):
        find_programs()


def test_system_programs_serve_where_no_wheel_does(home, monkeypatch):
    monkeypatch.setattr("pilotline.config.programs._wheel_programs", lambda: None)
    try:
        programs = find_programs()
    except DatabaseTrouble:
        pytest.skip("this machine has no PostgreSQL of its own")
    server = Cluster(home)
    server.enter()
    try:
        assert ask(server, "SHOW server_version").split()[0].split(".")[0] == str(programs.major)
    finally:
        server.leave()
