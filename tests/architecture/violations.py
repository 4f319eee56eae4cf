"""Runs the import contracts over a copy of the source with one violation planted at a time.

Runs as a process of its own, because the linter finds a package by importing's own rules and
the tests have imported the real one already. Reads JSON from stdin, answers JSON on stdout.
"""

import json
import sys
from pathlib import Path

from importlinter import configuration
from importlinter.application import use_cases


def broken(config: Path, cache: Path) -> list[str]:
    """The ids of the contracts that do not hold."""
    options = use_cases.read_user_options(str(config))
    use_cases._register_contract_types(options)
    report = use_cases.create_report(options, cache_dir=str(cache))
    ids = {contract["name"]: contract["id"] for contract in options.contracts_options}
    return sorted(
        ids[contract.name]
        for contract, check in report.get_contracts_and_checks()
        if not check.kept
    )


def plant(source: Path, name: str, line: str) -> dict[Path, str | None]:
    """Append the line to the file, making the file and its room if need be.

    A file that has grown into a folder takes the line in the folder's `__init__.py`.
    """
    place = source / "pilotline" / name
    if place.with_suffix("").is_dir():
        place = place.with_suffix("") / "__init__.py"
    touched = {place: place.read_text() if place.exists() else None}
    for folder in (place.parent, *place.parent.parents):
        if folder == source:
            break
        if not (folder / "__init__.py").exists():
            folder.mkdir(parents=True, exist_ok=True)
            touched[folder / "__init__.py"] = None
            (folder / "__init__.py").write_text("")
    place.write_text((touched[place] or "") + f"\n{line}\n")
    return touched


def undo(touched: dict[Path, str | None]) -> None:
    for path, text in touched.items():
        if text is None:
            path.unlink()
        else:
            path.write_text(text)


def main() -> None:
    order = json.load(sys.stdin)
    source = Path(order["source"])
    sys.path[:0] = [str(source), order["root"]]
    configuration.configure()
    config, cache = Path(order["config"]), source.parent / "cache"
    answers = {"": broken(config, cache)}
    for title, (name, line) in order["violations"].items():
        touched = plant(source, name, line)
        answers[title] = broken(config, cache)
        undo(touched)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
