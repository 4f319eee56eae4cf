"""`pilotline journal verify`: has anybody tampered with the book of changes?"""

import argparse
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _


def declare(commands: Any) -> None:
    parser = commands.add_parser("journal", help=_("the book of all changes"))
    verbs = parser.add_subparsers(metavar=_("VERB"), required=True)
    verify = verbs.add_parser("verify", help=_("find changed, removed and forged entries"))
    verify.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    with opened():
        return verify()


def verify() -> int:
    """Print every fault of the chain, or its length and head. Needs an opened installation."""
    from pilotline.desks.journal import queries

    faults = list(queries.verify())
    for fault in faults:
        print(fault)
    if faults:
        print(_("The journal was tampered with: {count} faults.").format(count=len(faults)))
        return 1
    length, head = queries.chain_head()
    print(
        _("The journal is whole: {length} entries, newest digest {head}.").format(
            length=length, head=head or "–"
        )
    )
    return 0
