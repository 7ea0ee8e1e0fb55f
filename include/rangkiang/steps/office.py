"""An office's verbs: collect, read, arrange, file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rangkiang import catalogue
from rangkiang.errors import BatchFailed, UnknownOffice
from rangkiang.forms import Form, form, forms
from rangkiang.frames import counts, from_parquet
from rangkiang.guard import NotStarted, oversize
from rangkiang.intake import Refused, Verdict
from rangkiang.ledger import AWAY, Arrival, Reading
from rangkiang.lineage import Change
from rangkiang.model import USABLE, Document, Finding, Reason, Severity, State, shown
from rangkiang.reading import Unreadable
from rangkiang.steps import journalling, keys, telling
from rangkiang.steps.approving import due
from rangkiang.steps.arranging import arrange_document
from rangkiang.steps.barn import Barn
from rangkiang.steps.batching import batches
from rangkiang.steps.data_docs import write_data_docs
from rangkiang.steps.filing import file_dataset
from rangkiang.steps.returning import returned
from rangkiang.steps.standings import Standings, standings
from rangkiang.store import Entry


def collect(
    barn: Barn, office: str, stage: str | None = None, doctype: str | None = None, force: bool = False
) -> list[list[str]]:
    """List the office's inbox, keep what is new, and say what it is.

    Returns batches of SHA-256 digests that are still to be read or arranged, about ``settings.batch_seconds`` of work
    each; with ``force`` every usable document again. ``stage`` and ``doctype`` narrow what is returned, not what is
    kept. Raises UnknownOffice.
    """
    if office not in {o.code for o in catalogue.offices()}:
        raise UnknownOffice(office)
    # Two nights at once take turns: which name of twins came first is told by what the other has seen.
    with barn.ledger.lock(f"collect/{office}"), barn.lineage.step(f"collect.{office}", barn.run) as step:
        new = set()
        for arrival in _receive(barn, office):
            new.add(arrival.sha256)
            step.input(arrival.key, telling.arrived(office, arrival))
        for now in classified(barn, office):
            new.add(now.sha256)
            if now.state is State.SPLIT:  # its sheets are received now
                step.input(keys.original(now.sha256), telling.original(now))
            step.output(keys.original(now.sha256), telling.original(now, Change.CREATE))
        journalling.received(barn, office, new)
    if force:
        wanted = barn.ledger.documents(office=office, states=USABLE, stage=stage, doctype=doctype)
    else:
        wanted = _pending(barn, office, stage=stage, doctype=doctype)
    return batches(wanted, barn.settings.batch_seconds)


def _receive(barn: Barn, office: str) -> Iterator[Arrival]:
    """Keep the bytes of every new or changed object; record every arrival, and gone ones as gone."""
    known = barn.ledger.arrivals(office)
    new, seen = [], set()
    for entry in barn.store.list(keys.inbox(office)):
        seen.add(entry.key)
        before = known.get(entry.key)
        if not before or before.etag != entry.etag or not before.present:
            new.append(entry)
    gone = [replace(a, present=False) for key, a in known.items() if key not in seen and a.present]
    if not new and not gone:
        return
    digests = {a.sha256: a.key for a in sorted(known.values(), key=lambda a: a.key, reverse=True) if not a.duplicate_of}
    arrivals = []
    for entry in new:
        if entry.size > barn.settings.limits.bytes:
            sha256 = _leave(barn, office, entry)
            arrivals.append(Arrival(entry.key, entry.etag, entry.size, sha256, "", True))
            yield arrivals[-1]
            continue
        try:
            data = barn.store.get(entry.key)
        except KeyError:  # taken back since it was listed
            if before := known.get(entry.key):
                gone.append(replace(before, present=False))
            continue
        sha256 = _sha256(data)
        barn.store.put_if_absent(keys.original(sha256), data)
        first = digests.setdefault(sha256, entry.key)
        barn.ledger.add_document(Document(office, sha256, first, len(data), "", State.RECEIVED))
        if first != entry.key:
            _name_again(barn, office, sha256, entry.key)
        arrivals.append(Arrival(entry.key, entry.etag, entry.size, sha256, "" if first == entry.key else first, True))
        yield arrivals[-1]
    # Noted before they are recorded: what is recorded is looked at no more, should this be cut off in between.
    _note_duplicates(barn, office, known | {a.key: a for a in arrivals}, {a.sha256 for a in arrivals if a.duplicate_of})
    barn.ledger.record_arrivals(office, [*arrivals, *gone])


def _name_again(barn: Barn, office: str, sha256: str, key: str) -> None:
    """The file's name may say what could not be read: whose sheet of handwriting it is. Then it is looked at anew."""
    document = barn.ledger.document(office, sha256)
    if document and document.state in USABLE and not document.said.area_code:
        barn.ledger.move(office, sha256, State.RECEIVED, key=key)


