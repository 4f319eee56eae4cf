"""A contract that import-linter lacks: some files of a room are for that room alone."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class PrivateFilesContract(Contract):  # type: ignore[misc]
    """In every room below `containers`, the files named in `private` are imported from that room
    only. A room that stands above all the others (`config`) is no exception."""

    containers = fields.ListField(subfield=fields.ModuleField())
    private = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        leaks = [
            leak
            for container in self.containers
            for room in graph.find_children(container.name)
            for name in self.private
            for leak in _leaks(graph, room, f"{room}.{name}")
        ]
        return ContractCheck(kept=not leaks, metadata={"leaks": sorted(leaks)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, target in check.metadata["leaks"]:
            output.print_error(f"{importer} reads {target}; ask its queries or services instead.")


def _leaks(graph: Any, room: str, target: str) -> list[tuple[str, str]]:
    if target not in graph.modules:
        return []
    return [
        (importer, inside)
        for inside in {target} | graph.find_descendants(target)
        for importer in graph.find_modules_that_directly_import(inside)
        if not f"{importer}.".startswith(f"{room}.")
    ]
