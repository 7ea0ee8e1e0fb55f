"""Object storage: one protocol, two implementations (a directory, S3), chosen by the scheme of a URL."""

from rangkiang.store.opening import open_store
from rangkiang.store.protocol import BadKey, Changed, Entry, Store

__all__ = ["BadKey", "Changed", "Entry", "Store", "open_store"]
