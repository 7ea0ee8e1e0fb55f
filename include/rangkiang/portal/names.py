"""Which names of datasets and files are refused: they become paths on the site, and addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rangkiang.model import Deliverable
from rangkiang.portal.errors import BadRelease
from rangkiang.portal.protocol import Release

LONGEST = 200
"""Bytes of one name: file systems take 255, and what is being written has a longer one."""

_UNWRITABLE = re.compile("[\ud800-\udfff]")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")


def check(releases: Sequence[Release]) -> None:
    """Raises BadRelease for a slug or a path that would leave its place, or a slug that two releases claim."""
    seen: set[str] = set()
    for release in releases:
        made = release.deliverable
        if not _SLUG.fullmatch(made.slug) or ".." in made.slug or len(made.slug) > LONGEST:
            raise BadRelease(made.slug, "its name may hold lower-case letters, digits, '.', '_' and '-' only")
        if made.slug in seen:
            raise BadRelease(made.slug, "two releases bear its name")
        seen.add(made.slug)
        for edition in release.editions:
            _check_paths(edition.deliverable)


def _check_paths(made: Deliverable) -> None:
    named = [f.path for f in made.files]
    for path in named:
        segments = path.split("/")
        if "\\" in path or "\0" in path or any(s in ("", ".", "..") for s in segments):
            raise BadRelease(made.slug, f"the path {path!r} is not one inside its folder")
        if any(len(s.encode(errors="surrogatepass")) > LONGEST or _UNWRITABLE.search(s) for s in segments):
            raise BadRelease(
                made.slug, f"the path {path[:60]!r}\N{HORIZONTAL ELLIPSIS} is too long for a disk, or not text"
            )
        above = {"/".join(segments[:n]) for n in range(1, len(segments))}
        if above & set(named) or named.count(path) > 1:
            raise BadRelease(made.slug, f"the path {path!r} collides with another")
