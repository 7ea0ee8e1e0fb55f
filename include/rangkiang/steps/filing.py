"""Files one dataset: everything of one kind that one office handed in, under one folder, as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pandas as pd

from rangkiang.decisions import accept
from rangkiang.deliver import DELIVER, Built, build
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.ledger import Reading
from rangkiang.lineage import Change, Step
from rangkiang.model import Deliverable, Document, Finding, Member, Severity, State
from rangkiang.portal import Release
from rangkiang.proof import flag
from rangkiang.steps import gate, journalling, keys, telling
from rangkiang.steps.barn import Barn
from rangkiang.steps.releasing import keep

MANIFEST = "MANIFEST.json"


def file_dataset(
    barn: Barn,
    step: Step,
    office: str,
    stage: str,
    doctype: str,
    documents: Sequence[Document],
    levels: Sequence[Finding],
) -> bool:
    """Bring the folder up to date with its documents and what is found about them. True where anything changed.

    ``levels`` is what the comparison of levels has found, wherever.
    """
    with barn.ledger.lock(f"file/{office}/{stage}/{doctype}"):
        members, disputed = speaking(barn, office, documents)
        _dispute(barn, office, documents, disputed)
        findings = _findings(barn, office, members, levels)
        proofs = proofs_of(barn, office, members)
        inputs = _inputs(members, proofs, findings, barn.settings.notice)
        before = barn.ledger.deliverable(office, stage, doctype)
        if before and before.digest == inputs and whole(barn, before):
            _filed(barn, office, documents, disputed)
            return False
        if not members:
            dropped = before is not None and _drop(barn, step, before)
            _filed(barn, office, documents, disputed)  # what others have taken the place of is settled all the same
            return dropped
        figures = [_member(barn, d, proofs[d.sha256], findings[d.sha256]) for d in members]
        built = build(
            office,
            stage,
            doctype,
            figures,
            lambda sha: barn.store.get(keys.original(sha)),
            digest=inputs,
            notice=barn.settings.notice,
        )
        write_dataset(barn, step, built, [step.name(proofs[d.sha256].key) for d in members])
        _filed(barn, office, documents, disputed)
        for document in members:
            step.input(proofs[document.sha256].key, telling.figures(proofs[document.sha256], document))
            step.input(keys.original(document.sha256), telling.original(document))
        return True


def write_dataset(barn: Barn, step: Step, built: Built, proofs: Sequence[tuple[str, str]] = ()) -> None:
    """Put the folder's files, clear away what no longer belongs, say last that it is whole, and record it.

    ``proofs`` are what its tables are drawn from, by the names that the lineage has for them.
    """
    made, folder = built.deliverable, built.deliverable.folder
    before = barn.ledger.deliverable(made.office, made.stage, made.doctype)
    if before and whole(barn, before) and _released(barn, before):
        keep(barn, [Release(before, keys.filed(folder))])  # a house that did not keep versions yet would lose it here
    change = Change.OVERWRITE if before else Change.CREATE
    barn.store.delete(keys.filed(folder, MANIFEST))
    for entry in made.files:
        barn.store.put(keys.filed(folder, entry.path), built.contents[entry.path], entry.media_type)
        step.output(keys.filed(folder, entry.path), telling.filed(made, entry, change, proofs))
    wanted = {keys.filed(folder, path) for path in built.contents}
    for found in list(barn.store.list(keys.filed(folder))):
        if found.key not in wanted:
            barn.store.delete(found.key)
    barn.store.put(keys.filed(folder, MANIFEST), _manifest(made), "application/json")
    barn.ledger.record_deliverable(made)


def _released(barn: Barn, made: Deliverable) -> bool:
    last = barn.ledger.publications(made.stage).get(made.stage)
    return last is not None and last.datasets.get(made.slug) == made.digest


def _drop(barn: Barn, step: Step, made: Deliverable) -> bool:
    """Clear away a folder that no document speaks for any more; the originals stay where they are kept."""
    for gone in made.files:
        step.output(keys.filed(made.folder, gone.path), telling.gone(made.office))
    for entry in list(barn.store.list(keys.filed(made.folder))):
        barn.store.delete(entry.key)
    return barn.ledger.drop_deliverable(made.office, made.stage, made.doctype)


def speaking(barn: Barn, office: str, documents: Sequence[Document]) -> tuple[list[Document], list[list[Document]]]:
    """Which of an office's documents speaks for each form, area and electoral district, and the groups that disagree.

    Files still in the inbox outrank files taken out of it; files with the same figures (the PDF and the XLSX of one
    sheet) are one, and the first by digest speaks. Files with different figures speak for nobody until a person
    decides.
    """
    groups: dict[tuple[str, str, str], list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: d.sha256):
        groups[document.said.form, document.said.area_code, document.said.dapil].append(document)
    rivals = {d.sha256 for group in groups.values() if len(group) > 1 for d in group}
    lying = barn.ledger.lying(office, rivals) if rivals else set()
    members, disputed = [], []
    for group in groups.values():
        standing = [d for d in group if d.sha256 in lying] or group
        if len(standing) == 1 or len({_figures_digest(barn, d) for d in standing}) == 1:
            members.append(standing[0])
        else:
            disputed.append(standing)
    return sorted(members, key=lambda d: (d.said.area_code, d.said.dapil, d.sha256)), disputed


def _figures_digest(barn: Barn, document: Document) -> str:
    """Digest of what the figures say, wherever on the file they stand."""
    figures = load_figures(barn, document)
    values = figures.loc[
        figures["column_kind"].isin(["unit", "total"]), ["row", "column_kind", "column_label", "value"]
    ]
    return hashlib.sha256(values.to_csv(index=False).encode()).hexdigest()


def _dispute(barn: Barn, office: str, documents: Sequence[Document], disputed: Sequence[Sequence[Document]]) -> None:
    """A critical finding on every file of a group that disagrees, and none of them is filed any longer; cleared again
    once the group is settled."""
    groups = {d.sha256: group for group in disputed for d in group}
    barn.ledger.move_all(office, groups, State.ARRANGED, State.FILED)
    before = {f.sha256 for f in barn.ledger.findings(office, scope="rivals")}
    for document in (d for d in documents if d.sha256 in groups or d.sha256 in before):
        group = groups.get(document.sha256, ())
        area = " – ".join(filter(None, (document.said.area_name, document.said.dapil)))
        params = {"count": len(group), "form": document.said.form, "area": area}
        finding = Finding(document.office, document.sha256, "documents_disagree", Severity.CRITICAL, "", params)
        barn.ledger.replace_findings(document.office, document.sha256, "rivals", [finding] if group else [])


def load_figures(barn: Barn, document: Document) -> pd.DataFrame:
    """The proved figures of a document, under the name its office gave it."""
    return figures_of(barn, document, proofs_of(barn, document.office, [document])[document.sha256])


def figures_of(barn: Barn, document: Document, proof: Reading) -> pd.DataFrame:
    """The same, where its proof is at hand."""
    return from_parquet(barn.store.get(proof.key)).assign(file=document.name)


def proofs_of(barn: Barn, office: str, documents: Sequence[Document]) -> Mapping[str, Reading]:
    """Of each of an office's documents, by digest, the one proof that the findings about it are of.

    Raises ValueError where one has none, or several.
    """
    wanted = {d.sha256 for d in documents}
    found = barn.ledger.readings(office, wanted, kind="proof")
    by_document = {proof.sha256: proof for proof in found}
    if len(found) != len(wanted) or by_document.keys() != wanted:
        raise ValueError(f"{len(wanted)} documents of {office} have {len(found)} proofs")
    return by_document


def _findings(
    barn: Barn, office: str, members: Sequence[Document], levels: Sequence[Finding]
) -> dict[str, list[Finding]]:
    """What is found about each member: by itself, and by the comparison with other levels, whichever side it is on."""
    found: dict[str, list[Finding]] = {d.sha256: [] for d in members}
    apart = {finding.id for finding in levels}
    for finding in barn.ledger.findings(office, sha256s=found.keys()):
        if finding.id not in apart:
            found[finding.sha256].append(finding)
    for finding in levels:
        sides = {c.sha256 for c in finding.cells} or {finding.sha256}
        for sha256 in found.keys() & sides:
            found[sha256].append(finding)
    return found


def _member(barn: Barn, document: Document, proof: Reading, findings: Sequence[Finding]) -> Member:
    levels = [f for f in findings if f.code == "level_differs"]
    accepted = {str(f.params["finding"]) for f in findings if f.code == "finding_accepted"}
    flagged = flag(figures_of(barn, document, proof), document.sha256, levels)
    figures = accept(flagged, document.sha256, findings, accepted)
    checks = tuple(barn.ledger.checks(document.office, document.sha256))
    return Member(document, tuple(findings), checks, figures, _pictures(barn, document))


def _pictures(barn: Barn, document: Document) -> Mapping[int, bytes]:
    """Of a scan, what its reader saw of every figure, by page."""
    found = barn.store.list(keys.crops(document.sha256, form(document.said.form)))
    return {int(PurePosixPath(entry.key).stem): barn.store.get(entry.key) for entry in found}


def _inputs(
    members: Sequence[Document], proofs: Mapping[str, Reading], findings: Mapping[str, Sequence[Finding]], notice: str
) -> str:
    """Names what the dataset is made from, without opening any of it."""
    made_of = [
        DELIVER,
        notice,
        [(d.sha256, d.name, proofs[d.sha256].maker) for d in members],
        [[(f.id, dict(f.params)) for f in findings[d.sha256]] for d in members],
    ]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()


def unpublished(barn: Barn) -> set[tuple[str, str]]:
    """Office and stage of every dataset that is to be compared or published, or live and no longer filed."""
    filed, released = barn.ledger.filed(), barn.ledger.releases()
    slugs = {d.slug for d in filed}
    gone = {(r.office, r.stage) for r in released if r.slug not in slugs}
    return gone | {(d.office, d.stage) for d in gate.due(barn, filed, released)}


def whole(barn: Barn, deliverable: Deliverable) -> bool:
    """Was the folder written to its end?"""
    return barn.store.stat(keys.filed(deliverable.folder, MANIFEST)) is not None


def _manifest(deliverable: Deliverable) -> bytes:
    files = [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in deliverable.files]
    return json.dumps({"digest": deliverable.digest, "files": files}, ensure_ascii=False, indent=2).encode()


def _filed(barn: Barn, office: str, documents: Sequence[Document], disputed: Sequence[Sequence[Document]]) -> None:
    """Documents that another with the same figures speaks for are settled too; those that disagree are not, and what
    was arranged anew since it was looked at waits for the next filing."""
    open_ones = {d.sha256 for group in disputed for d in group}
    settled = {d.sha256 for d in documents if d.state is State.ARRANGED} - open_ones
    journalling.filed(barn, office, settled)
    barn.ledger.move_all(office, settled, State.FILED, State.ARRANGED)