def _leave(barn: Barn, office: str, entry: Entry) -> str:
    """Refuse a file that is too large to be fetched. It stays where it is; nobody copies it.

    Its bytes are not read, so its document goes by the digest of its key and size.
    """
    sha256 = keys.unfetched(entry.key, entry.size)
    reason = oversize(entry.size, barn.settings.limits).reason
    document = Document(office, sha256, entry.key, entry.size, "", State.QUARANTINED, reason)
    _note_quarantine(barn, document, reason, Reason("not_fetched", {"key": shown(entry.key)}))
    barn.ledger.add_document(document)
    barn.ledger.replace_findings(office, sha256, "intake", remarks(document))
    return sha256


def _note_duplicates(barn: Barn, office: str, arrivals: Mapping[str, Arrival], repeated: Collection[str]) -> None:
    for sha256 in repeated:
        barn.ledger.replace_findings(office, sha256, "arrival", duplicates(office, sha256, arrivals.values()))


def duplicates(office: str, sha256: str, arrivals: Iterable[Arrival]) -> list[Finding]:
    """A finding for every name but the first under which an office has sent the same bytes."""
    twins = [a for a in arrivals if a.sha256 == sha256 and a.duplicate_of]
    return [
        _finding(office, sha256, Reason("duplicate_file", {"first": shown(a.duplicate_of)}), shown(a.key))
        for a in twins
    ]


def classified(barn: Barn, office: str) -> Iterator[Document]:
    """Say of every document that was received what it is; each as it then stands."""
    while received := barn.ledger.documents(office=office, states=[State.RECEIVED]):
        for document in received:
            yield _classify(barn, document)


def remarks(document: Document) -> list[Finding]:
    """What is found about a document where it comes in."""
    found = document.classification.remarks if document.classification else ()
    if document.sha256 == keys.unfetched(document.key, document.size):
        found = (Reason("not_fetched", {"key": shown(document.key)}),)
    return [_finding(document.office, document.sha256, remark) for remark in found]


def _classify(barn: Barn, document: Document) -> Document:
    """The document as it stands once it is known what it is."""
    data = barn.store.get(keys.original(document.sha256))
    verdict = barn.guard.inspect(data, document.key, document.office)
    if verdict.state is State.SPLIT:
        verdict = _split(barn, document, data, verdict)
    now = replace(document, state=verdict.state, reason=verdict.reason, classification=verdict.classification)
    barn.ledger.replace_findings(document.office, document.sha256, "intake", remarks(now))
    if verdict.state is State.QUARANTINED and verdict.reason:
        _note_quarantine(barn, document, verdict.reason)
    barn.ledger.move(
        document.office,
        document.sha256,
        verdict.state,
        reason=verdict.reason,
        classification=verdict.classification,
        media_type=verdict.media_type,
        from_states=[State.RECEIVED],
    )
    return now


def _split(barn: Barn, document: Document, data: bytes, verdict: Verdict) -> Verdict:
    """Every sheet of a file becomes a document of its own, under the file's key and the sheet's pages.

    The file itself is done with: its verdict names its sheets, or says why they cannot be had.
    """
    try:
        found = barn.guard.parts(data, verdict.media_type)
    except Refused as refusal:
        return Verdict(State.QUARANTINED, verdict.media_type, None, refusal.reason)
    digests = []
    for part in found:
        sha256 = _sha256(part.data)
        barn.store.put_if_absent(keys.original(sha256), part.data)
        key = keys.part(document.key, part.first_page, part.last_page)
        barn.ledger.add_document(Document(document.office, sha256, key, len(part.data), "", State.RECEIVED))
        digests.append(sha256)
    return replace(verdict, reason=Reason("several_sheets", {"count": len(digests), "parts": digests}))


