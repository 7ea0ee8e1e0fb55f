"""The real CKAN that ``deploy/services/ckan`` serves: what tests do to it, and what they look at past the publisher."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")


class Served:
    """A CKAN on this machine, started with ``deploy/services/ckan``."""

    def __init__(self, url: str, token_file: Path) -> None:
        self.url, self.token_file = url, token_file
        self.folder = token_file.parent
        self._session = requests.Session()
        self._session.headers["Authorization"] = token_file.read_text().strip()

    def call(self, action: str, **data: object) -> Any:
        """The result of an action, as the sysadmin. Raises requests.HTTPError."""
        response = self._session.post(f"{self.url}/api/3/action/{action}", json=data, timeout=60)
        if not response.ok:
            raise requests.HTTPError(f"{action}: {response.status_code} {response.text[:500]}", response=response)
        return response.json()["result"]

    def find(self, action: str, **data: object) -> Any:
        """As :meth:`call`; None where there is no such thing."""
        try:
            return self.call(action, **data)
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code == 404:
                return None
            raise

    def kill(self, name: str) -> None:
        """End 'ckan' or 'search' as a power cut would, and leave it so."""
        (self.folder / f"{name}.stopped").touch()
        pid = int((self.folder / f"{name}.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        _until(lambda: not Path(f"/proc/{pid}").exists())

    def start(self, name: str) -> None:
        """Let it run again, and wait until it answers."""
        (self.folder / f"{name}.stopped").unlink()
        _until(self._searches if name == "search" else self._answers)

    def new_token(self) -> tuple[str, str]:
        """A token of the sysadmin's, and its id, to revoke it by."""
        made = self.call("api_token_create", user="rangkiang", name=f"test-{time.monotonic_ns()}")
        tokens = self.call("api_token_list", user_id="rangkiang")
        newest = max(tokens, key=lambda token: token["created_at"])
        return made["token"], newest["id"]

    def revoke(self, token_id: str) -> None:
        self.call("api_token_revoke", jti=token_id)

    def purge(self, slugs: Iterable[str], organizations: Iterable[str], groups: Iterable[str]) -> None:
        """Leave no trace of datasets, organisations and groups."""
        for slug in slugs:
            dataset = self.find("package_show", id=slug)
            if dataset is None:
                continue
            for resource in dataset["resources"]:
                if resource.get("datastore_active"):
                    self.find("datastore_delete", resource_id=resource["id"], force=True)
            self.call("dataset_purge", id=dataset["id"])
        for name in organizations:
            self.find("organization_purge", id=name)
        for name in groups:
            self.find("group_purge", id=name)

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """The portal without a dataset, an organisation or a group, before and after."""
        self._empty()
        yield
        self._empty()

    def _empty(self) -> None:
        found = self.call("package_search", include_drafts=True, include_private=True, rows=1000)["results"]
        owners = (self.call("organization_list"), self.call("group_list"))
        self.purge([dataset["name"] for dataset in found], *owners)

    def everything(self) -> dict[str, object]:
        """All that the portal holds, each part by its path: datasets in any state, bytes, tables, views."""
        found = self.call("package_search", include_drafts=True, include_private=True, rows=1000, fq="state:*")
        names = [dataset["name"] for dataset in found["results"]]
        return dict(_flat({name: self._dataset(name) for name in names}))

    def _dataset(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = self.call("package_show", id=name)
        resources = [self._resource(resource) for resource in said.pop("resources")]
        named: dict[str, Any] = {kind: sorted(one["name"] for one in said[kind]) for kind in ("groups", "tags")}
        named["extras"] = {one["key"]: one["value"] for one in said["extras"]}  # their order is nobody's
        return said | named | {"organization": said["organization"]["name"], "resources": resources}

    def _resource(self, said: dict[str, Any]) -> dict[str, Any]:
        if "/download/" in said["url"]:
            answer = requests.get(said["url"], timeout=60)
            said["bytes"] = hashlib.sha256(answer.content).hexdigest() if answer.ok else answer.status_code
        if said.get("datastore_active"):
            said["table"] = self.call("datastore_search", resource_id=said["id"], limit=32000)
        said["views"] = sorted(view["view_type"] for view in self.call("resource_view_list", id=said["id"]))
        return said

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/api/3/action/status_show", timeout=30).ok
        except requests.ConnectionError:
            return False

    def _searches(self) -> bool:
        return requests.get(f"{self.url}/api/3/action/package_search?rows=0", timeout=30).ok


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Without what differs each time: when it was written, and the id of an organisation that is made anew."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(one, f"{path}/{key}")
    elif not path.endswith("/owner_org") and not _MOMENT.fullmatch(str(value)):
        yield path, value


def _until(true: Callable[[], bool], patience: float = 90) -> None:
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience} s")
        time.sleep(0.05)
