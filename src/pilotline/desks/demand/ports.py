"""What demand needs of the world outside."""

from typing import Any, Protocol


class Printer(Protocol):
    """Makes a printable document. `content` is the content of a receipt."""

    def receipt(
        self, *, content: dict[str, Any], digest: str, check_address: str, language: str
    ) -> bytes: ...


_connected: list[Printer] = []


def connect(printer: Printer) -> None:
    """Called once by config when Django starts."""
    _connected[:] = [printer]


def printer() -> Printer:
    """The printer that config connected."""
    return _connected[0]