def _finding(office: str, sha256: str, reason: Reason, subject: str = "") -> Finding:
    # Some reasons that refuse a file elsewhere are here no more than a remark: those have no severity of their own.
    severity = catalogue.reasons()[reason.code].severity or Severity.WARNING
    return Finding(office, sha256, reason.code, severity, subject, reason.params)


def _note_quarantine(barn: Barn, document: Document, reason: Reason, *also: Reason) -> None:
    """The office finds the reason, and what to do, in words: a text for people, and the same for machines."""
    note: dict[str, Any] = {
        "file": shown(document.key),
        "sha256": document.sha256,
        "code": reason.code,
        "reason": {lang: " ".join(catalogue.explain(r, lang) for r in (reason, *also)) for lang in ("id", "en")},
        "do": {lang: " ".join(catalogue.advise(r, lang) for r in (reason, *also)) for lang in ("id", "en")},
    }
    key = keys.quarantine(document.office, document.sha256)
    said = f"{document.name}\n\n{note['reason']['id']}\n{note['do']['id']}\n"
    barn.store.put(f"{key}.txt", said.encode(), "text/plain; charset=utf-8")
    data = json.dumps(note, ensure_ascii=False, indent=2, sort_keys=True).encode()
    barn.store.put(f"{key}.json", data, "application/json")


def _pending(
    barn: Barn,
    office: str,
    sha256s: Collection[str] | None = None,
    stage: str | None = None,
    doctype: str | None = None,
) -> list[Document]:
    """Documents without a proof by today's maker: new ones, old ones that a better maker must prove anew, and those
    about which other decisions are in force than when they were proved; and those that were received anew."""
    makers = {model: keys.proof_maker(entry) for model, entry in forms().items()}
    decided = {sha256: stands.digest for (_, sha256), stands in standings(barn, office).items()}
    undecided = barn.ledger.unproved(office, makers, stage, doctype, sha256s, apart=decided.keys())
    if not decided:
        return undecided
    asked = decided.keys() if sha256s is None else decided.keys() & sha256s
    usable = barn.ledger.documents(office=office, states=USABLE, stage=stage, doctype=doctype, sha256s=asked)
    proved = {r.sha256: r.maker for r in barn.ledger.readings(office, sha256s=asked, kind="proof") if r.digest}

    def is_due(document: Document) -> bool:
        maker = keys.proof_maker(form(document.said.form), decided[document.sha256])
        return document.state is State.ACCEPTED or proved.get(document.sha256) != maker

    return sorted([*undecided, *filter(is_due, usable)], key=lambda d: (d.key, d.sha256))


def read(barn: Barn, office: str, batch: Sequence[str]) -> None:
    """Read the figures of each document of the batch into the store; quarantine, with its reason, what cannot be read.

    Raises BatchFailed after the batch where documents failed for a reason nobody foresaw.
    """
    with barn.lineage.step(f"read.{office}", f"{barn.run}/{_batch_name(batch)}") as step:

        def one(document: Document) -> None:
            entry = form(document.said.form)
            key = keys.reading(document.sha256, entry)
            step.input(keys.original(document.sha256), telling.original(document))
            try:
                reading = _reading(barn, document, entry, key)
            except Unreadable as refused:
                _note_quarantine(barn, document, refused.reason)
                barn.ledger.move(office, document.sha256, State.QUARANTINED, reason=refused.reason)
                return
            made = Reading(
                office, document.sha256, "reading", keys.reading_maker(entry), key, _sha256(reading),
                counts(from_parquet(reading)),
            )  # fmt: skip
            barn.ledger.record_reading(made.office, made.sha256, made.maker, key, made.digest, made.counts)
            barn.ledger.move(office, document.sha256, State.READ, from_states=[State.ACCEPTED])
            step.output(key, telling.reading(made, entry))

        _each(barn, office, batch, one)


def _reading(barn: Barn, document: Document, entry: Form, key: str) -> bytes:
    """The figures as read, from the store where this reader has been here before."""
    if barn.store.stat(key) is None:
        data = barn.store.get(keys.original(document.sha256))
        # Two offices may hold the same bytes under two names: what is kept speaks of the bytes alone.
        made = barn.guard.reading(data, document.media_type, entry, "", document.sha256, document.said.pages)
        for page, crops in made.crops.items():
            barn.store.put_if_absent(keys.crops(document.sha256, entry, page), crops)
        barn.store.put_if_absent(key, made.figures)  # last: who finds the figures finds their pictures
    return barn.store.get(key)


