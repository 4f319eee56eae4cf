"""A whole installation is backed up, spoilt, and given back."""

import fcntl
import os
import stat
import subprocess
import sys

import psycopg
import pytest

from pilotline.config.postgres import Cluster

pytestmark = pytest.mark.slow


class Installation:
    def __init__(self, home):
        self.home = home
        self.cluster = Cluster(home)

    def run(self, *words):
        settings = {k: v for k, v in os.environ.items() if not k.startswith("PILOTLINE")}
        settings.pop("DATABASE_URL", None)
        settings |= {"PILOTLINE_HOME": str(self.home), "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(
            [sys.executable, "-m", "pilotline.config.command", "--lang", "en", *map(str, words)],
            cwd=self.home,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, question):
        with psycopg.connect(self.cluster.url) as connection:
            found = connection.execute(question)
            return found.fetchone() if found.description else None


@pytest.fixture
def here(home):
    """An installation with tables and rulebook, whose server stays up between commands."""
    installation = Installation(home)
    installation.cluster.enter()
    made = installation.run("migrate")
    assert made.returncode == 0, made.stderr
    yield installation
    installation.cluster.leave()


def test_installation_is_given_back(here, tmp_path):
    key = here.home / "secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = here.home / "attachments" / "ab" / "file"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"attachment")
    target = tmp_path / "backup.tar"
    assert here.run("backup", target).returncode == 0
    entries = here.ask("SELECT count(*) FROM journal_entry")
    here.ask("CREATE TABLE later (id int)")
    here.ask("DELETE FROM django_migrations")
    kept.write_bytes(b"changed")

    refused = here.run("restore", target)
    assert refused.returncode == 1
    assert "The database is not empty." in refused.stderr
    with (here.home / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        serving = here.run("restore", target, "--replace")
    assert (serving.returncode, serving.stderr) == (
        1,
        "[pilotline] Stop the running service first.\n",
    )

    done = here.run("restore", target, "--replace")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The journal is whole")
    assert here.ask("SELECT to_regclass('later')") == (None,)
    assert here.ask("SELECT count(*) > 0 FROM django_migrations") == (True,)
    assert here.ask("SELECT count(*) FROM journal_release") == (1,)
    assert here.ask("SELECT count(*) FROM journal_entry") == entries
    assert kept.read_bytes() == b"attachment"
