"""Whom the embedded PostgreSQL runs as: it refuses root, so under root it gets a user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

USER = "pgserver"


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot be used here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine; ``closed`` when it cannot reach the data or the programs by itself."""

    uid: int
    gid: int
    closed: bool

    @classmethod
    def of(cls, folder: Path, programs: Path) -> Account:
        """Who serves ``folder``: its owner, or for root's own folders the user ``pgserver``, made when absent."""
        owner = folder.stat()
        if os.geteuid() != 0:
            if owner.st_uid != os.geteuid():
                raise EmbeddedError(f"{folder} belongs to user {owner.st_uid}: run as that user, or choose another.")
            return cls(owner.st_uid, owner.st_gid, closed=False)
        uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid else _made_user()
        return cls(uid, gid, closed=not (_reachable(folder, uid) and _reachable(programs / "postgres", uid)))

    def own(self, folder: Path) -> None:
        """Give the folder to this user. Raises EmbeddedError when somebody else has made it before us."""
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (os.geteuid(), self.uid):
            raise EmbeddedError(f"{folder} belongs to somebody else; remove it, or set TMPDIR to another folder.")
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)

    def run(self, command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as this user and wait for it; its messages are in ``stdout``."""
        # PG… would lead it to another server, and its messages are to be the same in every language.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}
        if os.geteuid() != 0:
            return _run(command, cwd, environment)
        if self.closed:
            return _run([*self._reaching(), *command], cwd, environment)
        return _run(command, cwd, environment, user=self.uid, group=self.gid)

    def becoming(self) -> list[str]:
        """What to put before a command so that it runs as this user."""
        return self._reaching() if os.geteuid() == 0 else []

    def _reaching(self) -> list[str]:
        """Become this user and keep the one right to pass closed folders, rather than open them to everybody."""
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EmbeddedError(
                "PostgreSQL does not run as root, and its own user cannot reach the data or the Python environment, "
                "which lie in a closed folder such as /root: move them, for example to /opt and /var/lib "
                "(RANGKIANG_HOME), run as an ordinary user, or name a server of your own in RANGKIANG_LEDGER."
            )
        who = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        # initdb asks access(2) for its sister programs; that looks past the right unless the user is changed like this.
        bits = "--securebits=+no_setuid_fixup"
        return [setpriv, *who, bits, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]


def _run(
    command: Sequence[str], cwd: Path, environment: dict[str, str], user: int | None = None, group: int | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the programs of the wheel, with arguments of ours
        command,
        cwd=cwd,
        env=environment,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _made_user() -> tuple[int, int]:
    try:
        found = pwd.getpwnam(USER)
    except KeyError:
        _make_user()
        found = pwd.getpwnam(USER)
    return found.pw_uid, found.pw_gid


def _make_user() -> None:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    made = _run([useradd, *options, USER], Path("/"), dict(os.environ)) if useradd else None
    if made is None or made.returncode not in (0, 9):  # 9: another process has just made it
        why = "there is no useradd" if made is None else made.stdout.strip()
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and a user '{USER}' could not be made ({why}): run as an ordinary user."
        )


def _reachable(path: Path, uid: int) -> bool:
    """Whether the user may pass every folder above ``path`` and read what lies there, by the plain permissions."""
    return all(
        status.st_uid == uid or status.st_mode & stat.S_IXOTH for status in (p.stat() for p in (path, *path.parents))
    )
