"""Great Expectations' Data Docs of an office: one page for every document that was checked, built once a run."""

from __future__ import annotations

import json
from pathlib import Path

from rangkiang import catalogue
from rangkiang.checks import build_docs
from rangkiang.forms import form
from rangkiang.model import State
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn

_CHECKED = (State.ARRANGED, State.HELD, State.FILED)


def write_data_docs(barn: Barn, office: str) -> Path:
    """Pages under ``<home>/data-docs/<office slug>/`` from the results in the store; returns their index.

    They are a view of what the store keeps and can be made again at any time, so nothing else depends on them.
    """
    results = {}
    for document in barn.ledger.documents(office=office, states=_CHECKED):
        kept = barn.store.get(keys.check(document.sha256, form(document.said.form)))
        results[f"{document.said.doctype}/{document.name}"] = json.loads(kept)
    return build_docs(results, barn.settings.home / "data-docs" / catalogue.office(office).slug)
