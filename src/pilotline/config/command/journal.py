"""`pilotline journal verify`: has anybody tampered with the book of changes?"""

import argparse
from typing import Any

from pilotline.config.opening import opened
from pilotline.config.words import _

DIGEST_LENGTH = 64


def declare(commands: Any) -> None:
    parser = commands.add_parser("journal", help=_("the book of all changes"))
    verbs = parser.add_subparsers(metavar=_("VERB"), required=True)
    verify_parser = verbs.add_parser("verify", help=_("find changed, removed and forged entries"))
    verify_parser.add_argument(
        "--noted",
        type=_head,
        default=(0, ""),
        metavar=_("HEAD"),
        help=_("a head that an earlier run printed: shows as well whether later entries were cut"),
    )
    verify_parser.set_defaults(run=run)


def _head(text: str) -> tuple[int, str]:
    """`12:0f3a…`, as `verify` prints it."""
    number, _colon, digest = text.partition(":")
    if not number.isdigit() or len(digest) != DIGEST_LENGTH:
        raise argparse.ArgumentTypeError(_("a head is a number, a colon and a digest"))
    return int(number), digest


def run(arguments: argparse.Namespace) -> int:
    with opened():
        return verify(arguments.noted)


def verify(noted: tuple[int, str] = (0, "")) -> int:
    """Print every fault of the chain, or its length and head. Needs an opened installation."""
    from pilotline.desks.journal import queries

    faults = list(queries.verify(noted=noted))
    for fault in faults:
        print(fault)
    if faults:
        print(_("The journal was tampered with: {count} faults.").format(count=len(faults)))
        return 1
    length, digest = queries.chain_head()
    print(_("The journal is whole: {length} entries.").format(length=length))
    if length:
        print(_("Its head, to be noted elsewhere: {head}").format(head=f"{length}:{digest}"))
    return 0
