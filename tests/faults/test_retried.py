"""Which errors the DAGs try again: what a fault of the surroundings raises, and nothing that would only come again."""

from __future__ import annotations

import errno
from collections.abc import Callable

import psycopg.errors
import pytest
from botocore.exceptions import ClientError
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from bench.soaking.retries import is_retried
from rangkiang import errors, mail
from rangkiang.guard import Failed, NotStarted
from rangkiang.portal import errors as portal
from rangkiang.store import BadKey, Changed


def of_postgres(error: type[psycopg.Error], wrapped: Callable[..., Exception] = OperationalError) -> Exception:
    return wrapped("SELECT 1", {}, error())


PASSING = [
    ConnectionResetError(), TimeoutError(), mail.NotMailed(OSError()), errors.NoSpace(errno.ENOSPC, "var"),
    *(OSError(code, "…") for code in (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.ENOMEM, errno.EROFS, errno.ESTALE)),
    MemoryError(), NotStarted(1), Changed("k"),
    portal.Away("504"), portal.Overtaken("db1"), portal.SourceDiffers("db1", "temuan.csv"),
    portal.Unfinished({"db1": portal.Away("504")}, ()),
    *(of_postgres(e) for e in (
        psycopg.errors.AdminShutdown, psycopg.errors.CannotConnectNow, psycopg.errors.CrashShutdown,
        psycopg.errors.DeadlockDetected, psycopg.errors.DiskFull, psycopg.errors.LockNotAvailable,
        psycopg.errors.SerializationFailure, psycopg.errors.TooManyConnections, psycopg.errors.OutOfMemory,
    )),
    of_postgres(psycopg.errors.InFailedSqlTransaction, InternalError),
    InterfaceError("SELECT 1", {}, psycopg.InterfaceError("the connection is closed")),
    ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject"),  # a policy that somebody is about to mend
]  # fmt: skip
HOPELESS = [
    ValueError(), KeyError("k"), ZeroDivisionError(), AssertionError(), ImportError(), BadKey("..", "is a trap"),
    errors.UnknownOffice("99"), errors.NotApproved("PL.01.8", "0" * 64), errors.BatchFailed({"0" * 64: Failed("…")}),
    errors.VerificationFailed("PL.01.8", []), portal.BadRelease("db1", "it has two tables"), portal.Refused("no"),
]  # fmt: skip


@pytest.mark.parametrize("error", PASSING, ids=lambda e: f"{type(e).__name__}-{getattr(e, 'orig', e)!r:.40}")
def test_what_passes_is_tried_again(error: Exception) -> None:
    assert is_retried(error)
    assert not is_retried(error, 4), "not for ever"


@pytest.mark.parametrize("error", HOPELESS, ids=lambda e: type(e).__name__)
def test_what_would_come_again_is_not(error: Exception) -> None:
    assert not is_retried(error)
