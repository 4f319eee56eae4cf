"""What a killed PostgreSQL leaves behind: a pid file, zombies, busy backends without a parent.

PostgreSQL's own pid file guards the data against two servers at once, so it is never deleted.
What /proc cannot tell (outside Linux) is left to time.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def recorded_pid(data: Path) -> int | None:
    """The main process that the pid file names, if that process still works on this folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    # After a reboot the number may belong to anybody: believe it only with the right folder.
    if PROC.is_dir() and not _works_in(pid, data):
        return None
    return pid


def is_running(pid: int) -> bool:
    """True for a living process; a zombie has ended and only waits to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def end_backends(data: Path) -> None:
    """End the backends of a server whose main process is gone; they hold its shared memory."""
    if recorded_pid(data) is not None or not PROC.is_dir():
        return
    for entry in PROC.iterdir():
        if entry.name.isdigit() and _works_in(int(entry.name), data):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(entry.name), signal.SIGQUIT)


def forget_zombie(data: Path) -> None:
    """Let a new server start although the old one's zombie was never collected.

    Where process 1 collects late or never (containers), PostgreSQL takes the zombie in its pid
    file for a living server. It takes its own parent's number for a stale one, and still checks
    the shared memory named further down: so the first line becomes our own number.
    """
    place = data / "postmaster.pid"
    try:
        lines = place.read_text().split("\n")
        old = int(lines[0])
    except (FileNotFoundError, ValueError):
        return
    if _state(old) == "Z":
        place.write_text("\n".join([str(os.getpid()), *lines[1:]]))


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return False


def _state(pid: int) -> str:
    """The letter the kernel gives the process: R, S, D, Z, …; empty when it cannot be told."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[0]
