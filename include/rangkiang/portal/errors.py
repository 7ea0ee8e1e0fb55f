"""Why a portal refuses. What is a RangkiangError is for a person; after the others, planning again helps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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


class Refused(RangkiangError):
    """The portal will not take it, however often it is asked: a person has to do something first."""

    def __init__(self, why: str, fields: Collection[str] = ()) -> None:
        self.fields = frozenset(fields)  # those that the portal complains of
        super().__init__(why)


class Away(Exception):
    """The portal did not answer, or could not do it now. Whether it did is not known: look before trying again."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        self.wait = wait  # seconds that the portal itself asks for
        super().__init__(f"The portal could not do it now: {why}. What it holds was not harmed; run this again later.")


class Unfinished(Exception):
    """Some datasets were not brought; the others were. The next run takes up what is left."""

    def __init__(self, failures: Mapping[str, Exception], untried: Sequence[str]) -> None:
        super().__init__(_unfinished(failures, untried))


class UnfinishedRefused(RangkiangError):
    """The same, where trying again helps with none of them."""

    def __init__(self, failures: Mapping[str, Exception], untried: Sequence[str]) -> None:
        super().__init__(_unfinished(failures, untried))


def _unfinished(failures: Mapping[str, Exception], untried: Sequence[str]) -> str:
    said = "; ".join(f"{slug}: {error}" for slug, error in sorted(failures.items())[:5])
    more = f" and {len(failures) - 5} more" if len(failures) > 5 else ""
    rest = f" {len(untried)} datasets were not tried after these failures in a row." if untried else ""
    return f"{len(failures)} datasets were not brought to the portal; the next run takes them up. {said}{more}.{rest}"
