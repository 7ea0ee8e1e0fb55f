"""The journal in the store: facts, and of each office a book, page by page what came in and what was filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter

from rangkiang.errors import JournalContradicts
from rangkiang.journal import facts
from rangkiang.ledger import Arrival, Said
from rangkiang.model import Document
from rangkiang.store import Store

_BOOKS = f"{facts.ROOT}offices/"


@dataclass(frozen=True, slots=True)
class Page:
    """What one write to the ledger tells of an office. A later page counts before an earlier one."""

    at: datetime
    arrivals: tuple[Arrival, ...] = ()  # as they were seen of the inbox; other keys stay as they were
    documents: tuple[tuple[Document, datetime], ...] = ()  # once it was known what they are, and when each came in
    filed: tuple[tuple[str, str, datetime], ...] = ()  # what became part of a dataset, its proof's maker, and when


_PAGE = TypeAdapter(Page)


class Journal:
    """Whatever is kept here is kept for good. Told by the ledger as :class:`rangkiang.ledger.Ahead` has it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def said(self, said: Said, at: datetime) -> None:
        """Keep a fact. Raises JournalContradicts where its name says another one."""
        key = facts.key(said, at)
        if not self._store.put_if_absent(key, facts.dump(said, at), "application/json"):
            there, _ = facts.load(key, self._store.get(key))
            if there != said:
                raise JournalContradicts(key)

    def arrived(self, office: str, arrivals: Sequence[Arrival], at: datetime) -> None:
        """Keep what was seen of an inbox."""
        self.write(office, Page(at.astimezone(UTC), arrivals=tuple(arrivals)))

    def write(self, office: str, page: Page) -> None:
        """Add a page to an office's book."""
        number = 1 + max((_number(entry.key) for entry in self._store.list(_book(office))), default=0)
        data = _PAGE.dump_json(page, ensure_ascii=True) + b"\n"
        while not self._store.put_if_absent(f"{_book(office)}{number:08}.json", data, "application/json"):
            number += 1

    def pages(self, office: str) -> Iterator[Page]:
        """An office's book, page by page."""
        for entry in self._store.list(_book(office)):
            yield _PAGE.validate_json(self._store.get(entry.key))

    def facts(self) -> Iterator[str]:
        """Where all facts stand, by kind."""
        for kind in facts.KINDS:
            for entry in self._store.list(f"{facts.ROOT}{kind}/"):
                yield entry.key

    def fact(self, key: str) -> tuple[Said, datetime] | None:
        """What stands under a key; None where there is none."""
        if self._store.stat(key) is None:
            return None
        return facts.load(key, self._store.get(key))

    @property
    def begun(self) -> bool:
        """Does anything stand in any book?"""
        return next(iter(self._store.list(_BOOKS)), None) is not None


def _book(office: str) -> str:
    return f"{_BOOKS}{office}/"


def _number(key: str) -> int:
    return int(key.rpartition("/")[2].removesuffix(".json"))
