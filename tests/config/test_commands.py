"""The commands inside the tests' own database: what they print, and how they end."""

import io
import os
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState
from django.utils import translation

from pilotline.config import words
from pilotline.config.command import main
from pilotline.config.installation import data_folder
from pilotline.desks.foundation import Foundation
from pilotline.desks.journal import queries as journal
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM

PASSWORD = "Rather-long-9-words"


@pytest.fixture
def command(rulebook, bare_command):
    """Runs one command where a rulebook is in force."""
    return bare_command


@pytest.fixture
def bare_command(db, monkeypatch, capsys):
    """Runs one command; the answer is its exit code, its output and what it said meanwhile."""
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}:{quote(given['PASSWORD'])}@/{given['NAME']}"
    place = f"?host={quote(given['HOST'])}&port={given['PORT'] or 5432}"
    monkeypatch.setenv("DATABASE_URL", url + place)
    before = translation.get_language()

    def run(*argv, lang="en", typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = main(["--lang", lang, *map(str, argv)])
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    yield run
    words.choose_language("en")
    translation.activate(before)


def faults_in(printed):
    return [line[4:] for line in printed.splitlines() if line.startswith("!!")]


def test_every_change_of_a_model_has_its_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_desks_first_tables_are_made_with_nothing_in_between():
    mixed = Foundation("mixed", "journal")
    mixed.operations = [RunSQL("SELECT 1")]
    with pytest.raises(TypeError, match="may only create models"):
        mixed.apply(ProjectState(), None)


def test_there_is_one_table_of_who_may_what(db):
    call_command("migrate", verbosity=0)
    assert not Permission.objects.exists()
    assert not ContentType.objects.exists()


def test_doctor_finds_nothing_wrong(command):
    code, out, _err = command("doctor")
    assert (faults_in(out), code) == ([], 0)
    assert out.splitlines()[-1] == "Nothing is wrong."


def test_doctor_answers_in_chinese(command):
    assert command("doctor", lang="zh")[1].splitlines()[-1] == "一切正常。"


def test_doctor_sees_an_open_key(command, monkeypatch, tmp_path):
    monkeypatch.delenv("PILOTLINE_SECRET_KEY")
    monkeypatch.setenv("PILOTLINE_HOME", str(tmp_path))
    key = tmp_path / "secret-key"
    key.write_text("key")
    key.chmod(0o644)
    code, out, _err = command("doctor")
    assert code == 1
    assert faults_in(out) == [f"Others can read the secret key. Close it: chmod 600 {key}"]


def test_doctor_sees_debugging(command, settings):
    settings.DEBUG = True
    told = ["PILOTLINE_DEBUG is on: errors show inner workings to everybody."]
    assert faults_in(command("doctor")[1]) == told


def test_doctor_sees_that_no_rulebook_is_published(bare_command):
    told = ["No rulebook is published: run pilotline rulebook publish."]
    assert faults_in(bare_command("doctor")[1]) == told


def test_doctor_tells_of_a_database_that_does_not_answer(command, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://a@/b?host={tmp_path}")
    code, out, _err = command("doctor")
    assert code == 1
    assert "The database of DATABASE_URL does not answer" in out


def test_doctor_waits_for_the_first_start(command, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("PILOTLINE_HOME", str(tmp_path / "new"))
    code, out, _err = command("doctor")
    assert code == 0
    assert "There is no database yet" in out


def test_user_is_made_with_a_role(command):
    argv = ["user", "create", "wang.li", "--email", "wang.li@example.com", "--role", "sysop"]
    assert command(*argv, typed=f"{PASSWORD}\n") == (0, "User wang.li can log in.\n", "")
    made = people.user_by_login("wang.li")
    assert made.check_password(PASSWORD)
    assert people.actor_for(made).roles == {"sysop"}
    code, _out, err = command(*argv, typed=f"{PASSWORD}\n")
    assert code == 1
    assert "username" in err


def test_user_with_a_wrong_role_is_not_made(command):
    argv = ["user", "create", "li.na", "--email", "li@example.com", "--role", "authority"]
    code, _out, err = command(*argv, "--region", "999999", typed=f"{PASSWORD}\n")
    assert (code, err[:20]) == (1, "[pilotline] region: ")
    assert people.user_by_login("li.na") is None


def test_rulebook_in_force_is_not_published_twice(command):
    before = journal.current_release()
    code, _out, err = command("rulebook", "publish")
    assert (code, err) == (1, "[pilotline] This rulebook is in force already.\n")
    assert journal.current_release() == before


def test_rulebook_is_published_by_the_operator_of_the_system_only(command):
    command("user", "create", "plain", "--email", "p@example.com", typed=f"{PASSWORD}\n")
    code, _out, err = command("rulebook", "publish", "--by", "plain")
    assert code == 1
    assert "Only the operator of the system" in err


def test_unknown_publisher_is_told(command):
    told = (1, "", "[pilotline] There is no user nobody.\n")
    assert command("rulebook", "publish", "--by", "nobody") == told


def test_rulebooks_that_come_with_us_are_sound(command):
    code, out, _err = command("rulebook", "check")
    assert code == 0
    assert out.splitlines()[0].endswith("no faults")


@pytest.mark.parametrize(("lang", "last"), [("en", "faults"), ("zh", "处错误")])
def test_rulebook_faults_have_file_and_line(command, tmp_path, lang, last):
    (tmp_path / "cities.yaml").write_text("entries: [\n")
    code, out, _err = command("rulebook", "check", tmp_path, lang=lang)
    assert code == 1
    assert f"{tmp_path.name}/cities.yaml:2: " in out
    assert out.splitlines()[-1].endswith(last)


def test_import_says_what_it_would_do_and_does_it_when_told(command, tmp_path):
    book, marked = tmp_path / "list.csv", tmp_path / "marked.xlsx"
    head = "平台名称,运营单位,所在市,领域,级别,年份,来源\n"
    row = "甲中试平台,甲公司,济南市,高端化工,省级,2025,https://example.com/a\n"
    book.write_text(head + row, encoding="utf-8-sig")
    code, out, _err = command("import", book)
    assert out.splitlines()[-1] == "Nothing was written. Add --yes to carry this out."
    assert registry.facilities(SYSTEM).count() == 0
    code, out, _err = command("import", book, "--yes", "--annotated", marked)
    assert (code, out.splitlines()[-1]) == (0, "Written.")
    assert [f.name for f in registry.facilities(SYSTEM)] == ["甲中试平台"]
    assert marked.read_bytes().startswith(b"PK")
    again = "new 0 · changed 0 · unchanged 1 · refused 0 · left out 0"
    assert command("import", book, "--yes")[1].splitlines() == [again]


def test_import_tells_of_refused_rows(command, tmp_path):
    book = tmp_path / "list.csv"
    book.write_text("平台名称,所在市\n乙中试平台,不存在市\n", encoding="utf-8-sig")
    code, out, _err = command("import", book, "--yes")
    assert code == 1
    assert "refused 1" in out.splitlines()[-1]
    assert registry.facilities(SYSTEM).count() == 0


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [("facilities", "all.xlsx", 0), ("facilities", "f.csv", 0), ("tiers", "t.csv", 0)],
)
def test_export_writes_what_import_takes(command, tmp_path, kind, name, count):
    code, out, _err = command("export", kind, tmp_path / name)
    assert (code, out) == (0, f"{tmp_path / name}: {count} facilities\n")
    assert command("import", tmp_path / name)[0] == 0


@pytest.mark.parametrize(("kind", "name"), [("facilities", "all.pdf"), ("tiers", "all.xlsx")])
def test_export_refuses_what_it_cannot_write(command, tmp_path, kind, name):
    assert command("export", kind, tmp_path / name)[0] == 1
    assert not (tmp_path / name).exists()


def test_file_that_is_not_there_is_told(command, tmp_path):
    code, _out, err = command("import", tmp_path / "nothing.xlsx")
    assert code == 1
    assert "nothing.xlsx" in err


def test_journal_is_whole_until_somebody_changes_it(command):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # entries are chained at the commit
    code, out, _err = command("journal", "verify")
    assert (code, out.splitlines()[0]) == (0, "The journal is whole: 1 entries.")
    head = out.split()[-1]
    assert command("journal", "verify", "--noted", head)[0] == 0
    assert command("journal", "verify", "--noted", f"2:{head[2:]}")[0] == 1
    assert command("journal", "verify", "--noted", "nonsense")[0] == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET body = replace(body, 'publish', 'discard')")
    code, out, _err = command("journal", "verify")
    assert code == 1
    assert out.splitlines()[-1] == "The journal was tampered with: 2 faults."


def test_unknown_benchmark_is_told(command):
    code, _out, err = command("benchmark", "nonsense")
    assert code == 1
    assert "There is no benchmark nonsense" in err


def test_backup_into_a_missing_folder_is_told(command, tmp_path):
    code, _out, err = command("backup", tmp_path / "no" / "b.tar")
    assert (code, err) == (1, f"[pilotline] There is no folder {tmp_path / 'no'}.\n")


@pytest.mark.parametrize(("lang", "word"), [("en", "the main command"), ("zh", "主要命令")])
def test_help_is_in_both_languages(command, lang, word):
    code, out, _err = command("--help", lang=lang)
    assert code == 0
    assert word in out


def test_unknown_command_is_refused(command):
    assert command("nonsense")[0] == 2


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_language_follows_the_environment(monkeypatch, environment, language):
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.choose_language() == language
    words.choose_language("en")


def test_data_folder_is_named_or_beside_the_source(monkeypatch):
    monkeypatch.delenv("PILOTLINE_HOME")
    assert data_folder().name == "var"
    monkeypatch.setenv("PILOTLINE_HOME", "relative")
    assert data_folder() == data_folder().absolute()
    assert str(data_folder()) == os.path.join(os.getcwd(), "relative")
