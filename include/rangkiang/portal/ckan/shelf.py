"""One dataset of a CKAN under our name: as it was last seen there, and written only as long as it is still so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rangkiang.portal.ckan import names
from rangkiang.portal.ckan.connection import Connection, File, Record
from rangkiang.portal.errors import Refused

SLUG, PART = "source_slug", "source_part"
"""Extras by which a dataset is known to be ours."""

HIDDEN = {"state": "draft", "private": True}
"""Nobody but its office sees it. Who is no sysadmin cannot make a draft, only hide."""
_LISTS = ("groups", "tags", "extras")


class Shelf:
    """A dataset, whether or not it is there. It is looked at when first asked for, and after ``forget``."""

    def __init__(self, portal: Connection, slug: str, part: str, name: str) -> None:
        self.slug, self.part, self.name = slug, part, name
        self._portal = portal
        self._seen: Record | None = None
        self._looked = False

    @property
    def now(self) -> Record | None:
        """As CKAN shows it, drafts and what was deleted among it. Raises Refused where the name is somebody else's."""
        if not self._looked:
            self._keep(self._portal.find("package_show", id=self.name))
        return self._seen

    def suppose(self, seen: Record) -> None:
        """Take it for what a list of datasets says of it, until ``forget``."""
        self._keep(seen)

    @property
    def mark(self) -> str:
        """Changes with every change; '' where there is nothing."""
        return f"{self.now['state']} {self.now['metadata_modified']}" if self.now else ""

    @property
    def live(self) -> bool:
        """Does the public see it?"""
        return self.now is not None and self.now["state"] == "active" and not self.now["private"]

    @property
    def resources(self) -> dict[str, Record]:
        return {one["id"]: one for one in self.now["resources"]} if self.now else {}

    @property
    def extras(self) -> dict[str, str]:
        return {one["key"]: one["value"] for one in self.now["extras"]} if self.now else {}

    def forget(self) -> None:
        self._looked = False

    def differing(self, wanted: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
        """Of each field that is not as wanted, what is wanted and what there is. What others added is no difference."""
        found: dict[str, tuple[object, object]] = {}
        now = self.now or {}
        for key, value in wanted.items():
            if key == "extras":
                found |= {k: (v, self.extras.get(k)) for k, v in value.items() if self.extras.get(k) != v}
            elif key in _LISTS:
                there = {one["name"] for one in now.get(key, ())}
                if not there.issuperset(value):
                    found[key] = (value, sorted(there))
            else:
                said = (now.get("organization") or {}).get("name") if key == "owner_org" else now.get(key)
                if (said or "") != (value or ""):
                    found[key] = (value, said)
        return found

    def draft(self, wanted: Mapping[str, Any]) -> None:
        """Take the name: the dataset is there from now on, and nobody but its office sees it."""
        bare = {key: wanted[key] for key in ("title", "owner_org")}
        extras = [{"key": key, "value": value} for key, value in (wanted["extras"] | self._marks).items() if value]
        said = {"name": self.name, **bare, **HIDDEN, "extras": extras}
        try:
            self._keep(self._portal.call("package_create", id=names.identity(self.slug, self.part), **said))
        except Refused as refused:
            self.forget()
            if self.now is not None:
                return  # another run has taken the name for the same
            if refused.fields != {"id"}:
                raise
            self._keep(self._portal.call("package_create", **said))  # only sysadmins choose ids

    def revise(
        self,
        wanted: Mapping[str, Any] | None = None,
        *,
        added: Iterable[Record] = (),
        changed: Iterable[Record] = (),
        instead: Iterable[Record] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> None:
        """Write it in one go, if it is still as it was last seen. Raises Stale.

        ``added``: resources that it has then too; ``changed``: fields of some that it has; ``instead``: resources that
        it has then and no others; ``files`` of resources, by id.
        """
        if self.now is None:
            raise ValueError(f"{self.name} is not there")
        said: dict[str, Any] = {"match": {key: self.now[key] for key in ("id", "metadata_modified")}}
        if wanted is not None:
            said["update"] = self._merged(wanted)
            said["filter"] = [f"-{key}" for key in _LISTS]
        if instead is not None:
            said.setdefault("update", {})["resources"] = list(instead)
            said.setdefault("filter", []).append("-resources")
        if new := list(added):
            said["update__resources__extend"] = new
        said |= {f"update__resources__{one['id']}": one for one in changed}
        uploads = {f"update__resources__{id}__upload": file for id, file in (files or {}).items()}
        self._keep(self._portal.call("package_revise", files=uploads or None, **said)["package"])

    def delete(self) -> bool:
        """Take it off the portal; its name and ids stay ours. False where it was not there."""
        if self.now is None or self.now["state"] == "deleted":
            return False
        self._portal.call("package_delete", id=self.now["id"])
        self.forget()
        return True

    @property
    def _marks(self) -> dict[str, str]:
        return {SLUG: self.slug, PART: self.part}

    def _merged(self, wanted: Mapping[str, Any]) -> Record:
        """What is wanted, and what others added beside it."""
        now = self.now or {}
        extras = self.extras | wanted["extras"] | self._marks
        merged = {key: value for key, value in wanted.items() if key not in _LISTS}
        for key in ("groups", "tags"):
            merged[key] = [{"name": name} for name in sorted({one["name"] for one in now[key]} | set(wanted[key]))]
        return merged | {"extras": [{"key": key, "value": value} for key, value in sorted(extras.items())]}

    def _keep(self, seen: Record | None) -> None:
        self._seen, self._looked = seen, True
        if seen is not None and (self.extras.get(SLUG), self.extras.get(PART)) != (self.slug, self.part):
            self._looked = False
            raise Refused(
                f"The portal has a dataset {self.name!r} that is not ours ({self.slug}). Rename or purge it there; "
                "then publish again."
            )
