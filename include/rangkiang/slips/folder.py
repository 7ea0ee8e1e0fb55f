"""Where an office's slips stand in the store, and how the one about a document is found there."""

from __future__ import annotations

import json

from rangkiang import catalogue
from rangkiang.store import Store

INDEX = "daftar.json"
"""Stands beside the slips, says what each is about, and is written last."""


def key(office: str, name: str = "") -> str:
    """Of a slip, by its name; the prefix of all of them, where none is given."""
    return f"returned/{catalogue.office(office).slug}/{name}"


def index(store: Store, office: str) -> bytes:
    """The office's index as it stands; nothing where there is none."""
    at = key(office, INDEX)
    return store.get(at) if store.stat(at) else b""


def find(store: Store, office: str, sha256: str) -> bytes | None:
    """The page about a document; None where there is none."""
    slips = json.loads(index(store, office) or '{"slips": []}')["slips"]
    found = next((key(office, one["slip"]) for one in slips if one["sha256"] == sha256), "")
    return store.get(found) if found and store.stat(found) else None
