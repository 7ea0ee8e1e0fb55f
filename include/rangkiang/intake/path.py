"""Does the folder a file lies in agree with what the file says?"""

from __future__ import annotations

import re
from dataclasses import replace

from rangkiang import catalogue
from rangkiang.intake.front import Refused
from rangkiang.model import Classification, Reason

_STAGE = re.compile(r"[A-Z]{2}\.\d{2}(\.\d{1,2})?")


def compare(key: str, said: Classification) -> Classification:
    """The classification with remarks on the folders of ``inbox/<slug>/<folders…>/<name>``.

    A folder named after another jenis dokumen is a disagreement: raises Refused('path_disagrees'). A kode tahapan that
    is not on the list, or another than the document's own, is a remark: the codes are not certain (see the catalogue).
    """
    remarks = list(said.remarks)
    for folder in key.split("/")[2:-1]:
        _check_doctype(folder, said)
        code = folder.strip().upper()
        if not _STAGE.fullmatch(code):
            continue
        if catalogue.stage(code) is None:
            remarks.append(Reason("unknown_stage", {"stage": code}))
        elif code != said.stage:
            remarks.append(Reason("path_disagrees", {"path_says": code, "content_says": said.stage}))
    return replace(said, remarks=tuple(remarks))


def _check_doctype(folder: str, said: Classification) -> None:
    named = next((d for d in catalogue.doctypes() if catalogue.fold(d.code) == catalogue.fold(folder)), None)
    if named is not None and named.code != said.doctype:
        raise Refused("path_disagrees", path_says=named.code, content_says=said.doctype)
