"""What PostgreSQL writes down about its running server: ``postmaster.pid`` in the data folder."""

from __future__ import annotations

from pathlib import Path

_PID, _SOCKET_FOLDER = 0, 4  # lines
_NOBODY = "2147483646"  # larger than any process number


def socket_folder(data: Path) -> Path | None:
    """Where the server has put its socket; None when no server has been left running."""
    lines = _lines(data)
    return Path(lines[_SOCKET_FOLDER]) if len(lines) > _SOCKET_FOLDER and lines[_SOCKET_FOLDER] else None


def disown_if_dead(data: Path) -> None:
    """Make PostgreSQL see that the server which left this file is dead.

    It only asks whether the number is in use: by another program since the machine was restarted, or by the server's
    own remains where no process reaps them, as in a container without init. Only the number is changed, because the
    rest of the file is how PostgreSQL finds out whether orphans of that server still hold its memory.
    """
    lines = _lines(data)
    if not lines or not _dead(lines[_PID].strip()):
        return
    if (sockets := socket_folder(data)) is not None:
        for lock in sockets.glob(".s.PGSQL.*.lock"):
            lock.unlink(missing_ok=True)
    (data / "postmaster.pid").write_text("\n".join([_NOBODY, *lines[1:]]) + "\n")


def _dead(pid: str) -> bool:
    """Whether no running PostgreSQL has this number; False where the system has no /proc to ask."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False  # gone, and PostgreSQL sees that by itself
    name, _, rest = status.partition("(")[2].rpartition(")")
    return name != "postgres" or rest.split()[0] == "Z"


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
