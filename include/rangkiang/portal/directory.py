"""The directory portal: a static site that any web server can serve, or a browser can open from the disk."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rangkiang.portal import folder, pages
from rangkiang.portal.dataset import DatasetFolder, Wanted
from rangkiang.portal.manifest import Manifest, load
from rangkiang.portal.names import check
from rangkiang.portal.protocol import Applied, Change, Fetch, Plan, Problem, Release, Tally, Withdrawal

INDEX = "datasets.json"


class DirectoryPortal:
    """The site under ``root``, which is made when the first plan is applied. Writers wait for one another."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._datasets = self.root / "dataset"
        self._offices = self.root / "kantor"

    def plan(
        self,
        releases: Sequence[Release],
        scope: str = "",
        withdrawn: Sequence[Withdrawal] = (),
        doubted: Collection[str] = (),
    ) -> Plan:
        check(releases)
        wanted: dict[str, Wanted] = {gone.deliverable.slug: gone for gone in withdrawn}
        wanted |= {release.deliverable.slug: release for release in releases}
        live = self._live()
        changes = [self._dataset(slug).compare(one) for slug, one in wanted.items()]
        for slug, said in live.items():
            if scope and said["stage"] == scope and slug not in wanted:
                changes.append(Change("withdraw", slug, held=self._dataset(slug).held))
        site = pages.site(list(live.values()))
        stale = any(folder.read(self.root / path) != data for path, data in site.items())
        return Plan(tuple(sorted(changes, key=lambda c: c.slug)), stale)

    def apply(self, plan: Plan, fetch: Fetch) -> Applied:
        with self._writing({change.slug for change in plan.changes}):
            for change in plan.changes:
                self._dataset(change.slug).check(change)
            done = [self._carry_out(c, c.release, fetch) for c in plan.changes if c.release]
            datasets = Tally(sum(_touched(t) for t in done), sum(not _touched(t) for t in done))
            gone = self._take_off({change.slug: change.withdrawal for change in plan.of("withdraw")}, fetch)
            return Applied(datasets + gone.datasets, sum(done, gone.files))

    def verify(self, releases: Sequence[Release], withdrawn: Sequence[Withdrawal] = ()) -> list[Problem]:
        check(releases)
        listed = self._listed()
        problems: list[Problem] = []
        for made, release in ((r.deliverable, r) for r in releases):
            problems += self._dataset(made.slug).problems(release)
            if listed.get(made.slug) != (release.version, made.digest):
                expected = f"version {release.version} in {INDEX}"
                problems.append(Problem(made.slug, "", expected, f"{listed.get(made.slug, 'nothing')}"))
        for gone in withdrawn:
            problems += self._dataset(gone.deliverable.slug).problems(gone)
        return problems

    def withdraw(self, slugs: Iterable[str]) -> Applied:
        with self._writing(set()):
            return self._take_off(dict.fromkeys(set(slugs) & self._live().keys()), dict[str, bytes]().__getitem__)

    def leftovers(self, age: timedelta) -> list[Path]:
        """Halves that are so old that nobody writes them any more; the next writer clears them away."""
        halves = folder.halves(self.root, self._datasets, *self._folders(), *self._offices.glob("*"))
        return [path for path in halves if time.time() - path.lstat().st_mtime > age.total_seconds()]

    def _dataset(self, slug: str) -> DatasetFolder:
        return DatasetFolder(self._datasets / slug)

    def _folders(self) -> list[Path]:
        return sorted(p for p in self._datasets.glob("*") if p.is_dir() and not p.name.startswith("."))

    def _live(self) -> dict[str, Manifest]:
        """Manifests of the datasets that are there to their end, by slug."""
        found = ((path.name, load(DatasetFolder(path).manifest)) for path in self._folders())
        return {slug: said for slug, said in found if said is not None}

    def _listed(self) -> dict[str, tuple[str, str]]:
        """Version and digest of each dataset on the site's own list."""
        try:
            entries = json.loads(folder.read(self.root / INDEX) or b"")["datasets"]
        except ValueError:
            return {}
        return {entry["slug"]: (entry["version"], entry["digest"]) for entry in entries}

    @contextmanager
    def _writing(self, expected: Collection[str]) -> Iterator[None]:
        """Be the only writer, on a site without what killed writers left: halves, and datasets without a manifest.

        Datasets that are ``expected`` stay: what they already hold need not be fetched again.
        """
        with folder.locked(self.root):
            folder.sweep(self.root, self._datasets, *self._folders(), *self._offices.glob("*"))
            for path in self._folders():
                if path.name not in expected and DatasetFolder(path).manifest is None:
                    folder.vanish(path)
            yield

    def _carry_out(self, change: Change, release: Release, fetch: Fetch) -> Tally:
        if change.kind == "same":
            return Tally(unchanged=self._dataset(change.slug).size(release))
        return self._dataset(change.slug).bring(release, fetch)

    def _take_off(self, gone: Mapping[str, Withdrawal | None], fetch: Fetch) -> Applied:
        """Renew the overview without these datasets, then remove them, so that no link leads to nothing. Where it is
        known why, a page that says so stays."""
        live = self._live()
        files = self._write_site([said for slug, said in live.items() if slug not in gone])
        for slug, what in sorted(gone.items()):
            there = self._dataset(slug)
            if what is not None:
                files += there.bring(what, fetch)
            elif there.path.is_dir():
                files += Tally(removed=len(folder.paths(there.path)))
                folder.vanish(there.path)
        return Applied(Tally(removed=len(gone.keys() & live.keys())), files)

    def _write_site(self, manifests: Sequence[Manifest]) -> Tally:
        made = pages.site(manifests)
        written = sum(folder.write(self.root / path, data) for path, data in made.items())
        ours = {path.removeprefix("kantor/") for path in made}
        strangers = folder.paths(self._offices) - ours
        folder.remove(self._offices, strangers)
        return Tally(written, len(made) - written, len(strangers))


def _touched(files: Tally) -> bool:
    return files.written + files.removed > 0
