"""What only the opened database can tell: its age, tables, rulebook, worker, attachments."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from pilotline.config.checkup.finding import Check, Findings, fault, note, well
from pilotline.config.preparation import pending_migrations, rulebook_folder
from pilotline.config.programs import OLDEST
from pilotline.config.words import _
from pilotline.desks.journal import queries as journal
from pilotline.rulebook.check import check

EXTENSIONS = ("btree_gist", "pg_trgm")
HEARTBEAT_WITHIN = timedelta(minutes=1)


def database() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute(
            "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)]
        )
        there = {row[0] for row in cursor.fetchall()}
    if int(version.split(".")[0]) < OLDEST:
        yield fault(
            _("PostgreSQL {version} is too old; {oldest} is the oldest that works.").format(
                version=version, oldest=OLDEST
            )
        )
    else:
        yield well(f"PostgreSQL {version}")
    for name in EXTENSIONS:
        if name not in there:
            yield fault(
                _("The extension {name} is missing: install PostgreSQL's contrib package.").format(
                    name=name
                )
            )


def tables() -> Findings:
    pending = pending_migrations()
    if pending:
        yield fault(
            _("{count} migrations are pending: run pilotline migrate.").format(count=len(pending))
        )
    else:
        yield well(_("Tables are up to date."))


def rulebook() -> Findings:
    folder = rulebook_folder()
    faults = list(check(folder)) if folder.is_dir() else []
    if faults:
        yield fault(
            _("The rulebook {folder} has {count} faults: run pilotline rulebook check.").format(
                folder=folder, count=len(faults)
            )
        )
    if not journal.has_release():
        yield fault(_("No rulebook is published: run pilotline rulebook publish."))
        return
    number, digest = journal.current_release()
    yield well(
        _("Rulebook release {number} is in force ({digest}).").format(
            number=number, digest=digest[:12]
        )
    )


def outbox() -> Findings:
    stuck = journal.outbox_counts()["stuck"]
    if stuck:
        yield fault(
            _("{count} events are stuck: the operator of the system sees why.").format(count=stuck)
        )
    else:
        yield well(_("No event is stuck."))


def worker() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        last = cursor.fetchone()[0]
    if last is None or timezone.now() - last > HEARTBEAT_WITHIN:
        yield note(_("No worker is running: nothing is done in the background until one does."))
    else:
        yield well(_("A worker is running."))


def attachments() -> Findings:
    from pilotline.desks.calls.queries import application_paper_names
    from pilotline.desks.demand.queries import attachment_names
    from pilotline.desks.registry.queries import paper_names

    folder = Path(settings.HOME) / "attachments"
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    known = {*attachment_names(), *paper_names(), *application_paper_names()}
    missing, loose = len(known - there), len(there - known)
    if missing:
        yield fault(
            _("{count} attachments are recorded but their files are missing.").format(count=missing)
        )
    if loose:
        yield note(_("{count} files belong to no record.").format(count=loose))
    if not missing and not loose:
        yield well(_("{count} attachments, all in place").format(count=len(known)))


CHECKS: tuple[Check, ...] = (database, tables)
CHECKS_OF_CONTENT: tuple[Check, ...] = (rulebook, outbox, worker, attachments)
