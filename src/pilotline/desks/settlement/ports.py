"""What settlement needs of the world outside."""

from collections.abc import Mapping
from typing import Any, Protocol


class Papers(Protocol):
    """Makes printable papers of frozen content, as `pdf` or `docx`, in one language."""

    def order(
        self,
        *,
        content: Mapping[str, Any],
        consents: list[Mapping[str, Any]],
        digest: str,
        language: str,
        form: str,
    ) -> bytes: ...

    def bill(
        self, *, content: Mapping[str, Any], digest: str, language: str, form: str
    ) -> bytes: ...

    def statement(self, *, content: Mapping[str, Any], language: str, form: str) -> bytes: ...


_connected: list[Papers] = []


def connect(papers: Papers) -> None:
    """Called once by config when Django starts."""
    _connected[:] = [papers]


def papers() -> Papers:
    """The printer that config connected."""
    return _connected[0]
