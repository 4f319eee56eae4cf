"""`pilotline import FILE` and `pilotline export KIND FILE`: the catalogue as people's own lists."""

import argparse
from pathlib import Path
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _, django_language, say
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotFound, PilotlineError

LISTS = ("facilities", "tiers", "resources", "capabilities", "certificates")


def declare(commands: Any) -> None:
    import_parser = commands.add_parser(
        "import", help=_("read a list of facilities or an operator's catalogue (xlsx, csv)")
    )
    import_parser.add_argument("file", type=Path)
    import_parser.add_argument(
        "--as",
        dest="kind",
        choices=["facilities", "catalogue"],
        default="facilities",
        help=_("an official list of facilities, or what one operator has"),
    )
    import_parser.add_argument(
        "--organisation", type=int, help=_("number of the operator whose catalogue this is")
    )
    import_parser.add_argument("--source", default="", help=_("where the list was published"))
    import_parser.add_argument(
        "--yes", action="store_true", help=_("carry it out; without, only say what would happen")
    )
    import_parser.add_argument(
        "--annotated", type=Path, help=_("write the list with each row's fate to this xlsx")
    )
    import_parser.set_defaults(run=run_import)
    export_parser = commands.add_parser(
        "export", help=_("write what can be imported again: all as xlsx, or one list as csv")
    )
    export_parser.add_argument("kind", choices=LISTS)
    export_parser.add_argument("file", type=Path)
    export_parser.set_defaults(run=run_export)
    for parser in (import_parser, export_parser):
        parser.add_argument("--by", default="", help=_("log-in name of who does this"))


def actor_named(login: str) -> Actor:
    """The user of this log-in name, or the system itself for none. Raises NotFound."""
    from pilotline.desks.people.queries import actor_for, user_by_login

    if not login:
        return SYSTEM
    user = user_by_login(login)
    if user is None:
        raise NotFound(_("There is no user {name}.").format(name=login))
    return actor_for(user)


def run_import(arguments: argparse.Namespace) -> int:
    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise PilotlineError(f"{arguments.file}: {error.strerror}") from error
    with opened():
        from django.utils import timezone

        from pilotline.desks.registry import queries, services

        who = actor_named(arguments.by)
        upload = services.Upload(
            name=arguments.file.name,
            content=content,
            kind=services.OFFICIAL if arguments.kind == "facilities" else services.CATALOGUE,
            organisation=arguments.organisation,
            source_url=arguments.source,
        )
        file = services.plan_import(who=who, upload=upload, now=timezone.now())
        plan = queries.plan_of(file)
        _show(plan)
        if arguments.annotated:
            arguments.annotated.write_bytes(queries.annotated_file(file))
        if plan.does_something and arguments.yes:
            services.apply_import(who=who, pk=file.pk, now=timezone.now())
            print(_("Written."))
        elif plan.does_something:
            print(_("Nothing was written. Add --yes to carry this out."))
        return 1 if plan.counts["refused"] else 0


def _show(plan: Any) -> None:
    """Remarks, every refused row with its reasons, and how many rows meet which fate."""
    names = {
        "new": _("new"),
        "changed": _("changed"),
        "same": _("unchanged"),
        "refused": _("refused"),
        "ignored": _("left out"),
    }
    for remark in plan.remarks:
        say(remark)
    for fate in plan.fates:
        for cell, text in fate.problems:
            print(f"{fate.sheet} {fate.row} {cell}: {text}")
    print(" · ".join(f"{names[name]} {count}" for name, count in plan.counts.items()))


def run_export(arguments: argparse.Namespace) -> int:
    suffix = arguments.file.suffix.lower()
    if suffix not in {".xlsx", ".csv"}:
        raise PilotlineError(_("The file's name has to end in .xlsx or .csv."))
    if suffix == ".xlsx" and arguments.kind != "facilities":
        raise PilotlineError(
            _("A workbook holds all lists: export facilities, or give a .csv for one list.")
        )
    with opened():
        from pilotline.desks.registry import queries

        found = queries.facilities(actor_named(arguments.by))
        language = django_language()
        content = (
            queries.export_xlsx(found, language)
            if suffix == ".xlsx"
            else queries.export_csv(found, arguments.kind, language)
        )
        count = found.count()
    arguments.file.write_bytes(content)
    print(_("{file}: {count} facilities").format(file=arguments.file, count=count))
    return 0
