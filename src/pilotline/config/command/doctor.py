"""`pilotline doctor`: says in plain words what is wrong with this installation."""

import argparse
import os
from typing import Any

from pilotline.config.checkup import outside
from pilotline.config.checkup.finding import Finding, Level, fault, note, well
from pilotline.config.opening import claim_data_folder, opened, start_django
from pilotline.config.postgres import Cluster
from pilotline.config.words import _
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser("doctor", help=_("say what is wrong with this installation"))
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    claim_data_folder()
    findings = [finding for check in outside.CHECKS for finding in check()]
    findings += _opened_findings()
    for finding in findings:
        print(f"{finding.level.value}  {finding.text}")
    faults = sum(finding.level is Level.FAULT for finding in findings)
    print(_("{count} faults found.").format(count=faults) if faults else _("Nothing is wrong."))
    return 1 if faults else 0


def _opened_findings() -> list[Finding]:
    given = os.environ.get("DATABASE_URL")
    try:
        if not given and not Cluster(claim_data_folder()).data.exists():
            start_django()
            missing = note(_("There is no database yet: ./run or pilotline serve makes one."))
            return [*outside.settings(), missing]
        with opened() as cluster:
            return [*outside.settings(), _where(cluster), *_inside()]
    except PilotlineError as error:
        return [fault(str(error))]


def _where(cluster: Cluster | None) -> Finding:
    if cluster is None:
        return well(_("The database is the one of DATABASE_URL."))
    return well(_("The database is embedded, in {folder}").format(folder=cluster.data))


def _inside() -> list[Finding]:
    from pilotline.config.checkup import inside

    findings = [finding for check in inside.CHECKS for finding in check()]
    if any(finding.level is Level.FAULT for finding in findings):
        return findings  # what the tables hold cannot be asked before they are right
    return findings + [f for check in inside.CHECKS_OF_CONTENT for f in check()]
