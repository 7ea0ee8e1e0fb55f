"""Publishing to a real CKAN, beside a bare ckanapi loop that uploads the same files and loads the same tables.

Run by hand: ``python bench/publish.py``; deploy/services/ckan starts the CKAN unless RANGKIANG_TEST_CKAN names one.
The datasets are those of a night of the demo's files. In each pair the two publish to a portal that holds none of them,
one right after the other, who is first in turn; the loop looks at nothing and tries nothing again. Then ours publishes
once more, with nothing changed. Aims: ours takes no more than 1.3 times as long as the loop, and under 5 % of it then.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ckanapi import RemoteCKAN  # type: ignore[import-untyped]

from rangkiang.ledger.embedded import database_url, ensure_server
from rangkiang.portal import Release
from rangkiang.portal.ckan import CkanPortal, names
from rangkiang.portal.ckan.table import Table, schema
from rangkiang.portal.ckan.uploads import current
from rangkiang.portal.manifest import main_table
from rangkiang.portal.protocol import Fetch
from rangkiang.settings import Ckan
from rangkiang.steps.releasing import Public, fetch, published
from samples import demo
from tests.helpers.nights import OFFICES, house, night, of_offices

STAGES = ("PL.01.7", "PL.01.8")
BARE = "bare-"
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def a_night() -> Iterator[tuple[list[Release], Fetch]]:
    """What a night of a few offices releases, and where its files are."""
    with tempfile.TemporaryDirectory() as folder, ensure_server(Path(folder) / "postgres") as server:
        inbox = of_offices(demo.build()[0].files)
        with house(Path(folder) / "home", database_url(server, "bench"), inbox) as barn:
            night(barn, OFFICES, STAGES)
            found = [published(barn, stage) for stage in STAGES]
            all_of_them = Public(tuple(release for public in found for release in public.releases), ())
            yield list(all_of_them.releases), fetch(barn, all_of_them)


def loop(remote: RemoteCKAN, releases: Sequence[Release], files: Fetch) -> None:
    """What a script of an afternoon does."""
    for office in sorted({release.deliverable.office for release in releases}):
        remote.action.organization_create(name=BARE + names.organisation(office), title=office)
    for release in releases:
        made = release.deliverable
        said = {"title": made.metadata["title"]["id"], "owner_org": BARE + names.organisation(made.office)}
        dataset = remote.action.package_create(name=BARE + names.dataset(made.slug), **said)
        contents = {one.entry.path: one.fetch(files) for one in current(release)}
        ids = {}
        for path, data in contents.items():
            file = io.BytesIO(data)
            file.name = names.file_name(path)
            resource = remote.action.resource_create(package_id=dataset["id"], name=path, upload=file)
            ids[path] = resource["id"]
        main = main_table(list(contents))
        described = schema(contents["datapackage.json"], main) if main and "datapackage.json" in contents else None
        if main and described:
            table = Table(described, contents[main])
            columns = [field["id"] for field in described.fields]
            remote.action.datastore_create(
                resource_id=ids[main],
                force=True,
                fields=described.fields,
                primary_key=list(described.key),
                records=[dict(zip(columns, row, strict=True)) for row in table.rows],
                calculate_record_count=False,
            )


def clear(remote: RemoteCKAN, releases: Sequence[Release]) -> None:
    """Leave nothing of either."""
    slugs = [release.deliverable.slug for release in releases]
    ours = {name for slug in slugs for name in (names.dataset(slug), names.archive(slug))}
    wanted = ours | {BARE + names.dataset(slug) for slug in slugs}
    found = remote.action.package_search(rows=1000, include_drafts=True, include_private=True, fl=["name"])["results"]
    for name in wanted & {one["name"] for one in found}:
        for resource in remote.action.package_show(id=name)["resources"]:
            if resource["datastore_active"]:
                remote.action.datastore_delete(resource_id=resource["id"], force=True)
        remote.action.dataset_purge(id=name)
    offices = {names.organisation(release.deliverable.office) for release in releases}
    for name in set(remote.action.organization_list()) & (offices | {BARE + office for office in offices}):
        remote.action.organization_purge(id=name)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pair(number: int, remote: RemoteCKAN, portal: CkanPortal, releases: Sequence[Release], files: Fetch) -> list[float]:
    """Seconds of the loop, of ours, of looking through what ours published, and of ours again."""

    def publish() -> None:
        portal.apply(portal.plan(releases), files)

    def verify() -> None:
        if problems := portal.verify(releases):
            raise SystemExit(f"Published otherwise than released: {problems[:3]}")

    clear(remote, releases)
    works = [lambda: loop(remote, releases, files), publish]
    took = {work: seconds(work) for work in (works if number % 2 == 0 else reversed(works))}
    if not portal.plan(releases).empty:
        raise SystemExit("There is something left to publish.")
    return [took[works[0]], took[works[1]], seconds(verify), seconds(publish)]


def report(measured: Sequence[Sequence[float]], releases: Sequence[Release]) -> None:
    files = [one.entry for release in releases for one in current(release)]
    size = sum(entry.size for entry in files)
    print(f"{len(releases)} datasets, {len(files)} files, {size / 1e6:.1f} MB\n")
    print(
        f"{'pair':<8}{'loop':>9}{'ours':>9}{'verify':>9}{'again':>9}{'ours/loop':>12}{'+ verify':>12}{'again/loop':>12}"
    )
    lines = [(*one, one[1] / one[0], (one[1] + one[2]) / one[0], one[3] / one[0]) for one in measured]
    for name, line in [
        *enumerate(lines, 1),
        ("median", [statistics.median(column) for column in zip(*lines, strict=True)]),
    ]:
        print(f"{name:<8}" + "".join(f"{v:>8.2f}s" for v in line[:4]) + "".join(f"{v:>12.3f}" for v in line[4:]))
    for name, column in (("loop", 0), ("ours", 1)):
        took = statistics.median(one[column] for one in measured)
        print(f"{name}: {60 * len(releases) / took:.0f} datasets per minute, {size / took / 1e3:.0f} kB per second")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--pairs", type=int, default=3)
    arguments.add_argument("--datasets", type=int, help="only the first of them")
    chosen = arguments.parse_args()
    if "RANGKIANG_TEST_CKAN" not in os.environ:
        folder = ROOT / os.environ.get("RANGKIANG_HOME", "var") / "ckan"
        service = ROOT / "deploy/services/ckan"
        os.execv(service, [str(service), str(folder), sys.executable, *sys.argv])  # noqa: S606
    url, token_file = os.environ["RANGKIANG_TEST_CKAN"], Path(os.environ["RANGKIANG_TEST_CKAN_TOKEN_FILE"])
    portal = CkanPortal(url, Ckan(token_file=token_file))
    with RemoteCKAN(url, apikey=token_file.read_text().strip()) as remote, a_night() as (night_s, files):
        releases = night_s[: chosen.datasets]
        measured = [pair(n, remote, portal, releases, files) for n in range(chosen.pairs)]
        clear(remote, releases)
    report(measured, releases)


if __name__ == "__main__":
    main()
