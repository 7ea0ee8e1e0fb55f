"""From a URL to a store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from rangkiang.store.directory import DirectoryStore
from rangkiang.store.protocol import Store


def open_store(url: str, endpoint: str = "") -> Store:
    """The store at ``file:///folder`` (made when absent) or ``s3://bucket/prefix``.

    ``endpoint`` is the address of an S3 server other than AWS. Raises ValueError for any other URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return DirectoryStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from rangkiang.store.s3 import S3Store  # boto3 takes half a second to load, and a directory needs none of it

        return S3Store(parts.netloc, unquote(parts.path).strip("/"), endpoint)
    raise ValueError(f"'{url}' is no store: write file:///folder or s3://bucket/prefix.")
