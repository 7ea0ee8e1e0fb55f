"""What is the matter, by what was raised: of an error only its type is told, for its text may name files or people."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from rangkiang.alerts.alert import Alert
from rangkiang.errors import LedgerLost
from rangkiang.ledger import AWAY
from rangkiang.mail import NotMailed
from rangkiang.portal.errors import Away, BadRelease, Refused, Unfinished, UnfinishedRefused

_FULL = (errno.ENOSPC, errno.EDQUOT)
_SERVICES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    (AWAY, "ledger"),
    ((NotMailed,), "mail"),
    ((Away, Unfinished), "portal"),
    ((ConnectionError, TimeoutError), "store"),  # what the store raises; the more special ones stand above
)


def cause(subject: str, task: str, error: BaseException | None, link: str = "") -> Alert:
    """Why a task of an office or a stage has failed for good. Services are told of once, whoever needed them."""
    chain = list(_chain(error))
    name = type(error).__name__ if error else "?"
    told = {"task": task, "error": name, "link": link}
    if any(isinstance(one, OSError) and one.errno in _FULL for one in chain):
        return Alert("disk_full", subject, told)
    if any(isinstance(one, LedgerLost) for one in chain):
        return Alert("ledger_lost", "ledger", told)
    if any(isinstance(one, (Refused, UnfinishedRefused, BadRelease)) for one in chain):
        return Alert("portal_refuses", subject, told)
    for types, service in _SERVICES:
        if any(isinstance(one, types) for one in chain):
            return Alert("service_away", service, told)
    return Alert("run_failed", subject, told)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__
