"""The closed lists agree: what can be found can be told, what can be a status has a name."""

from __future__ import annotations

from rangkiang import catalogue
from rangkiang.deliver.words import words
from rangkiang.model import Severity, Status


def test_every_finding_can_be_summed_up_in_words() -> None:
    findings = {code for code, reason in catalogue.reasons().items() if reason.kind == "finding"}
    assert set(words("findings")) == findings


def test_every_status_and_severity_has_a_name() -> None:
    assert set(words("statuses")) == set(Status)
    assert set(words("severities")) == set(Severity)
    assert all(word.means.id and word.means.en for word in words("statuses").values())
