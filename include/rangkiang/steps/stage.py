"""A stage's verbs: gather, reconcile, publish, verify. They speak for all offices at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from rangkiang import catalogue, nights, telemetry
from rangkiang.decisions import between
from rangkiang.deliver import build_reconciliation
from rangkiang.errors import UnknownStage, VerificationFailed
from rangkiang.forms import form
from rangkiang.lineage import Step
from rangkiang.model import Document, Finding, State
from rangkiang.portal import Applied, Release
from rangkiang.proof import COMPARED, Agreement, Sheet, feeders
from rangkiang.proof import reconcile as compare
from rangkiang.steps import gate, journalling, telling
from rangkiang.steps.approving import allowed, due
from rangkiang.steps.barn import Barn
from rangkiang.steps.drafting import draft, proposal_of
from rangkiang.steps.filing import figures_of, proofs_of, speaking, whole, write_dataset
from rangkiang.steps.office import file
from rangkiang.steps.releasing import fetch, keep, keep_log, published
from rangkiang.steps.standings import Standings, standings
from rangkiang.telemetry import instruments


def gather(barn: Barn, stage: str, deadline: bool = True) -> list[str]:
    """The offices that have delivered something of this stage; [] where nothing is to be published, or it is too early.

    Before the ``deadline`` a stage waits until no more than ``settings.stragglers`` of the offices that the catalogue
    expects have still to deliver, and none of these is at work on it: that one sets the stage off again. What waits for
    approval is asked for again at the deadline, and not before; what was returned not before it changes. Raises
    UnknownStage.
    """
    if catalogue.stage(stage) is None:
        raise UnknownStage(stage)
    # Whoever handed in only what is held back has delivered too: waiting would not bring more.
    delivered = barn.ledger.delivered(stage)
    late = [o for o in _expected(stage) if o not in delivered]
    early = not deadline and (len(late) > barn.settings.stragglers or not barn.ledger.underway(stage).isdisjoint(late))
    if early or not due(barn, again=deadline, stage=stage):
        if deadline:
            nights.end(barn.ledger, barn.settings, stage)
        return []
    nights.begin(barn.ledger, barn.settings, stage)  # and not before: nobody is late with what is not to be done yet
    return sorted(delivered)


def _expected(stage: str) -> list[str]:
    return [o.code for o in catalogue.offices() if any(owed.stage == stage for owed in catalogue.owed(o))]


def reconcile(barn: Barn, stage: str) -> int:
    """Compare every level with the next, record each difference as a finding, file anew what it touches, and record
    what may pass the gate.

    Sheets of this stage may feed those of another: these are compared anew too. Returns how many cells differ.
    """
    with barn.ledger.lock("reconcile"), barn.lineage.step(f"reconcile.{stage}", barn.run) as step:
        lines = compare_levels(barn, step, stage)
        for office in sorted({d.office for one in lines for d in barn.ledger.filed(stage=one)}):
            file(barn, office)
        looked = gate.look(barn, lines)
        for one, agreements in lines.items():
            barn.ledger.replace_reconciliation(one, [{**asdict(a), "difference": a.difference} for a in agreements])
            if agreements:
                _file_reconciliation(barn, step, one, agreements, looked)
    return sum(bool(a.finding) for agreements in lines.values() for a in agreements)


def compare_levels(barn: Barn, step: Step, stage: str) -> dict[str, list[Agreement]]:
    """Compare the sheets of a stage, and of those that its own feed, with what feeds them; record each difference as a
    finding. Returns what was compared, by stage."""
    documents = _speaking(barn)
    stages = _compared_with(stage, documents)
    sheets = list(_sheets(barn, step, _needed(stages, documents)))
    return {one: _compare(barn, one, sheets) for one in stages}


def _compared_with(stage: str, documents: Sequence[Document]) -> list[str]:
    """This stage, and those whose sheets its own feed."""
    kinds = {(d.said.stage, d.said.form) for d in documents}
    own = [form(model) for at, model in kinds if at == stage]
    return sorted({stage, *(at for at, model in kinds if feeders(form(model), own))})


def _needed(stages: Collection[str], documents: Sequence[Document]) -> list[Document]:
    """The documents that are compared at these stages, whatever stage they are of."""
    kinds = {(d.said.stage, d.said.form) for d in documents}
    all_forms = [form(model) for model in {model for _, model in kinds}]
    fed = {model: feeders(form(model), all_forms) for at, model in kinds if at in stages}
    needed = {model for model, lower in fed.items() if lower} | {f.model for lower in fed.values() for f in lower}
    return [d for d in documents if d.said.form in needed]


def _sheets(barn: Barn, step: Step, documents: Sequence[Document]) -> Iterator[Sheet]:
    """The documents with their figures, and what was found about each by itself."""
    for office, own in _by_office(documents).items():
        proofs = proofs_of(barn, office, own)
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in barn.ledger.findings(office, scope="form", sha256s=proofs.keys()):
            found[finding.sha256].append(finding)
        for document in own:
            proof = proofs[document.sha256]
            step.input(proof.key, telling.figures(proof, document))
            figures = figures_of(barn, document, proof)[list(COMPARED)]
            yield Sheet(document, form(document.said.form), figures, found[document.sha256])


def _compare(barn: Barn, stage: str, sheets: Sequence[Sheet]) -> list[Agreement]:
    """Compare the sheets of a stage with those that feed them, and record the differences with what was decided."""
    agreements, findings = compare(sheets, stage)
    decided = standings(barn)
    accepted: dict[str, Finding] = {}
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.office, finding.sha256].append(finding)
    # Most documents differ from none, and did not before: the others are looked at.
    looked = {*found, *decided, *((f.office, f.sha256) for f in barn.ledger.findings(scope="level"))}
    for document in barn.ledger.documents(stage=stage, sha256s={sha256 for _, sha256 in looked}):
        place = (document.office, document.sha256)
        about = found.get(place, [])
        notes = between(decided.get(place, Standings()).own, about)
        barn.ledger.replace_findings(document.office, document.sha256, "level", [*about, *notes])
        accepted |= {str(n.params["finding"]): n for n in notes if n.code == "finding_accepted"}
    return [_explained(agreement, accepted.get(agreement.finding)) for agreement in agreements]


def _explained(agreement: Agreement, note: Finding | None) -> Agreement:
    if note is None:
        return agreement
    return agreement.explained(*(str(note.params[name]) for name in ("decision", "by", "why")))


def _file_reconciliation(
    barn: Barn, step: Step, stage: str, agreements: Sequence[Agreement], looked: Iterable[gate.Looked]
) -> None:
    province = catalogue.offices()[0].code
    held = gate.described(barn, looked, {a.finding for a in agreements if a.finding})
    built = build_reconciliation(province, stage, agreements, held, notice=barn.settings.notice)
    made = built.deliverable
    with barn.ledger.lock(f"file/{province}/{stage}/{made.doctype}"):
        before = barn.ledger.deliverable(province, stage, made.doctype)
        if before is None or before.digest != made.digest or not whole(barn, before):
            write_dataset(barn, step, built)


def _speaking(barn: Barn) -> list[Document]:
    """The documents that speak for their form and area, over all offices and stages."""
    ready = _by_office(barn.ledger.documents(states=[State.ARRANGED, State.FILED]))
    return [d for office, own in ready.items() for d in speaking(barn, office, own)[0]]


def _by_office(documents: Sequence[Document]) -> Mapping[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        found[document.office].append(document)
    return dict(sorted(found.items()))


def publish(barn: Barn, stage: str) -> Applied:
    """Bring the portal's datasets of this stage in line with what may be released; what is the same is not written.

    Raises NotApproved where that would change what the public sees, and nobody has said that it may.
    """
    with barn.ledger.lock(f"publish/{stage}"), barn.lineage.step(f"publish.{stage}", barn.run) as step:
        journalling.complete_release(barn, stage)
        drafted = draft(barn, stage)
        if (said := allowed(barn, drafted)) is not None:
            step.approved(said)
        keep(barn, drafted.ready)
        if not drafted.empty:
            keep_log(barn, proposal_of(barn, drafted))
            # Before the portal is touched: from here on a version's number means these bytes, whatever happens to us.
            barn.ledger.record_publication(drafted.publication)
        public = published(barn, stage)
        before = {release.slug: release for release in barn.ledger.releases(stage)}
        # What a run that failed has left, or one that found faults.
        owed = {slug for slug, release in before.items() if not release.verified}
        _record(barn, public.releases, verified=False)
        with telemetry.counting(instruments.PUBLISH_ERRORS, stage=stage):
            plan = barn.portal.plan(public.releases, stage, public.withdrawn, owed)
            applied = barn.portal.apply(plan, fetch(barn, public))
        _count(stage, applied)
        for gone in before.keys() - {r.deliverable.slug for r in public.releases}:
            barn.ledger.withdraw_release(gone)
            step.output(f"dataset/{gone}", telling.gone(before[gone].office), barn.settings.portal_url)
        filed = {(made.slug, made.digest) for made in barn.ledger.filed(stage=stage)}
        for release in public.releases:
            was = before[release.deliverable.slug].digest if release.deliverable.slug in before else ""
            as_filed = (release.deliverable.slug, release.deliverable.digest) in filed
            telling.tell_release(step, barn.settings.portal_url, release, drafted.digest, as_filed, was)
    return applied


def _count(stage: str, applied: Applied) -> None:
    counts = ((instruments.PUBLISHED_DATASETS, applied.datasets), (instruments.PUBLISHED_FILES, applied.files))
    for instrument, tally in counts:
        for change in ("written", "unchanged", "removed"):
            telemetry.add(instrument, getattr(tally, change), stage=stage, change=change)


def restore(barn: Barn, stage: str) -> Applied:
    """Bring the portal in line with what has been released of this stage, and with nothing else: where it was lost or
    damaged, also while what would be released next waits for somebody's approval."""
    with barn.ledger.lock(f"publish/{stage}"), barn.lineage.step(f"restore.{stage}", barn.run) as step:
        public = published(barn, stage)
        for release in public.releases:
            telling.tell_release(step, barn.settings.portal_url, release, "", False, release.deliverable.digest)
        every = [release.deliverable.slug for release in public.releases]
        plan = barn.portal.plan(public.releases, stage, public.withdrawn, doubted=every)
        return barn.portal.apply(plan, fetch(barn, public))


