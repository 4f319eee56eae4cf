"""Servers and installations of their own for the tests of the command."""

import os
import shutil
import subprocess

import pytest

from pilotline.config.postgres import Cluster


def forget(folder):
    """Remove what root's servers keep outside of the data folder."""
    if os.geteuid() == 0:
        shutil.rmtree(Cluster(folder).folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A data folder as initdb leaves it: made once, because copying it is ten times faster."""
    home = tmp_path_factory.mktemp("made") / "home"
    server = Cluster(home)
    server.enter()
    server.leave()
    yield server
    forget(home)


@pytest.fixture
def home(tmp_path):
    """A data folder without anything in it."""
    folder = tmp_path / "data folder"
    folder.mkdir()
    yield folder
    forget(folder)


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
