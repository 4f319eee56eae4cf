"""`pilotline benchmark NAME`: an engine beside its peers. Lives in the source tree only."""

import argparse
import sys
from importlib import import_module
from typing import Any

from pilotline.config.database import database
from pilotline.config.installation import source_tree
from pilotline.config.opening import claim_data_folder
from pilotline.config.words import _
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser(
        "benchmark", help=_("measure an engine beside its peers (source tree only)")
    )
    parser.add_argument("name", nargs="?", help=_("which; without one, the names are listed"))
    parser.add_argument("words", nargs=argparse.REMAINDER, help=_("its own options"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    tree = source_tree()
    if tree is None:
        raise PilotlineError(
            _("Benchmarks come with the source tree, not with the installed package.")
        )
    names = sorted(p.parent.name for p in (tree / "benchmarks").glob("*/__init__.py"))
    if arguments.name is None:
        print("\n".join(names))
        return 0
    if arguments.name not in names:
        raise PilotlineError(
            _("There is no benchmark {name}; there are: {names}.").format(
                name=arguments.name, names=", ".join(names)
            )
        )
    sys.path.insert(0, str(tree))
    benchmark = import_module(f"benchmarks.{arguments.name}")
    with database(claim_data_folder()):
        return int(benchmark.main(arguments.words) or 0)
