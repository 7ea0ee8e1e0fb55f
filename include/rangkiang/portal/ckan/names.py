"""Natural keys: what a dataset, an office, a stage and a file are called on a CKAN, whoever asks and however often."""

from __future__ import annotations

import hashlib
import re
import uuid

_OURS = uuid.UUID("6f1c1d3e-52f4-5d0b-9a57-0b6c8b1f3a90")
_LONGEST = 100  # characters that CKAN allows
_ARCHIVE = "-arsip"
_FILES = re.compile(r"[^A-Za-z0-9._-]+")


def dataset(slug: str) -> str:
    """The name of a dataset. CKAN takes no dots; where a name has to be cut, a digest keeps it apart from others."""
    name = _plain(slug)
    longest = _LONGEST - len(_ARCHIVE)
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(slug.encode()).hexdigest()[:8]
    return f"{name[: longest - 9]}-{digest}"


def archive(slug: str) -> str:
    """The name of the dataset that keeps every file of every version."""
    return dataset(slug) + _ARCHIVE


def organisation(office: str) -> str:
    return f"kpu-{_plain(office)}"


def group(stage: str) -> str:
    return f"tahapan-{_plain(stage)}"


def identity(*parts: str) -> str:
    """The id of something, by what makes it what it is."""
    return str(uuid.uuid5(_OURS, "\n".join(parts)))


def file_name(path: str) -> str:
    """What a download is called: the last part of its path, in letters that any header carries."""
    return _FILES.sub("-", path.rpartition("/")[2]).strip("-.") or "berkas"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", text.lower())
