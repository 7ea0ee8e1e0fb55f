"""What CKAN is told of a dataset, an office and a stage: titles, descriptions, tags, terms, coverage."""

from __future__ import annotations

import re
from typing import Any

from rangkiang import catalogue, harmless
from rangkiang.portal import texts
from rangkiang.portal.ckan import names
from rangkiang.portal.manifest import Manifest, manifest
from rangkiang.portal.protocol import Release
from rangkiang.settings import Ckan

STAGE = "kode_tahapan"
"""Extra that says what stage a dataset is of."""
_TAG = re.compile(r"[^\w .-]+")


def dataset(release: Release, house: Ckan) -> dict[str, Any]:
    """Metadata of what the public opens."""
    made, said = release.deliverable, manifest(release)
    office = next((o for o in catalogue.offices() if o.code == made.office), None)
    extras = {
        **dict(made.metadata.get("extras") or {}),  # what ckanext-dcat reads
        "title_en": said["title"]["en"],
        "notes_en": said["description"]["en"],
        "unit_kerja": said["unit_kerja"],
        STAGE: made.stage,
        "tahapan": texts.stage_name(made.stage),
        "jenis_dokumen": made.doctype,
        "pemilihan": _election(release),
        "kode_kemendagri": made.office,
        "kode_bps": office.bps if office else "",
        "cakupan": coverage(said),
        "lisensi": said["licence"],
        "versi": str(release.number),
        "tanggal_rilis": release.day,
        "source_digest": made.digest,
    }
    return {
        **_common(release, house),
        "title": said["title"]["id"],
        "notes": _notes(said, names.archive(made.slug)),
        "version": str(release.number),
        "tags": _tags(release, said),
        "extras": {key: value for key, value in extras.items() if value},
    }


def archive(release: Release, house: Ckan) -> dict[str, Any]:
    """Metadata of the dataset that keeps every file of every version."""
    made, said = release.deliverable, manifest(release)
    home = f"/dataset/{names.dataset(made.slug)}"
    notes = (
        f"Setiap berkas yang pernah terbit dari himpunan data [{_plain(said['title']['id'])}]({home}). "
        "Berkas di sini tidak pernah diganti: tautan lama selalu memberi isi yang lama.\n\n"
        "*Every file of every version of that dataset. Files here never change: an old link gives the old content.*"
    )
    return {
        **_common(release, house),
        "title": f"{said['title']['id']}: semua versi",
        "notes": notes,
        "tags": _tags(release, said),
        "extras": {"title_en": f"{said['title']['en']}: all versions", STAGE: made.stage},
    }


def office(code: str) -> dict[str, Any]:
    """An organisation."""
    found = next((o for o in catalogue.offices() if o.code == code), None)
    extras = {"kode_kemendagri": code, "kode_bps": found.bps if found else ""}
    return {
        "name": names.organisation(code),
        "title": texts.unit_kerja(code),
        "extras": {key: value for key, value in extras.items() if value},
    }


def stage(code: str) -> dict[str, Any]:
    """A group."""
    found = catalogue.stage(code)
    return {
        "name": names.group(code),
        "title": f"{code} {found.name.id}" if found else code,
        "description": found.name.en if found else "",
        "extras": {STAGE: code},
    }


def coverage(said: Manifest) -> str:
    """How much is there of how much: '14 dari 15 kecamatan'."""
    lines = []
    for line in said["coverage"]:
        level = catalogue.level_name(line["level"]) if line["level"] else "dokumen"
        whole = f" dari {texts.number(line['expected'])}" if line["expected"] else ""
        lines.append(f"{texts.number(line['present'])}{whole} {level}")
    return "; ".join(lines)


def _common(release: Release, house: Ckan) -> dict[str, Any]:
    made = release.deliverable
    return {
        "author": texts.unit_kerja(made.office),
        "maintainer": house.contact or texts.unit_kerja(catalogue.offices()[0].code),
        "maintainer_email": house.email,
        "license_id": (made.metadata.get("licence") or {}).get("name") or "",
        "owner_org": names.organisation(made.office),
        "groups": [names.group(made.stage)],
        "private": False,
        "state": "active",
    }


def _notes(said: Manifest, archive_name: str) -> str:
    parts = [
        f"**{_plain(said['notice'])}**" if said["notice"] else "",
        _plain(said["description"]["id"]),
        f"Cakupan: {coverage(said)}." if said["coverage"] else "",
        f"Berkas di bawah ini selalu menunjuk versi terbaru; [semua versi](/dataset/{archive_name}) tetap tersedia.",
        f"*{_plain(said['description']['en'])} The files below always lead to the newest version; "
        f"[all versions](/dataset/{archive_name}) stay available.*",
    ]
    return "\n\n".join(part for part in parts if part)


def _tags(release: Release, said: Manifest) -> list[str]:
    made = release.deliverable
    found = [made.doctype, made.stage, _election(release), said["unit_kerja"].removeprefix("KPU ")]
    return sorted({_TAG.sub("-", tag)[:100] for tag in found if len(tag) > 1})


def _election(release: Release) -> str:
    return str((release.deliverable.metadata.get("election") or {}).get("code") or "")


def _plain(text: str) -> str:
    return harmless.markdown(text)
