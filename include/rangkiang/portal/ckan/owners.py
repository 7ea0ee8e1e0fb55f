"""Organisations, one for each office, and groups, one for each kode tahapan: made and mended where they are not so."""

from __future__ import annotations

from typing import Any, Literal

from rangkiang.portal.ckan import about
from rangkiang.portal.ckan.connection import Connection, Record
from rangkiang.portal.errors import Refused

Kind = Literal["organization", "group"]


class Owners:
    """Whatever datasets belong to. What was once seen right is not looked at again."""

    def __init__(self, portal: Connection) -> None:
        self._portal = portal
        self._right: set[str] = set()

    def ensure(self, office: str, stage: str) -> None:
        """An organisation for the office and a group for the stage."""
        self._ensure("organization", about.office(office))
        self._ensure("group", about.stage(stage))

    def _ensure(self, kind: Kind, wanted: Record) -> None:
        name = wanted["name"]
        if name in self._right:
            return
        there = self._seen(kind, name)
        if there is None:
            extras = [{"key": key, "value": value} for key, value in wanted["extras"].items()]
            try:
                self._portal.call(f"{kind}_create", **{**wanted, "extras": extras})
            except Refused:
                if self._seen(kind, name) is None:
                    raise  # otherwise another run has made it in between
        elif changes := _changes(there, wanted):
            self._portal.call(f"{kind}_patch", id=there["id"], **changes)
        self._right.add(name)

    def _seen(self, kind: Kind, name: str) -> Record | None:
        hidden = {"include_datasets": False, "include_users": False, "include_followers": False}
        found: Record | None = self._portal.find(f"{kind}_show", id=name, **hidden)
        return found


def _changes(there: Record, wanted: Record) -> dict[str, Any]:
    """What is to be written. Extras that others added stay."""
    fields = {key: value for key, value in wanted.items() if key != "extras" and there.get(key) != value}
    if there["state"] != "active":
        fields["state"] = "active"
    extras = {one["key"]: one["value"] for one in there.get("extras", ())}
    if any(extras.get(key) != value for key, value in wanted["extras"].items()):
        fields["extras"] = [{"key": k, "value": v} for k, v in sorted((extras | wanted["extras"]).items())]
    return fields
