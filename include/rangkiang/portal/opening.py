"""Chooses the portal by the scheme of its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rangkiang.portal.ckan import CkanPortal
from rangkiang.portal.directory import DirectoryPortal
from rangkiang.portal.protocol import Portal
from rangkiang.settings import Ckan

_HERE = ("127.0.0.1", "::1", "localhost")


def open_portal(url: str, ckan: Ckan | None = None) -> Portal:
    """The portal at ``file:///dir``, a static site in that directory, or at ``ckan+https://host/``, a CKAN.

    Raises ValueError for any other, and for one that would send a token in the clear to another machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "ckan+http" and parts.hostname not in _HERE:
        raise ValueError(f"{url!r} would send the portal's token in the clear; give ckan+https://…")
    if parts.scheme in ("ckan+https", "ckan+http") and parts.hostname:
        return CkanPortal(url.removeprefix("ckan+"), ckan or Ckan())
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return DirectoryPortal(Path(url2pathname(parts.path)))
    raise ValueError(f"No portal is known for {url!r}; give a directory as file:///…, a CKAN as ckan+https://…")
