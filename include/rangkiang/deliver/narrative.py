"""The narrative: official Indonesian, in which every number is computed from the data by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rangkiang import catalogue
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.paragraphs import content, coverage_lines, file_lines, originals, sources
from rangkiang.deliver.quality import checks, quality
from rangkiang.deliver.words import angka
from rangkiang.forms.contest import brief
from rangkiang.model import FileEntry
from rangkiang.templates import markdown


def narrative(made: Dataset, files: Sequence[FileEntry], licence: Licence, notice: str) -> str:
    """Markdown. ``files`` are the files it tells of."""
    listed, folded = file_lines(files)
    context = {
        "title": made.title.id,
        "notice": notice,
        "kind": made.kind.id,
        "unit_kerja": made.office.unit_kerja,
        "stage": made.stage,
        "stage_name": made.stage_name.id,
        "election": made.election.id,
        "documents": angka(len(made.members)),
        "originals": originals(made),
        "coverage": list(coverage_lines(made)),
        "unit": catalogue.level_name(made.form.unit),
        "has_total": made.form.has_total,
        "lines": angka(len(made.table)),
        "sources": sources(made),
        "checks": checks(made),
        "files": listed,
        "folded": folded,
        "licence": licence.title,
        "identities": angka(len(made.form.identities)),
        "identity": brief(str(made.form.identities[-1])),
        "compared": made.form.below is not None,
        **content(made),
        **quality(made),
    }
    return render("narasi.md.j2", context)


def render(template: str, context: Mapping[str, object]) -> str:
    """A template of this room as Markdown."""
    return markdown("rangkiang.deliver", template, **context)
