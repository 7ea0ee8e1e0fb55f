"""The token of a form: only a page of ours can hold it, for one account and one working day."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache

from rangkiang.keeping import kept
from rangkiang.settings import Settings

LIFE = timedelta(hours=12)
_LONGEST = 200  # characters: nobody needs a longer one


@cache
def secret() -> bytes:
    """What signs the tokens: the settings', or one made on the first run, the same for all that serve this house.

    Raises NotShared where several machines serve it, and the settings have none.
    """
    settings = Settings()
    return (settings.secret or kept(settings.at_home("web.key", "secret"), secrets.token_urlsafe(48))).encode()


def made(account: str, now: datetime) -> str:
    """A token for the account's forms."""
    ends = int((now + LIFE).timestamp())
    return f"{ends}.{_signed(ends, account)}"


def is_right(token: str, account: str, now: datetime) -> bool:
    """Whether the token was made for this account, not longer ago than :data:`LIFE`."""
    ends, _, signature = token.partition(".")
    if len(token) > _LONGEST or not (ends.isascii() and ends.isdecimal() and signature.isascii()):
        return False
    genuine = hmac.compare_digest(signature, _signed(int(ends), account))
    return genuine and now <= datetime.fromtimestamp(int(ends), UTC)


def _signed(ends: int, account: str) -> str:
    return hmac.digest(secret(), f"form\n{ends}\n{account}".encode(), "sha256").hex()