def arrange(barn: Barn, office: str, batch: Sequence[str]) -> None:
    """Prove and check each document of the batch that has been read, with what people decided about it.

    A critical check that fails holds the document back from every release, with a finding, and so does a place that
    nobody could read, or a person who asked for a new scan; the others go on.
    Raises BatchFailed as ``read`` does.
    """
    with barn.lineage.step(f"arrange.{office}", f"{barn.run}/{_batch_name(batch)}") as step:
        decided = standings(barn, office)

        def one(document: Document) -> None:
            if document.state in (State.ACCEPTED, State.QUARANTINED):
                return
            entry = form(document.said.form)
            with barn.ledger.lock(f"arrange/{office}/{document.sha256}"):  # the proof and its findings are of one hand
                outcome = arrange_document(barn, document, decided.get((office, document.sha256), Standings()))
            if read := barn.ledger.reading(office, document.sha256, keys.reading_maker(entry)):
                step.input(read.key, telling.reading(read, entry, outcome.checks))
            step.output(outcome.proof.key, telling.proof(step, outcome, entry))

        _each(barn, office, batch, one)


def file(barn: Barn, office: str) -> list[str]:
    """File every dataset of the office under ``Unit Kerja/Kode Tahapan/Jenis Dokumen``.

    Returns the kode tahapan this office has a part in that have something to publish, of whatever office: the last to
    deliver, even if all it delivered is held back, sets the stage off. It asks what is live, and not what this call
    changed, so that a call that was killed is made good by the next.
    """
    ready = barn.ledger.documents(office=office, states=[State.ARRANGED, State.FILED])
    # A dataset whose last document is now held back has to go too, so what was filed before is looked at again.
    before = {(d.stage, d.doctype) for d in barn.ledger.filed(office=office) if catalogue.doctype(d.doctype)}
    members: dict[tuple[str, str], list[Document]] = {kind: [] for kind in before}
    for document in ready:
        members.setdefault((document.said.stage, document.said.doctype), []).append(document)
    levels = barn.ledger.findings(scope="level")
    with barn.lineage.step(f"file.{office}", barn.run) as step:
        for (stage, doctype), own in sorted(members.items()):
            file_dataset(barn, step, office, stage, doctype, own, levels)
    if ready:
        write_data_docs(barn, office)
    return sorted(barn.ledger.stages(office) & {stage for _, stage in due(barn)})


def settled(barn: Barn, office: str) -> bool:
    """Is there nothing left to do for this office: all read, all filed, all live, all given back that must be?"""
    unfiled = barn.ledger.documents(office=office, states=set(USABLE) - {State.FILED, State.HELD})
    return not (unfiled or due(barn, office=office) or _pending(barn, office)) and returned(barn, office)


def decided(barn: Barn) -> dict[str, str]:
    """Offices about whose documents something is in force, or no longer, that their figures do not know of yet: what it
    is, in short."""
    found = {}
    about = barn.ledger.decisions()
    for office in sorted({decision.office for decision in about}):
        own = {decision.sha256 for decision in about if decision.office == office}
        if waiting := _pending(barn, office, own):
            now = standings(barn, office)
            stands = [[d.sha256, now.get((office, d.sha256), Standings()).digest] for d in waiting]
            found[office] = _sha256(json.dumps(stands).encode())[:16]
    return found


def _each(barn: Barn, office: str, batch: Sequence[str], do: Callable[[Document], None]) -> None:
    """One document's failure must not cost the others theirs; what was not foreseen still fails the task, loudly."""
    failures: dict[str, Exception] = {}
    for document in barn.ledger.documents(office=office, sha256s=batch):
        try:
            do(document)
        except (OSError, NotStarted, *AWAY):
            raise  # a service is away, a disk full, not the document at fault: let the whole batch be tried again
        except Exception as error:  # noqa: BLE001 - not swallowed: raised below, with the others
            failures[document.sha256] = error
    if failures:
        raise BatchFailed(failures) from next(iter(failures.values()))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _batch_name(batch: Sequence[str]) -> str:
    return _sha256("".join(batch).encode())[:12]
