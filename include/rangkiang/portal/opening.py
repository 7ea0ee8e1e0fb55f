"""Chooses the portal by the scheme of its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rangkiang.portal.directory import DirectoryPortal
from rangkiang.portal.protocol import Portal


def open_portal(url: str) -> Portal:
    """The portal at ``file:///dir``, a static site in that directory. Raises ValueError for any other scheme."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise ValueError(f"No portal is known for {url!r}; give a directory as file:///…")
    return DirectoryPortal(Path(url2pathname(parts.path)))
