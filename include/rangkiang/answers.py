"""The question that Airflow puts to whoever approves a release: what may be answered, and what that means."""

from __future__ import annotations

from collections.abc import Mapping

from rangkiang.model import Ruling

TASK = "ask"
"""The task of a stage's DAG that waits for the answer."""

LATER = "Tunda"
"""Leaves it open. What is not answered in time counts as this, and nothing is published."""

ANSWERS: Mapping[str, Ruling | None] = {"Setujui": Ruling.APPROVE, "Kembalikan": Ruling.RETURN, LATER: None}
WHY = "alasan"
"""The field of the reason."""


def answer(ruling: Ruling) -> str:
    """How Airflow is told."""
    return next(word for word, meant in ANSWERS.items() if meant is ruling)
