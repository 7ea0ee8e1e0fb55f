"""A handwritten form whose place nobody can read: its figures are kept, and published once the file has a name."""

from __future__ import annotations

from pathlib import Path

from helpers.boxed import filled_sheet
from helpers.nights import house, office_night
from rangkiang.model import State

CODE = "13.05"
INBOX = "inbox/13.05_padang_pariaman/PL.01.7/C1-PPWP/"


def test_figures_of_an_unknown_place_wait_for_a_name(tmp_path: Path, ledger_url: str) -> None:
    with house(tmp_path, ledger_url, {f"{INBOX}pindaian.tif": filled_sheet()}) as barn:
        office_night(barn, CODE)
        (document,) = barn.ledger.documents(office=CODE)
        assert document.state is State.HELD
        assert [f.code for f in barn.ledger.findings(CODE) if f.severity == "critical"] == ["place_unread"]
        read = [entry.key for entry in barn.store.list("readings/")]
        assert len(read) == 1
        assert len(list(barn.store.list("crops/"))) == 2
        assert not barn.ledger.deliverables(office=CODE)

        barn.store.put(f"{INBOX}13.05.01.2001.003.tif", filled_sheet())
        barn.store.delete(f"{INBOX}pindaian.tif")
        office_night(barn, CODE)
        (document,) = barn.ledger.documents(office=CODE)
        assert document.state is State.FILED
        assert document.said.area_code == "13.05.01.2001.003"
        assert document.name == "13.05.01.2001.003.tif"
        codes = {f.code for f in barn.ledger.findings(CODE)}
        assert "place_by_name" in codes
        assert "place_unread" not in codes
        assert [entry.key for entry in barn.store.list("readings/")] == read
        assert len(barn.ledger.deliverables(office=CODE)) == 1
