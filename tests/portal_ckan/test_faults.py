"""Whatever goes wrong on the way to a real CKAN: the next run ends where an undisturbed one would have ended.

Each fault strikes twenty times, each time elsewhere: at another request, at another share of an upload, once or to the
end of the run, at a dataset's first publication and at a new version's. Afterwards everything that the portal holds is
compared, past the publisher: datasets in any state, their metadata, the bytes, the tables.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from portal.sample_releases import Filed, recap, recap_contents
from portal_ckan import faulty
from portal_ckan.faulty import Exchange, Fault, FaultProxy
from portal_ckan.served import Served
from rangkiang.portal import Edition, Overtaken, Plan, Problem, Release
from rangkiang.portal.ckan import CkanPortal, names
from rangkiang.portal.errors import Away, Refused, Unfinished
from rangkiang.settings import Ckan

TIMES = range(20)
TURNS = len(TIMES) // 2  # of each of the two publications
OFFICE = "13.01"
SMALL = ("csv", "md")  # the files of these kinds are enough
TO_THE_END = 10**6
SILENCE = 2  # seconds that a publisher in haste waits for an answer
NOT_FOR_GOOD = (Away, Unfinished, Overtaken)
"""How a run may end of which the next takes up what is left."""


@dataclass
class Stand:
    """A portal that may be disturbed, and what is published on it."""

    served: Served
    proxy: FaultProxy
    house: Ckan
    filed: Filed = field(default_factory=Filed)

    def __post_init__(self) -> None:
        self.first = self._release(1)
        past = Edition(1, self.first.deliverable, self.first.source_prefix, self.first.day)
        self.second = replace(self._release(2), earlier=(past,), log=b"version,was,now\r\n2,1,2\r\n")
        self.slug = self.first.deliverable.slug

    def publish(self, release: Release, url: str = "", house: Ckan | None = None) -> list[Problem]:
        portal = CkanPortal(url or self.proxy.url, house or self.house)
        portal.apply(portal.plan([release]), self.filed.fetch)
        return portal.verify([release])

    def plan(self, release: Release) -> Plan:
        return CkanPortal(self.proxy.url, self.house).plan([release])

    def before(self, release: Release) -> None:
        """The portal as it is before a release: without the dataset, or with its former version."""
        self.proxy.calm()
        made = release.deliverable
        datasets = [names.dataset(made.slug), names.archive(made.slug)]
        self.served.purge(datasets, [names.organisation(made.office)], [names.group(made.stage)])
        if release.earlier:
            assert self.publish(self.first, self.served.url) == []

    def _release(self, number: int) -> Release:
        made = recap(OFFICE, "DB1-PPWP")
        table = f"{made.slug}.csv"
        contents = {k: v for k, v in recap_contents(made).items() if k.endswith(SMALL)}
        contents["datapackage.json"] = data_package(table, contents[table])
        if number > 1:
            contents[table] = contents[table].replace(b"1000", b"1001")
        filed = self.filed.file(made, contents)
        prefix = f"{filed.source_prefix}{number}/"
        self.filed.objects |= {prefix + path: data for path, data in contents.items()}
        return replace(filed, source_prefix=prefix, number=number, day=f"2019-05-0{number}")


@dataclass
class Undisturbed:
    """What a release comes to where nothing goes wrong."""

    portal: dict[str, object]
    requests: list[str]

    @property
    def writes(self) -> int:
        return sum(map(faulty.any_write, self.requests))


@pytest.fixture(scope="module")
def stand(served: Served) -> Iterator[Stand]:
    house = Ckan(token_file=served.token_file, tries=3, pause=0.02)
    with FaultProxy(served.url) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setattr("rangkiang.portal.ckan.table._LINES", 20)  # so that a table takes several requests
        yield Stand(served, proxy, house)
        proxy.shutdown()


@pytest.fixture(scope="module")
def undisturbed(stand: Stand) -> dict[int, Undisturbed]:
    """By the number of the version."""
    found = {}
    for release in (stand.first, stand.second):
        stand.before(release)
        assert stand.publish(release) == []
        found[release.number] = Undisturbed(stand.served.everything(), stand.proxy.seen)
    return found


@pytest.fixture(params=TIMES)
def nth(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def release(stand: Stand, nth: int) -> Release:
    """Every other time a first publication, and the portal is ready for it."""
    release = (stand.first, stand.second)[nth % 2]
    stand.before(release)
    return release


@pytest.fixture
def strike(stand: Stand, release: Release, nth: int, undisturbed: dict[int, Undisturbed]) -> Callable[..., None]:
    """Publish while a fault strikes, at another request each time, and once or to the end of the run."""

    def strike(
        fault: Fault, chosen: faulty.Chosen = faulty.any_write, times: int = 0, house: Ckan | None = None
    ) -> None:
        points = sum(map(chosen, undisturbed[release.number].requests))
        turn, which = divmod(nth, 2)
        point = turn * points // TURNS if points > TURNS else turn % points  # all over the run
        stand.proxy.arm(fault, point, chosen, times or (1 if (turn + which) % 2 else TO_THE_END))
        try:
            stand.publish(release, house=house)
        except NOT_FOR_GOOD as error:
            print(f"{type(error).__name__}: {error}")
        finally:
            stand.proxy.calm()
        assert stand.proxy.struck, "the fault never struck"

    return strike


@pytest.fixture
def as_if_undisturbed(stand: Stand, undisturbed: dict[int, Undisturbed]) -> Callable[[Release], None]:
    """One more run brings the portal to where it would have been; the run after that has nothing to do."""

    def look(release: Release) -> None:
        assert stand.publish(release) == []
        assert stand.plan(release).empty
        found, wanted = stand.served.everything(), undisturbed[release.number].portal
        assert {k: (found.get(k), wanted.get(k)) for k in found | wanted if found.get(k) != wanted.get(k)} == {}

    return look


def test_reset_in_the_middle_of_an_upload(
    strike: Callable[..., None], as_if_undisturbed: Callable[[Release], None], release: Release, nth: int
) -> None:
    strike(faulty.reset(nth / len(TIMES)), faulty.an_upload)
    as_if_undisturbed(release)


def test_500_after_the_portal_has_committed(
    strike: Callable[..., None], as_if_undisturbed: Callable[[Release], None], release: Release
) -> None:
    strike(faulty.committed_500)
    as_if_undisturbed(release)


def test_502_from_a_gateway(
    strike: Callable[..., None], as_if_undisturbed: Callable[[Release], None], release: Release
) -> None:
    strike(faulty.bad_gateway, any_request)
    as_if_undisturbed(release)


def test_stall_longer_than_we_wait(
    stand: Stand, strike: Callable[..., None], as_if_undisturbed: Callable[[Release], None], release: Release, nth: int
) -> None:
    in_haste = stand.house.model_copy(update={"seconds": SILENCE})
    strike(faulty.stall(SILENCE * 1.3, committed=nth % 4 > 1), any_request, times=1 + nth % 2, house=in_haste)
    as_if_undisturbed(release)


def test_429_with_a_time_to_wait(
    strike: Callable[..., None], as_if_undisturbed: Callable[[Release], None], release: Release
) -> None:
    strike(faulty.too_many("0"), any_request)
    as_if_undisturbed(release)


def test_another_writer_in_between(
    stand: Stand,
    strike: Callable[..., None],
    as_if_undisturbed: Callable[[Release], None],
    release: Release,
    nth: int,
) -> None:
    """Somebody edits one of the two datasets by hand, or another process of ours publishes the same, to its end."""

    def edit(name: str) -> None:
        if stand.served.find("package_show", id=name):
            stand.served.call("package_patch", id=name, notes="Diubah orang lain")

    rivals: list[Callable[[], object]] = [
        lambda: edit(names.dataset(stand.slug)),
        lambda: edit(names.archive(stand.slug)),
        lambda: stand.publish(release, stand.served.url),
    ]
    strike(faulty.meanwhile(rivals[nth % 3]), times=1)
    as_if_undisturbed(release)


def test_ckan_killed_and_restarted(
    stand: Stand,
    strike: Callable[..., None],
    as_if_undisturbed: Callable[[Release], None],
    release: Release,
    nth: int,
) -> None:
    """It dies before a request, or while it carries it out."""
    killers: list[threading.Timer] = []

    def kill(exchange: Exchange) -> None:
        killers.append(threading.Timer(nth // 4 * 0.03, stand.served.kill, ["ckan"]))
        killers[0].start()
        exchange.pass_on()

    strike(kill, times=1)
    killers[0].join()
    stand.served.start("ckan")
    as_if_undisturbed(release)


def test_its_search_index_is_down(
    stand: Stand,
    strike: Callable[..., None],
    as_if_undisturbed: Callable[[Release], None],
    release: Release,
) -> None:
    strike(faulty.meanwhile(lambda: stand.served.kill("search")), times=1)
    stand.served.start("search")
    as_if_undisturbed(release)


def test_token_revoked_in_the_middle(
    stand: Stand,
    tmp_path: Path,
    as_if_undisturbed: Callable[[Release], None],
    undisturbed: dict[int, Undisturbed],
    release: Release,
    nth: int,
) -> None:
    """Nothing is tried again, and a person is told what to do; with a new token the next run finishes."""
    token, its_id = stand.served.new_token()
    file = tmp_path / "token"
    file.write_text(token)
    portal = CkanPortal(stand.proxy.url, stand.house.model_copy(update={"token_file": file}))
    plan = portal.plan([release])
    point = nth // 2 % undisturbed[release.number].writes
    stand.proxy.calm()
    stand.proxy.arm(faulty.meanwhile(lambda: stand.served.revoke(its_id)), point)
    with pytest.raises(Refused, match=rf"Renew the token in {file}"):
        portal.apply(plan, stand.filed.fetch)
    assert stand.proxy.writes == point + 1
    stand.proxy.calm()
    file.write_text(stand.served.token_file.read_text())
    as_if_undisturbed(release)


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (403, {"__type": "Authorization Error", "message": "Access denied"}, "Renew the token"),
        (413, {}, "Raise its limit"),
        (409, {"__type": "Validation Error", "upload": ["File upload too large"]}, "Raise `ckan.max_resource_size`"),
        (409, {"__type": "Validation Error", "records": ["duplicate key"]}, "change it on the portal"),
    ],
)
@pytest.mark.parametrize("nth", range(6), indirect=True)
def test_what_is_hopeless_fails_at_once(
    stand: Stand,
    as_if_undisturbed: Callable[[Release], None],
    undisturbed: dict[int, Undisturbed],
    release: Release,
    nth: int,
    status: int,
    body: dict[str, object],
    advice: str,
) -> None:
    """No answer of the kind that never changes is asked for twice, and a person is told what to do."""
    point = nth // 2 % undisturbed[release.number].writes
    stand.proxy.arm(faulty.refused(status, json.dumps({"error": body}).encode()), point, times=TO_THE_END)
    with pytest.raises(Refused, match=advice):
        stand.publish(release)
    assert stand.proxy.struck == 1
    stand.proxy.calm()
    as_if_undisturbed(release)


def data_package(path: str, table: bytes) -> bytes:
    names = table.decode().splitlines()[0].split(",")
    fields = [{"name": name, "type": "integer" if name == "value" else "string"} for name in names]
    schema = {"fields": fields, "primaryKey": ["area_name", "row"]}
    return json.dumps({"resources": [{"path": path, "schema": schema}]}).encode()


def any_request(said: str) -> bool:
    return True
