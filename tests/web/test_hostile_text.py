"""Nothing that a document says becomes a part of a page: no tag, no attribute, and no line turned around."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from helpers.askers import COORDINATOR, OWN
from rangkiang import board, catalogue
from rangkiang.ledger import Arrival, Deed, Ledger, Outcome, open_ledger
from rangkiang.ledger.overview import Standing
from rangkiang.model import (
    CellRef,
    Check,
    Classification,
    Decision,
    Document,
    Finding,
    Opinion,
    Reason,
    Severity,
    State,
    Verdict,
    View,
)
from rangkiang.people import Person

HOSTILE = (
    "'\"><img src=x onerror=alert(1)><script>alert(2)</script></td></table><a href=javascript:alert(3)>x</a>"
    "<!-- <style>*{display:none}</style> {{ 7 * 7 }} {% raw %} &lt;b&gt; \u202egnp.exe\u2066\u200f\x1b[31m \x85\u2028"
)
HARMLESS = "'a"  # sorts as the other does
SHA = "a" * 64
AT = datetime(2026, 11, 26, tzinfo=UTC)


class Skeleton(HTMLParser):
    """The tags of a page, with the names of their attributes: all that is not text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))
        for name, value in attrs:
            if name in ("href", "src", "action"):
                assert not re.match(r"\s*(?!https?:)[a-z]+:", value or "", re.IGNORECASE), value

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag,))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!", data))


def fill(ledger: Ledger, text: str) -> None:
    """Has every field that comes off a file, or is written by a person, say this."""
    remarks = (Reason("unknown_stage", {"stage": text}),)
    about = Classification("DB1-PPWP", "DB1-PPWP", text, text, text, text, 3, remarks, text)
    ledger.add_document(Document(OWN, SHA, f"inbox/x/{text}", 9, text, State.ARRANGED, None, about))
    cell = CellRef(SHA, text, "unit", text, 12, 1)
    reasons = {code: dict.fromkeys(reason.placeholders, text) for code, reason in catalogue.reasons().items()}
    findings = [Finding(OWN, SHA, code, Severity.ERROR, text, params, (cell,)) for code, params in reasons.items()]
    ledger.replace_findings(OWN, SHA, "form", findings)
    ledger.replace_checks(OWN, SHA, [Check(text, Severity.WARNING, False, text)])
    decision = Decision(OWN, SHA, "identity_broken", text, Verdict.CORRECT, text, AT, text, (cell,), cell, 17)
    ledger.record_decisions([decision], [Opinion(decision.id, View.REFUSE, text, AT, text)])
    for n, (code, params) in enumerate(reasons.items()):
        arrival = Arrival(f"inbox/x/{n}{text}", "e", 9, f"{n:064x}")
        ledger.record_arrivals(OWN, [arrival])
        reason = Reason(code, params)
        ledger.add_document(Document(OWN, arrival.sha256, arrival.key, 9, text, State.QUARANTINED, reason))
    ledger.record_deed(Deed(text, "clerk", text, text, text, Outcome.REFUSED))


def pages(browser: TestClient) -> dict[str, str]:
    """Pages with all of it, by address."""
    lists = [f"/dokumen?keadaan={standing}&hal={n}" for standing in Standing for n in (1, 2)]
    documents = [f"/dokumen/{OWN}/{sha}" for sha in (SHA, f"{0:064x}", f"{1:064x}")]
    asked = ("/", "/?lang=en", f"/kantor/{OWN}", *lists, *documents, f"/dokumen/{OWN}/{SHA}?lang=id", "/jejak-audit")
    return {address: browser.get(address).text for address in asked}


def test_no_text_of_a_document_is_html(
    browser: TestClient,
    ledger: Ledger,
    database: str,
    log_in: Callable[[Person], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log_in(COORDINATOR)
    fill(ledger, HOSTILE)
    hostile = pages(browser)
    harmless = open_ledger(database)
    harmless.migrate()
    fill(harmless, HARMLESS)
    monkeypatch.setattr(board, "opened", lambda: (harmless, True))
    for address, page in pages(browser).items():
        assert Skeleton(hostile[address]).tags == Skeleton(page).tags, address
    harmless.dispose()
    everything = "".join(hostile.values())
    assert everything.count("alert(2)") > 3 * len(catalogue.reasons())  # it is there, and it is text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\x85\x1b]", everything)


def test_what_an_address_says_is_no_html_either(browser: TestClient, log_in: Callable[[Person], None]) -> None:
    log_in(COORDINATOR)
    for address, names in {
        "/dokumen": ("keadaan", "tahapan", "jenis"),
        "/jejak-audit": ("akun", "kantor", "hasil"),
    }.items():
        harmless = browser.get(address, params=dict.fromkeys(names, HARMLESS)).text
        hostile = browser.get(address, params=dict.fromkeys(names, HOSTILE)).text
        assert Skeleton(hostile).tags == Skeleton(harmless).tags
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", hostile)
