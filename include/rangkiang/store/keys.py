"""Which keys are refused. Offices name files freely, and some names are traps for whoever turns them into paths."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from rangkiang.store.protocol import BadKey

PRIVATE = ".rangkiang"
"""The first segment that stores keep to themselves (locks, half-written files)."""

_UNNAMEABLE = re.compile(r"[\\\udc80-\udcff]")
_ESCAPED = re.compile(r"%(?:5C|[89A-F][0-9A-F])")


def checked(key: str) -> str:
    """The key itself. Raises BadKey for one that leaves the root, is ambiguous, or cannot be written in UTF-8."""
    return _checked(key, key.split("/"))


def checked_prefix(prefix: str) -> str:
    """The prefix itself: a key that may be empty or end anywhere, also just behind a slash. Raises BadKey."""
    return _checked(prefix, prefix.removesuffix("/").split("/")) if prefix else prefix


def _checked(key: str, segments: list[str]) -> str:
    if why := _fault(key, segments):
        raise BadKey(key, why)
    return key


def _fault(key: str, segments: list[str]) -> str:
    if "\0" in key or "\\" in key:
        return "holds a NUL or a backslash"
    if any(s in ("", ".", "..") for s in segments):
        return "is absolute or has an empty, '.' or '..' segment"
    if segments[0] == PRIVATE:
        return f"lies under '{PRIVATE}', which is the store's own"
    if any("\ud800" <= c <= "\udfff" for c in key):
        return "is not valid Unicode"
    return ""


def key_of_name(name: str) -> str:
    """A file name as a key's segment. Bytes that are not UTF-8, and backslashes, become %XX: no file goes unseen."""
    return _UNNAMEABLE.sub(lambda m: f"%{m[0].encode(errors='surrogateescape')[0]:02X}", name)


def name_of_key(segment: str) -> str:
    """The file name that :func:`key_of_name` may have written as ``segment``."""
    return _ESCAPED.sub(lambda m: unquote_to_bytes(m[0]).decode("ascii", "surrogateescape"), segment)
