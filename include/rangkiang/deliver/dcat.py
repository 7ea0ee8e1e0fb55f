"""``dcat.jsonld``: the dataset as a catalogue's entry (W3C DCAT 3). Its addresses are relative: they lead to the files
beside it wherever the folder is put."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.narrative.kinds import ORIGINALS
from rangkiang.deliver.standards import references
from rangkiang.deliver.words import kebab
from rangkiang.model import FileEntry

CONTEXT: Mapping[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = ("IND", "ENG")
CONFORMS = ("https://specs.frictionlessdata.io/data-package/",)
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
_MEDIA = "https://www.iana.org/assignments/media-types/"


def dcat(made: Dataset, files: Sequence[FileEntry], description: Texts, licence: Licence, version: str) -> bytes:
    """JSON-LD in UTF-8. Originals are told of by the Data Package, which is one of the files."""
    entry = {
        "@context": CONTEXT,
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": made.slug,
        "dct:title": _both(made.title),
        "dct:description": _both(description),
        "dcat:version": version,
        "dct:publisher": {"@id": "#unit-kerja", "@type": "foaf:Organization", "foaf:name": made.office.unit_kerja},
        "dcat:contactPoint": {"@id": "#kontak", "@type": "vcard:Organization", "vcard:fn": made.office.unit_kerja},
        "dct:spatial": _place(made),
        "dct:temporal": _period(made),
        "dct:language": [{"@id": _LANGUAGE + code} for code in LANGUAGES],
        "dcat:theme": {"@id": "#tahapan", "@type": "skos:Concept", **_concept(made)},
        "dcat:keyword": list(keywords(made)),
        "dct:accessRights": {"@id": "#akses", "@type": "dct:RightsStatement", "rdfs:label": "Terbuka"},
        "dct:rights": {"@id": "#lisensi", "@type": "dct:RightsStatement", "rdfs:label": licence.title},
        "dct:conformsTo": [{"@id": url} for url in CONFORMS],
        "dcat:distribution": [_file(entry) for entry in files if not entry.path.startswith(ORIGINALS)],
    }
    return (json.dumps(entry, ensure_ascii=False, indent=2) + "\n").encode()


def extras(made: Dataset) -> dict[str, str]:
    """The same for CKAN, as fields that ckanext-dcat reads; those with several values are lists in JSON."""
    date = _date(made)
    return {
        "identifier": made.slug,
        "language": json.dumps([_LANGUAGE + code for code in LANGUAGES]),
        "publisher_name": made.office.unit_kerja,
        "contact_name": made.office.unit_kerja,
        **({"temporal_start": date, "temporal_end": date} if date else {}),
        "conforms_to": json.dumps(CONFORMS),
        "kode_kemendagri": made.office.code,
        "kode_bps": made.office.bps,
        "kode_tahapan": made.stage,
        "jenis_dokumen": made.doctype,
    }


def keywords(made: Dataset) -> tuple[str, ...]:
    """Words to find it by."""
    return tuple(sorted({made.doctype.lower(), made.stage.lower(), made.form.election.lower(), made.office.code}))


def _both(texts: Texts) -> list[Mapping[str, str]]:
    return [{"@language": lang, "@value": texts.get(lang)} for lang in ("id", "en")]


def _concept(made: Dataset) -> Mapping[str, Any]:
    return {"skos:notation": made.stage, "skos:prefLabel": _both(made.stage_name)}


def _place(made: Dataset) -> Mapping[str, Any]:
    """The area under both codes, each with whose it is."""
    codes = (("kemendagri", made.office.code), ("bps", made.office.bps))
    return {
        "@id": "#wilayah",
        "@type": "dct:Location",
        "locn:geographicName": made.place,
        "adms:identifier": [
            {
                "@id": f"#kode-{owner}",
                "@type": "adms:Identifier",
                "skos:notation": code,
                "adms:schemaAgency": references()[owner].id,
            }
            for owner, code in codes
        ],
    }


def _period(made: Dataset) -> Mapping[str, Any]:
    """The day of the election."""
    day = {"@type": "xsd:date", "@value": _date(made)}
    return {"@id": "#waktu", "@type": "dct:PeriodOfTime", "dcat:startDate": day, "dcat:endDate": day}


def _date(made: Dataset) -> str:
    return next((e.date for e in catalogue.elections() if e.code == made.form.election), "")


def _file(entry: FileEntry) -> Mapping[str, Any]:
    name = kebab(entry.path)
    checksum = {"@id": f"#sha256-{name}", "@type": "spdx:Checksum"}
    return {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": {"@language": "id", "@value": entry.title},
        "dcat:downloadURL": {"@id": quote(entry.path)},
        "dcat:accessURL": {"@id": quote(entry.path)},
        "dcat:mediaType": {"@id": _MEDIA + entry.media_type},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(entry.size)},
        "spdx:checksum": {
            **checksum,
            "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": entry.sha256},
        },
    }
