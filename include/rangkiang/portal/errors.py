"""Why a portal refuses. The first is for a person; after the others, planning again helps."""

from __future__ import annotations

from rangkiang.errors import RangkiangError


class BadRelease(RangkiangError):
    """The release cannot be published by anybody."""

    def __init__(self, slug: str, why: str) -> None:
        super().__init__(f"The dataset {slug!r} cannot be published: {why}. File it again under a proper name.")


class SourceDiffers(Exception):
    """The store gave other bytes than the release names: the folder is being filed anew, or is damaged."""

    def __init__(self, slug: str, path: str) -> None:
        super().__init__(f"{slug}: the filed {path} is not the released one; plan again once the office has filed.")


class Overtaken(Exception):
    """Somebody published or withdrew the dataset after the plan was made."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"{slug} has changed on the portal since this was planned; plan again.")
