"""Great Expectations' Data Docs of an office: one page for every document that was checked, built once a run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rangkiang import catalogue
from rangkiang.checks import DOCS, build_docs
from rangkiang.model import Document, State
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn

_CHECKED = (State.ARRANGED, State.HELD, State.FILED)


def write_data_docs(barn: Barn, office: str) -> Path:
    """Pages under ``<home>/data-docs/<office slug>/`` from the results in the store; returns their index.

    They are a view of what the store keeps and can be made again at any time, so nothing else depends on them. Where
    they are of the same results already, none is fetched.
    """
    makers = {r.sha256: r.maker for r in barn.ledger.readings(office, kind="proof")}
    checked = {
        name: keys.check(document.sha256, makers[document.sha256])
        for name, document in _named(barn.ledger.documents(office=office, states=_CHECKED))
    }
    folder = barn.settings.home / "data-docs" / catalogue.office(office).slug
    made_of, stamp = hashlib.sha256(json.dumps([DOCS, checked]).encode()).hexdigest(), folder / "made-of"
    if stamp.exists() and stamp.read_text("ascii") == made_of:
        return folder / "index.html"
    index = build_docs({name: json.loads(barn.store.get(key)) for name, key in checked.items()}, folder)
    stamp.write_text(made_of, "ascii")  # last: who finds it finds the pages
    return index


def _named(documents: Sequence[Document]) -> list[tuple[str, Document]]:
    """Each with the name a reader knows it by. Where several have one name, the digest says which is which."""
    names = [f"{document.said.doctype}/{document.name}" for document in documents]
    times = Counter(names)
    return [
        (name if times[name] == 1 else f"{name} ({document.sha256[:12]})", document)
        for name, document in zip(names, documents, strict=True)
    ]
