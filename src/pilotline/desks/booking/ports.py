"""What booking needs of the world outside."""

from typing import Any, Protocol


class Printer(Protocol):
    """Makes a printable document. `content` is what web and gateways agree a quotation says."""

    def quotation(self, *, content: dict[str, Any], language: str) -> bytes: ...


_connected: list[Printer] = []


def connect(printer: Printer) -> None:
    """Called once by config when Django starts."""
    _connected[:] = [printer]


def printer() -> Printer:
    """The printer that config connected."""
    return _connected[0]