def verify(barn: Barn, stage: str) -> int:
    """Read everything back from the portal that the stage's releases brought there, whatever has been filed since.

    Returns how many datasets are right; raises VerificationFailed, and the others are due to be published again.
    """
    # Nobody publishes meanwhile: what is half brought would be taken for what is wrong.
    with (
        barn.ledger.lock(f"publish/{stage}"),
        telemetry.counting(instruments.PUBLISH_ERRORS, stage=stage),
        barn.lineage.step(f"verify.{stage}", barn.run) as step,
    ):
        public = published(barn, stage)
        problems = barn.portal.verify(public.releases, public.withdrawn)
        wrong = {problem.slug for problem in problems}
        for right in (True, False):
            _record(barn, [r for r in public.releases if (r.deliverable.slug in wrong) is not right], verified=right)
        for release in public.releases:
            own = [problem for problem in problems if problem.slug == release.deliverable.slug]
            about = telling.verified(release, own)
            step.input(f"dataset/{release.deliverable.slug}", about, barn.settings.portal_url)
        if problems:
            raise VerificationFailed(stage, [str(p) for p in problems])
    nights.end(barn.ledger, barn.settings, stage)
    return len(public.releases)


def _record(barn: Barn, releases: Sequence[Release], verified: bool) -> None:
    for made in (r.deliverable for r in releases):
        barn.ledger.record_release(made.slug, made.stage, made.office, made.digest, len(made.files), verified)
