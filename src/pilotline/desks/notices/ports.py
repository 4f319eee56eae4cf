"""What notices needs of the world outside."""

from typing import Protocol


class Mailer(Protocol):
    """Sends one mail. Raises OSError (or a subclass) when it could not; then it is tried again."""

    def send(self, *, to: str, subject: str, text: str, link: str) -> None: ...


_connected: list[Mailer] = []


def connect(mailer: Mailer) -> None:
    """Called once by config when Django starts."""
    _connected[:] = [mailer]


def mailer() -> Mailer:
    """The mailer that config connected."""
    return _connected[0]
