"""The real figures of 2019: official totals come out, each broken identity and gap is found, nothing is mended.

Which those are is computed here from the source itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from helpers.nights import house, newest, night
from rangkiang import catalogue, report, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Finding, Verdict
from rangkiang.steps import Barn, deciding, gate
from rangkiang.steps.digest import digests
from rangkiang.steps.standings import records
from samples import real, xlsx_sheet
from samples.sheet import Style, sheet

# Small regencies, and with them the eleven kecamatan whose kelurahan do not add up.
OFFICES = ("13", "13.01", "13.03", "13.05", "13.06", "13.08", "13.09", "13.73", "13.74")


@pytest.fixture(scope="module")
def sumbar(shared_data: Path) -> Path:
    return shared_data / "sumbar2019"


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, postgres: Server, sumbar: Path) -> Iterator[Barn]:
    """The house after a night of some offices, with all their documents but only the DA1 that matter here."""
    gaps = set(gapped(sumbar)["kecamatan"])
    slugs = {catalogue.office(code).slug for code in OFFICES}
    inbox = {
        key: data
        for key, data in real.build(sumbar).files.items()
        if key.split("/")[1] in slugs and ("DA1" not in key or any(f" {name}.xlsx" in key for name in gaps))
    }
    with house(tmp_path_factory.mktemp("real"), database_url(postgres, "real"), inbox) as opened:
        night(opened, OFFICES)
        yield opened


def published(barn: Barn, kind: str) -> list[Path]:
    """The tables of that kind that the public sees."""
    return newest(barn, f"{kind}-*", f"{kind}-*.csv")


def gapped(sumbar: Path) -> pd.DataFrame:
    """The kecamatan whose kelurahan do not add up to them, and by how much, straight from the source."""
    keys, figures = ["kabkota", "kecamatan"], ["rekap_01", "rekap_02", "dpt_l", "dpt_p"]
    upper = pd.read_csv(sumbar / "kecamatan_kawalpemilu_ppwp.csv").set_index(keys)[figures]
    lower = pd.read_csv(sumbar / "kelurahan_kawalpemilu_ppwp.csv").groupby(keys)[figures].sum()
    off = upper - lower.reindex(upper.index)
    return off[(off[["rekap_01", "rekap_02"]] != 0).any(axis=1)].reset_index()


def test_the_totals_are_those_of_the_official_recapitulation(barn: Barn, sumbar: Path) -> None:
    official = pd.read_csv(sumbar / "kabkota_kawalpemilu_ppwp.csv").set_index("kabkota")
    filed = report.totals(barn)
    assert set(filed) == set(OFFICES) - {"13"}
    for code, votes in filed.items():
        row = official.loc[catalogue.office(code).name]
        assert (votes["IV.01"], votes["IV.02"]) == (row["rekap_01"], row["rekap_02"])
    dc1 = report.totals(barn, "DC1-PPWP")["13"]
    assert (dc1["IV.01"], dc1["IV.02"]) == (407_761, 2_488_733)


def test_every_broken_identity_of_the_polling_places_is_found_with_its_difference(barn: Barn, sumbar: Path) -> None:
    table = pd.read_csv(sumbar / "tps_kawalpemilu_ppwp.csv")
    table = table[table["kabkota"].isin([catalogue.office(c).name for c in OFFICES])]
    valid = table["situng_sah"] - table["situng_01"] - table["situng_02"]
    used = table["situng_pengguna"] - table["situng_sah"] - table["situng_tsah"]
    found = [f for f in barn.ledger.findings() if f.code == "identity_broken"]
    for family, expected in (("suara-sah", valid), ("suara-pengguna", used)):
        differences = Counter(int(f.params["difference"]) for f in found if f.subject.startswith(f"{family} @"))
        assert differences == Counter(expected[expected != 0].astype(int))


def test_the_gaps_between_levels_are_found_with_their_differences(barn: Barn, sumbar: Path) -> None:
    gaps = gapped(sumbar)
    assert len(gaps) == 11
    expected = {
        (row["kecamatan"], code, int(row[column]))
        for _, row in gaps.iterrows()
        for code, column in (("IV.01", "rekap_01"), ("IV.02", "rekap_02"))
        if row[column]
    }
    found = {
        (f.params["place"], f.params["row"], f.params["difference"])
        for f in barn.ledger.findings(scope="level")
        if str(f.params["row"]).startswith("IV.")
    }
    assert found == expected
    (path,) = published(barn, "rekonsiliasi")
    table = pd.read_csv(path)
    assert set(table["state"]) == {"agrees", "printed_error", "not_filled", "missing"}
    votes = table[(table["state"] == "printed_error") & table["row"].str.startswith("IV.")]
    assert set(zip(votes["place"], votes["row"], votes["difference"].astype(int), strict=True)) == expected


def test_a_gap_keeps_both_its_datasets_from_the_public_and_no_others(barn: Barn, sumbar: Path) -> None:
    offices = {c: catalogue.office(c).name for c in OFFICES}
    gapping = {code for code, name in offices.items() if name in set(gapped(sumbar)["kabkota"])}
    assert len(gapping) == 6
    assert {(h.office, h.doctype) for h in gate.held(barn)} == {
        (code, doctype) for code in gapping for doctype in ("DB1-PPWP", "DA1-PPWP")
    }
    live = {r.slug for r in barn.ledger.releases() if r.verified}
    for code in set(OFFICES) - {"13"}:
        assert any(slug.startswith(f"db1-ppwp-{code}-") for slug in live) == (code not in gapping)
        assert any(slug.startswith(f"tps-ppwp-{code}-") for slug in live)
    assert any(slug.startswith("dc1-ppwp-13-") for slug in live)
    assert steps.gather(barn, "PL.01.8") == []


def test_nothing_is_mended(barn: Barn, sumbar: Path) -> None:
    """Every published figure of a polling place is the one that was handed in, right or wrong."""
    table = pd.read_csv(sumbar / "tps_kawalpemilu_ppwp.csv")
    table = table[table["kabkota"] == catalogue.office("13.09").name]
    (path,) = newest(barn, "tps-ppwp-13.09-*", "tps-ppwp-*.csv")
    published = pd.read_csv(path)
    for code, column in (("IV.01", "situng_01"), ("V.A", "situng_sah"), ("I.B.4.JML", "situng_pengguna")):
        lines = published[(published["row"] == code) & (published["column_kind"] == "unit")]
        assert list(lines["value"]) == list(table[column])
    assert set(published["status"]) == {"proved", "flagged", "read"}


SAWAHLUNTO, SILUNGKANG = "13.73", "inbox/13.73_kota_sawahlunto/PL.01.8/DA1-PPWP/DA1-PPWP SILUNGKANG.xlsx"


def test_a_gap_that_somebody_accepts_is_published_as_printed_until_its_document_changes(
    tmp_path: Path, ledger_url: str, sumbar: Path
) -> None:
    inbox = {key: data for key, data in real.build(sumbar).files.items() if "/13.73_" in key and "TPS" not in key}
    with house(tmp_path, ledger_url, inbox) as barn:
        night(barn, [SAWAHLUNTO])
        assert published(barn, "db1") == []
        for found in gap(barn):
            deciding.decide(barn, Verdict.ACCEPT, found.id, "siti", "tercetak demikian pada kedua formulir")
        night(barn, [SAWAHLUNTO])
        source = pd.read_csv(sumbar / "kecamatan_kawalpemilu_ppwp.csv").set_index("kecamatan").loc["SILUNGKANG"]
        (path,) = published(barn, "db1")
        table = pd.read_csv(path)
        decided = table[table["status"] == "decided"]
        assert dict(zip(decided["row"], decided["value"], strict=True)).items() >= {
            ("IV.01", source["rekap_01"]), ("IV.02", source["rekap_02"]),
        }  # fmt: skip
        assert set(decided["unit_name"]) == {"SILUNGKANG"}
        (path,) = published(barn, "rekonsiliasi")
        lines = pd.read_csv(path)
        explained = lines[lines["state"] == "explained"].set_index("row")
        assert (int(explained.loc["IV.01", "difference"]), int(explained.loc["IV.02", "difference"])) == (14, 83)
        assert set(explained["decided_by"]) == {"siti"}
        once = digests(barn)
        night(barn, [SAWAHLUNTO])
        steps.reconcile(barn, "PL.01.8")
        steps.publish(barn, "PL.01.8")
        steps.verify(barn, "PL.01.8")
        assert digests(barn) == once
        (live,) = path.parents[2].glob("db1-*/dataset.json")
        seen = live.read_bytes()
        barn.store.put(SILUNGKANG, another_da1(sumbar))
        night(barn, [SAWAHLUNTO])
        assert {r.standing.value for r in records(barn, SAWAHLUNTO)} == {"lapsed"}
        notes = [f for f, _ in deciding.findings(barn, SAWAHLUNTO) if f.code == "decision_lapsed"]
        assert {f.params["lapse"] for f in notes} == {"reads"}
        assert live.read_bytes() == seen
        assert {(h.doctype, h.live) for h in gate.held(barn)} == {("DB1-PPWP", True), ("DA1-PPWP", True)}


def gap(barn: Barn) -> list[Finding]:
    return [f for f, _ in deciding.findings(barn, SAWAHLUNTO) if f.code == "level_differs"]


def another_da1(sumbar: Path) -> bytes:
    """The kecamatan's sheet sent again, with three more votes for 01 in its first kelurahan."""
    villages = pd.read_csv(sumbar / "kelurahan_kawalpemilu_ppwp.csv", dtype=str)
    lines = villages[villages["kecamatan"] == "SILUNGKANG"].to_dict("records")
    lines[0]["rekap_01"] = str(int(lines[0]["rekap_01"]) + 3)
    places = ["SILUNGKANG", "KOTA SAWAHLUNTO", "SUMATERA BARAT"]
    units = real.columns(lines, "kelurahan")
    return xlsx_sheet.write(sheet("DA1-PPWP", places, units, "PPK SILUNGKANG", real.NOTE), Style())
