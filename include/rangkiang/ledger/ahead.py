"""Who is told, before it is written, what nobody could find out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rangkiang.ledger.records import Arrival, Said


class Ahead(Protocol):
    """Is told inside the transaction that writes it: what it returns from is kept, whatever becomes of the ledger.

    A transaction that is killed after that leaves something kept that the ledger lacks, and never the reverse.
    """

    def said(self, said: Said, at: datetime) -> None:
        """Something is added."""

    def arrived(self, office: str, arrivals: Sequence[Arrival], at: datetime) -> None:
        """This was seen of an office's inbox."""
