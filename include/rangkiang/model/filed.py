"""What is filed, and made known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rangkiang.model.documents import Check, Document, Finding


@dataclass(frozen=True, slots=True)
class Member:
    """One document inside a dataset, as it is filed."""

    document: Document
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    figures: Any  # pandas.DataFrame with FIGURE_COLUMNS
    pictures: Mapping[int, bytes] = field(default_factory=dict)  # of a scan, its figures' pictures by page: scans.atlas


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a deliverable or a release."""

    path: str  # relative to the deliverable's folder, '/'-separated
    sha256: str
    size: int
    media_type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Everything filed under ``Unit Kerja/Kode Tahapan/Jenis Dokumen``, named by the digest of what it is made from."""

    office: str
    stage: str
    doctype: str
    folder: str  # '<Unit Kerja>/<Kode Tahapan>/<Jenis Dokumen>'
    slug: str  # stable dataset name, also the portal's: 'db1-ppwp-13.01-pesisir-selatan'
    digest: str  # of its inputs and of what made it
    files: tuple[FileEntry, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)  # title, description, counts, schema: see deliver
