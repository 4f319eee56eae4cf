"""Servers and installations of their own for the tests of the command."""

import os
import shutil
import subprocess

import pytest

from pilotline.config.postgres import Cluster


@pytest.fixture(scope="session")
def new_home(tmp_path_factory):
    """Makes data folders; what root's servers keep outside of them goes as well at the end."""
    made = []

    def make():
        made.append(tmp_path_factory.mktemp("installation") / "data folder")
        made[-1].mkdir()
        return made[-1]

    yield make
    for home in made if os.geteuid() == 0 else []:
        shutil.rmtree(Cluster(home).folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def made_once(new_home):
    """A database folder as initdb leaves it: made once, because copying it is much faster."""
    server = Cluster(new_home())
    server.enter()
    server.leave()
    return server


@pytest.fixture
def home(new_home):
    """A data folder without anything in it."""
    return new_home()


@pytest.fixture
def cluster(home, made_once):
    """A server that runs on a fresh database, and does not outlive the test."""
    server = Cluster(home)
    server.folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", made_once.folder, server.folder], check=True)
    server.enter()
    yield server
    server.leave()
    if server._process is not None:  # another of the test's servers stopped it
        server._process.wait(timeout=10)
