"""A backup gives back what it took, and one that was changed is refused."""

import io
import json
import tarfile
from datetime import UTC, datetime

import psycopg
import pytest

from pilotline.config import archive
from pilotline.config.archive import BrokenBackup, restore_database, unpack, write_backup
from pilotline.kernel.errors import PilotlineError

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def filled(cluster, tmp_path):
    """A database with rows in Chinese, an extension, and two attachments."""
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE needs (id int PRIMARY KEY, title text)")
        connection.execute("INSERT INTO needs VALUES (1, '加氢中试'), (2, 'it''s a; test')")
    attachments = tmp_path / "attachments"
    (attachments / "ab").mkdir(parents=True)
    (attachments / "ab" / "报告.pdf").write_bytes(b"%PDF" + bytes(range(256)) * 100)
    (attachments / "note.txt").write_text("two\n")
    return cluster, attachments


@pytest.fixture
def backup(filled, tmp_path):
    cluster, attachments = filled
    target = tmp_path / "out" / "monday.tar"
    target.parent.mkdir()
    count = write_backup(url=cluster.url, attachments=attachments, target=target, now=NOW)
    assert count == 3
    return target


def rows(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT id, title FROM needs ORDER BY id").fetchall()


def rewrite(source, change):
    """The tar again, with `change(name, data)` in place of each part; None leaves it out."""
    target = source.with_name("changed.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            data = change(member.name, old.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return target


def test_backup_is_whole_and_closed_to_others(backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in backup.parent.iterdir()] == ["monday.tar"]
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile(archive.MANIFEST))
    assert sorted(manifest["parts"]) == [
        "attachments/ab/报告.pdf",
        "attachments/note.txt",
        "database.dump",
    ]
    assert manifest["made_at"] == "2026-11-22T03:00:00+00:00"


def test_restore_gives_back_rows_and_files(filled, backup, tmp_path):
    cluster, attachments = filled
    with psycopg.connect(cluster.url) as connection:
        connection.execute("DELETE FROM needs")
        connection.execute("CREATE TABLE later (id int)")
    place = tmp_path / "place"
    place.mkdir()
    unpack(backup, place)
    restore_database(url=cluster.url, dump=place / archive.DUMP)
    assert rows(cluster.url) == [(1, "加氢中试"), (2, "it's a; test")]
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
        assert connection.execute("SELECT similarity('abc', 'abc')").fetchone() == (1,)
    for path in (p for p in attachments.rglob("*") if p.is_file()):
        copy = place / archive.ATTACHMENTS / path.relative_to(attachments)
        assert copy.read_bytes() == path.read_bytes()


def test_restore_that_fails_leaves_everything_as_it_was(filled, tmp_path):
    cluster, _attachments = filled
    broken = tmp_path / "broken.dump"
    broken.write_bytes(b"PGDMP nonsense")
    with pytest.raises(PilotlineError, match="pg_restore failed"):
        restore_database(url=cluster.url, dump=broken)
    assert rows(cluster.url) == [(1, "加氢中试"), (2, "it's a; test")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda name, data: data + b"x" if name.endswith("note.txt") else data, "note.txt"),
        (lambda name, data: None if name.endswith("note.txt") else data, "note.txt"),
        (lambda name, data: None if name == archive.MANIFEST else data, "not a whole"),
        (lambda name, data: b"{}" if name == archive.MANIFEST else data, "not a whole"),
    ],
    ids=["changed", "left out", "no manifest", "empty manifest"],
)
def test_changed_backup_is_refused(backup, tmp_path, change, told):
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(BrokenBackup, match=told):
        unpack(rewrite(backup, change), place)


def test_part_that_was_slipped_in_is_refused(backup, tmp_path):
    with tarfile.open(backup, "a") as tar:
        info = tarfile.TarInfo("attachments/extra.txt")
        tar.addfile(info, io.BytesIO())
    (tmp_path / "place").mkdir()
    with pytest.raises(BrokenBackup, match=r"extra\.txt"):
        unpack(backup, tmp_path / "place")


def test_part_outside_of_the_folder_is_refused(tmp_path):
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.addfile(tarfile.TarInfo("../outside.txt"), io.BytesIO())
    (tmp_path / "place").mkdir()
    with pytest.raises(BrokenBackup, match="not a whole"):
        unpack(evil, tmp_path / "place")
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b\x08nonsense"])
def test_file_that_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "place").mkdir()
    with pytest.raises(BrokenBackup, match="not a whole Pilotline backup"):
        unpack(tmp_path / "file", tmp_path / "place")


def test_cut_short_backup_is_refused(backup, tmp_path):
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    (tmp_path / "place").mkdir()
    with pytest.raises(BrokenBackup):
        unpack(backup, tmp_path / "place")


def test_password_is_not_in_the_command_line(monkeypatch):
    seen = {}

    def record(argv, **options):
        seen.update(argv=argv, environment=options["env"])
        raise RuntimeError

    monkeypatch.setattr(archive, "run", record)
    with pytest.raises(RuntimeError):
        archive._checked(["pg_dump"], "postgresql://me:secret@db.example:5433/pilotline")
    assert "secret" not in " ".join(seen["argv"])
    wanted = {"PGPASSWORD": "secret", "PGHOST": "db.example", "PGPORT": "5433", "PGUSER": "me"}
    assert {k: seen["environment"][k] for k in wanted} == wanted
