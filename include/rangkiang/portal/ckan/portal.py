"""A CKAN as the portal: plan, apply, verify, withdraw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from rangkiang.errors import RangkiangError
from rangkiang.portal.ckan import names
from rangkiang.portal.ckan.about import STAGE
from rangkiang.portal.ckan.bringing import Bringing
from rangkiang.portal.ckan.connection import Connection, Record
from rangkiang.portal.ckan.owners import Owners
from rangkiang.portal.ckan.pair import Pair
from rangkiang.portal.ckan.patience import patiently
from rangkiang.portal.ckan.shelf import SLUG
from rangkiang.portal.ckan.wanted import Wanted
from rangkiang.portal.errors import Away, BadRelease, Overtaken, Refused, SourceDiffers, Unfinished, UnfinishedRefused
from rangkiang.portal.names import check
from rangkiang.portal.protocol import Applied, Change, Fetch, Plan, Problem, Release, Tally, Withdrawal
from rangkiang.settings import Ckan

_NAMES = 200  # datasets that one search asks for by name
_PAGE = 1000  # datasets that CKAN lists at once


class CkanPortal:
    """The CKAN at an address. Writers need not wait for one another: who comes second is told that it was overtaken."""

    def __init__(self, address: str, house: Ckan) -> None:
        self._portal = Connection(address, house)
        self._house = house

    def plan(
        self,
        releases: Sequence[Release],
        scope: str = "",
        withdrawn: Sequence[Withdrawal] = (),
        doubted: Collection[str] = (),
    ) -> Plan:
        _check(releases)
        indexed = self._indexed([release for release in releases if release.deliverable.slug not in doubted])
        changes = [self._compare(release, release.deliverable.slug in doubted, indexed) for release in releases]
        wanted = {release.deliverable.slug for release in releases}
        gone = {one.deliverable.slug for one in withdrawn if self._seen(one.deliverable.slug).live}
        for slug in sorted((gone | (self._listed(scope) if scope else set())) - wanted):
            changes.append(Change("withdraw", slug, held=self._seen(slug).front.mark))
        return Plan(tuple(sorted(changes, key=lambda change: change.slug)))

    def apply(self, plan: Plan, fetch: Fetch) -> Applied:
        """Besides what every portal's raises: Away, Refused, and Unfinished for several; what could be done was done.

        After ``give_up`` datasets in a row at which the portal was away, the rest is left for the next run.
        """
        owners, done, failures, away = Owners(self._portal), Applied(), dict[str, Exception](), 0
        for at, change in enumerate(plan.changes):
            try:
                done += self._carry_out(change, owners, fetch)
                away = 0
            except (Overtaken, SourceDiffers, Refused) as error:
                failures[change.slug] = error
            except Away as error:
                failures[change.slug], away = error, away + 1
                if away == self._house.give_up:
                    raise _failed(failures, [c.slug for c in plan.changes[at + 1 :] if c.kind != "same"]) from error
        if failures:
            raise _failed(failures, [])
        return done

    def verify(self, releases: Sequence[Release], withdrawn: Sequence[Withdrawal] = ()) -> list[Problem]:
        _check(releases)
        problems = [problem for release in releases for problem in self._problems(release)]
        gone = [self._seen(one.deliverable.slug) for one in withdrawn]
        return problems + [Problem(pair.slug, "", "nothing", pair.front.mark) for pair in gone if pair.live]

    def withdraw(self, slugs: Iterable[str]) -> Applied:
        return sum((self._withdraw(self._pair(slug)) for slug in sorted(set(slugs))), Applied())

    def _compare(self, release: Release, doubted: bool, indexed: Mapping[str, Record]) -> Change:
        wanted = self._wanted(release)
        archive = indexed.get(wanted.pair.archive.name)
        try:
            if archive is not None:
                wanted.pair.archive.suppose(archive)
                supposed = patiently(self._house, lambda: wanted.compare(doubted), wanted.pair.forget)
                if supposed.kind == "same":
                    return supposed
                wanted.pair.archive.forget()
            return patiently(self._house, lambda: wanted.compare(doubted), wanted.pair.forget)
        except Refused:  # said when it is carried out, so that it keeps no other dataset waiting
            return Change("change", release.deliverable.slug, release)

    def _indexed(self, releases: Sequence[Release]) -> dict[str, Record]:
        """Archives as the search index has them, by name: a few requests tell of all that they have not changed.

        What the public opens is looked at one by one. It says how its archive was when all of that was right, so that
        an index which is behind or ahead only costs a closer look.
        """
        archives = [names.archive(release.deliverable.slug) for release in releases]
        found: dict[str, Record] = {}
        for n in range(0, len(archives), _NAMES):
            some = archives[n : n + _NAMES]
            query = "+name:({})".format(" OR ".join(f'"{name}"' for name in some))
            try:
                page = self._portal.call("package_search", fq=query, rows=len(some), facet="false")["results"]
            except Away:  # then each is looked at
                return {}
            found |= {one["name"]: one for one in page}
        return found

    def _carry_out(self, change: Change, owners: Owners, fetch: Fetch) -> Applied:
        if change.release is None:
            pair = self._seen(change.slug)
            if pair.front.live and pair.front.mark != change.held:
                raise Overtaken(change.slug)
            return self._withdraw(pair)
        if change.kind == "same":
            return Applied(Tally(unchanged=1), Tally(unchanged=len(self._wanted(change.release).uploads)))
        files = Bringing(self._portal, self._house, owners, change, change.release).bring(fetch)
        return Applied(Tally(written=1), files)

    def _withdraw(self, pair: Pair) -> Applied:
        gone = patiently(self._house, pair.delete, pair.forget)
        files = len(pair.archive.resources) if gone else 0
        return Applied(Tally(removed=int(gone)), Tally(removed=files))

    def _problems(self, release: Release) -> list[Problem]:
        wanted = self._wanted(release)
        return patiently(self._house, lambda: list(_problems(wanted)), wanted.pair.forget)

    def _wanted(self, release: Release) -> Wanted:
        return Wanted(release, self._pair(release.deliverable.slug), self._portal, self._house)

    def _pair(self, slug: str) -> Pair:
        return Pair(self._portal, slug)

    def _seen(self, slug: str) -> Pair:
        """A pair that has been looked at."""
        pair = self._pair(slug)
        patiently(self._house, lambda: pair.live, pair.forget)
        return pair

    def _listed(self, stage: str) -> set[str]:
        """Slugs of what is there of a stage, also of what was begun and is no longer wanted."""
        found: list[dict[str, str]] = []
        more = True
        while more:
            page = patiently(self._house, partial(self._page, stage, len(found)))
            found += page
            more = len(page) == _PAGE
        return {one[SLUG] for one in found if one[STAGE] == stage}

    def _page(self, stage: str, start: int) -> list[dict[str, str]]:
        fields = ["name", f"extras_{SLUG}", f"extras_{STAGE}"]
        query = f'+extras_{SLUG}:[* TO *] +extras_{STAGE}:"{stage}"'
        found = self._portal.call(
            "package_search",
            fq=query,
            fl=fields,
            rows=_PAGE,
            start=start,
            sort="name asc",
            include_drafts=True,
            include_private=True,
        )
        return list(found["results"])


def _problems(wanted: Wanted) -> Iterator[Problem]:
    """Everything that the portal holds otherwise than released."""
    release, pair = wanted.release, wanted.pair
    if not (pair.front.live and pair.archive.live):
        yield wanted.problem("", f"version {release.version}, for everybody to see", pair.front.mark or "nothing")
        return
    yield from wanted.differing()
    broken = list(_broken(wanted))
    yield from broken
    if not broken:  # what is made of the files can be judged
        yield from wanted.tabled(wanted.read)


def _broken(wanted: Wanted) -> Iterator[Problem]:
    """Files, of whatever version, whose bytes are not the released ones."""
    for upload in wanted.uploads:
        found = wanted.fingerprint(upload)
        if found != (upload.entry.sha256, upload.entry.size):
            expected = f"{upload.entry.size} bytes, SHA-256 {upload.entry.sha256}"
            said = f"{found[1]} bytes, SHA-256 {found[0]}" if found[1] else "nothing"
            yield wanted.problem(upload.entry.path, f"version {upload.number}: {expected}", said)


def _check(releases: Sequence[Release]) -> None:
    """Raises BadRelease for what no portal takes, and for slugs that are one name on a CKAN."""
    check(releases)
    names_of = Counter(names.dataset(release.deliverable.slug) for release in releases)
    for slug in (release.deliverable.slug for release in releases):
        if names_of[names.dataset(slug)] > 1:
            raise BadRelease(slug, f"another release has its name on a CKAN, {names.dataset(slug)!r}")


def _failed(failures: dict[str, Exception], untried: Sequence[str]) -> Exception:
    """What to say of them all; a single one speaks for itself."""
    if len(failures) == 1 and not untried:
        return next(iter(failures.values()))
    hopeless = all(isinstance(error, RangkiangError) for error in failures.values())
    return (UnfinishedRefused if hopeless else Unfinished)(failures, untried)
