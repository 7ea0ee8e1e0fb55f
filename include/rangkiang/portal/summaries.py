"""What the pages say about figures: a dataset's totals section by section, the province's votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rangkiang import catalogue
from rangkiang.forms import Form, LeafRow, forms
from rangkiang.forms.contest import Contestant, contestants, has_parties
from rangkiang.model import Level
from rangkiang.portal.manifest import Manifest
from rangkiang.portal.words import named, say

TOTAL = "JML"


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    values: Mapping[str, int | None]  # by split (L, P, JML); a row that is not split has JML only
    share: float | None = None  # of the contestants' votes, in per cent
    flagged: frozenset[str] = frozenset()  # splits whose printed total is in doubt
    known: tuple[int, int] | None = None  # on how many sheets of how many, where not on all
    codes: Mapping[str, str] = field(default_factory=dict)  # of the rows of its figures, by split


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the sheet. ``splits`` names the columns (code, heading), the total last."""

    heading: str
    splits: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    folded: bool = False  # long, and said in short by the section before it

    @property
    def shares(self) -> bool:
        return any(line.share is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of one place, or of the province, by contestant in ballot order; None where not known."""

    label: str
    link: str
    votes: tuple[int | None, ...]
    flagged: tuple[bool, ...]  # is that figure, or a part of that sum, in doubt?


@dataclass(frozen=True, slots=True)
class Contest:
    """The province's result of one ballot: as its own form says, and as the regencies' forms add up."""

    title: str
    kind: str  # what the contestants are
    contestants: tuple[tuple[str, str], ...]  # number on the ballot, label
    upper: Votes | None
    upper_form: str
    lower: tuple[Votes, ...]
    lower_form: str
    lower_sum: Votes
    expected: int  # how many regencies there are

    @property
    def agrees(self) -> bool | None:
        """Do the regencies add up to the province? None while one of them is missing."""
        if self.upper is None or len(self.lower) < self.expected:
            return None
        return self.upper.votes == self.lower_sum.votes


def sections(manifest: Manifest, lang: str = "id") -> list[Section]:
    """A dataset's totals under the headings of its form, in the form's order; one plain list where there is no form."""
    form = forms().get(manifest["form"])
    totals = {line["row"]: line for line in manifest["totals"]}
    if not totals:
        return []
    if form is None:
        lines = tuple(_plain(total) for total in totals.values())
        return [Section("", ((TOTAL, say("sum", lang)),), lines)]
    grouped: dict[str, list[LeafRow]] = defaultdict(list)
    for leaf in form.leaf_rows:
        if leaf.code in totals:
            grouped[leaf.parent.section].append(leaf)
    return [section for code, leaves in grouped.items() for section in _sections(form, code, leaves, totals, lang)]


def codes(manifest: Manifest, lang: str = "id") -> list[tuple[str, str]]:
    """Row codes of the dataset's form and what they stand for; none where there is no form. A row that a sheet may lack
    is among them where the dataset has it."""
    form = forms().get(manifest["form"])
    labels = {line["row"]: line["label"] for line in manifest["totals"]}
    leaves = [leaf for leaf in (form.leaf_rows if form else ()) if not leaf.parent.optional or leaf.code in labels]
    return [(leaf.code, label_of(leaf, labels.get(leaf.code, ""), lang)) for leaf in leaves]


def label_of(leaf: LeafRow, printed: str, lang: str) -> str:
    """A row's label: as it is printed, but for what the form itself has in the other language."""
    if leaf.parent.optional or leaf.parent.contestant or (lang == "id" and printed):
        return printed or leaf.label.get(lang)
    return leaf.label.get(lang)


def _plain(total: Manifest) -> Line:
    flagged = frozenset({TOTAL} if total["flagged"] else ())
    return Line(total["label"], {TOTAL: total["value"]}, flagged=flagged, known=_known(total))


def _sections(
    form: Form, code: str, leaves: Sequence[LeafRow], totals: Mapping[str, Manifest], lang: str
) -> Iterator[Section]:
    """One section of the form; votes of parties first in short, then with all their candidates."""
    names = {c.row: f"{c.number} {c.name}" for c in contestants(form) if c.name and has_parties(form)}
    short = [leaf for leaf in leaves if not leaf.parent.party or leaf.code in names]
    yield _section(form, code, short, totals, names, lang)
    if len(short) < len(leaves):
        whole = _section(form, code, leaves, totals, names, lang)
        yield replace(whole, heading=f"{code}. {say('party_and_candidates', lang)}", folded=True)


def _section(
    form: Form,
    code: str,
    leaves: Sequence[LeafRow],
    totals: Mapping[str, Manifest],
    names: Mapping[str, str],
    lang: str,
) -> Section:
    heading = next((s.label.get(lang) for s in form.sections if s.code == code), "")
    split = any(leaf.split for leaf in leaves)
    splits = tuple((s.code, s.label.get(lang)) for s in form.splits) if split else ((TOTAL, say("sum", lang)),)
    contest = {c.row for c in contestants(form)}
    votes = sum(totals[leaf.code]["value"] or 0 for leaf in leaves if leaf.code in contest)
    by_row: dict[str, list[LeafRow]] = defaultdict(list)
    for leaf in leaves:
        by_row[leaf.parent.code].append(leaf)
    lines = tuple(_line(row, totals, votes if row[0].code in contest else 0, names, lang) for row in by_row.values())
    return Section(f"{code}. {heading}" if heading else code, splits, lines)


def _line(
    leaves: Sequence[LeafRow], totals: Mapping[str, Manifest], votes: int, names: Mapping[str, str], lang: str
) -> Line:
    """One printed row: its figure, or those of its splits. ``votes`` of which it is a share; 0 for none."""
    first = totals[leaves[0].code]
    counted = votes and first["value"] is not None
    return Line(
        label=leaves[0].parent.label.get(lang)
        if leaves[0].split
        else names.get(leaves[0].code) or label_of(leaves[0], first["label"], lang),
        values={leaf.split or TOTAL: totals[leaf.code]["value"] for leaf in leaves},
        share=100 * first["value"] / votes if counted else None,
        flagged=frozenset(leaf.split or TOTAL for leaf in leaves if totals[leaf.code]["flagged"]),
        codes={leaf.split or TOTAL: leaf.code for leaf in leaves},
        known=next(filter(None, (_known(totals[leaf.code]) for leaf in leaves)), None),
    )


def _known(total: Manifest) -> tuple[int, int] | None:
    return (total["known"][0], total["known"][1]) if total["known"] else None


def contests(manifests: Sequence[Manifest], lang: str = "id") -> list[Contest]:
    """One result for each form of the province that has been published, or whose regencies' forms have."""
    found = []
    for upper in (f for f in forms().values() if f.area is Level.PROVINSI and f.below):
        lower = forms().get(upper.below or "")
        if lower and any(m["form"] in (upper.model, lower.model) for m in manifests):
            found.append(_contest(upper, lower, manifests, lang))
    return found


def _contest(upper: Form, lower: Form, manifests: Sequence[Manifest], lang: str) -> Contest:
    regencies = {o.code: o for o in catalogue.offices() if o.level is Level.KABKOTA}
    whole = next((m for m in manifests if m["form"] == upper.model), None)
    parted = [
        m
        for m in sorted(manifests, key=lambda m: (m["office"], m["slug"]))
        if m["form"] == lower.model and m["office"] in regencies
    ]
    stood = standing(upper, [whole, *parted] if whole else parted)
    codes = [contestant.row for contestant in stood]
    parts = tuple(votes_of(m, codes, regencies[m["office"]].short_name) for m in parted)
    sums = tuple(sum(part.votes[n] or 0 for part in parts) for n in range(len(codes)))
    doubts = tuple(any(part.flagged[n] for part in parts) for n in range(len(codes)))
    election = next((e for e in catalogue.elections() if e.code == upper.election), None)
    return Contest(
        title=(election or upper).name.get(lang),
        kind=named("contests", lang)[election.contest if election else ""],
        contestants=tuple((c.number, c.name) for c in stood),
        upper=votes_of(whole, codes, catalogue.offices()[0].short_name) if whole else None,
        upper_form=upper.model,
        lower=parts,
        lower_form=lower.model,
        lower_sum=Votes(say("sum", lang), "", sums, doubts),
        expected=len(regencies),
    )


def standing(form: Form, manifests: Sequence[Manifest]) -> list[Contestant]:
    """Who stands, in ballot order; whom only the sheets name is called what the first of these datasets calls them."""
    labels: dict[str, str] = {}
    for line in (line for manifest in manifests for line in manifest["totals"]):
        labels.setdefault(line["row"], line["label"])
    named = (
        c if c.name else replace(c, name=labels.get(c.row, "").removeprefix(f"{c.number} ")) for c in contestants(form)
    )
    return [contestant for contestant in named if contestant.name]


def votes_of(manifest: Manifest, codes: Sequence[str], label: str) -> Votes:
    """A dataset's totals of these rows."""
    totals = {line["row"]: line for line in manifest["totals"]}
    known = [totals.get(code, {}) for code in codes]
    votes, flagged = (line.get("value") for line in known), (bool(line.get("flagged")) for line in known)
    return Votes(label, manifest["slug"], tuple(votes), tuple(flagged))
