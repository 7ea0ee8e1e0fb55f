"""Decisions as a file: what goes out comes in again, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from decisions.made import after, plain, said
from rangkiang.decisions import LIMIT, dump, load
from rangkiang.errors import DecisionsUnreadable
from rangkiang.model import CellRef, Verdict, View

CORRECT = plain(Verdict.CORRECT)
ACCEPT = replace(
    plain(Verdict.ACCEPT), why="tercetak: 'ya' #1", author="12", expects=(CellRef("b", "V", "total", "no"),)
)
OPINIONS = [said(CORRECT, View.CONFIRM, "budi", 2), said(CORRECT, View.REFUSE, "ani", 3)]
FILE = dump([CORRECT, ACCEPT], OPINIONS)


def test_what_goes_out_comes_in_again() -> None:
    decisions, opinions = load(FILE.encode())
    assert sorted(decisions, key=lambda d: d.id) == sorted([CORRECT, ACCEPT], key=lambda d: d.id)
    assert opinions == OPINIONS
    assert dump(reversed(decisions), reversed(opinions)) == FILE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.replace("value: 7", "value: 8"), "was changed after it was exported"),
        (lambda t: t.replace("author: budi", "author: bodi"), "was changed after it was exported"),
        (lambda t: t.replace("value: 7", "value: '7'"), r"decisions\.\d\.value: Input should be a valid integer"),
        (lambda t: t.replace("author: budi", "author: budi\n    mail: x"), r"opinions\.0\.mail: Extra inputs"),
        (lambda t: t.replace("author: siti", "author: !!python/name:os.system ''"), r"tags \(!\)"),
        (lambda t: t.replace("author: siti", "author: !!str siti"), r"tags \(!\)"),
        (lambda t: t.replace("author: siti", "author: &a siti"), r"references"),
        (lambda t: t.replace("subject: x", 'subject: "x\\0"'), "subject: String should match"),
        (lambda t: t.replace("subject: x", 'subject: "\\ud800"'), "Nothing was imported"),
        (lambda t: t.replace("verdict: correct", "verdict: mend"), "verdict: Input should be"),
        (lambda t: t.replace("version: 1", "version: 2"), "version: Input should be"),
        (lambda t: "[" * 100_000, "nested too deeply"),
        (lambda t: "a: [1", "no YAML"),
        (lambda t: "", "the file: Input should be"),
        (lambda t: t + "#" * LIMIT, "larger than 8 MB"),
        (lambda t: t.encode("utf-16"), "not text in UTF-8"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_a_sentence(change: Callable[[str], str | bytes], sentence: str) -> None:
    changed = change(FILE)
    assert changed != FILE
    with pytest.raises(DecisionsUnreadable, match=sentence):
        load(changed if isinstance(changed, bytes) else changed.encode())


def test_what_may_not_be_decided_may_not_be_imported() -> None:
    for wrong in (
        replace(CORRECT, why=""),
        replace(CORRECT, value=10**12),
        replace(CORRECT, at=after(0).replace(tzinfo=None)),
    ):
        with pytest.raises(DecisionsUnreadable, match="Nothing was imported: "):
            load(dump([wrong], []).encode())
