"""What reading raises."""

from __future__ import annotations

from rangkiang.model import Reason


class Unreadable(Exception):
    """A document that gives no figures; ``reason`` says why, in the words of the closed list."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)


def crowded(count: int, limit: int, what: str) -> Unreadable:
    """The refusal of a page with more on it than anybody should look at."""
    return Unreadable("too_large", actual=f"{count} {what} pada satu halaman", limit=f"{limit} {what}")


class Pictured(Exception):
    """Some pages are pictures: the file has to be read as a scan."""
