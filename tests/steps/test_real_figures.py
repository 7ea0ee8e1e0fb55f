"""The real figures of 2019: official totals come out, each broken identity and gap is found, nothing is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from helpers.nights import house, night
from rangkiang import catalogue, report
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.steps import Barn
from samples import real

# Small regencies, and with them nine of the eleven kecamatan whose kelurahan do not add up.
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
    mine = gaps[gaps["kabkota"].isin([catalogue.office(c).name for c in OFFICES])]
    assert len(mine) >= 9
    expected = {
        (row["kecamatan"], code, int(row[column]))
        for _, row in mine.iterrows()
        for code, column in (("IV.01", "rekap_01"), ("IV.02", "rekap_02"))
        if row[column]
    }
    found = {
        (f.params["place"], f.params["row"], f.params["difference"])
        for f in barn.ledger.findings(scope="level")
        if str(f.params["row"]).startswith("IV.")
    }
    assert found == expected


def test_nothing_is_mended(barn: Barn, sumbar: Path) -> None:
    """Every published figure of a polling place is the one that was handed in, right or wrong."""
    table = pd.read_csv(sumbar / "tps_kawalpemilu_ppwp.csv")
    table = table[table["kabkota"] == catalogue.office("13.09").name]
    (path,) = (barn.settings.home / "portal" / "dataset").glob("tps-ppwp-13.09-*/files/tps-ppwp-*.csv")
    published = pd.read_csv(path)
    for code, column in (("IV.01", "situng_01"), ("V.A", "situng_sah"), ("I.B.4.JML", "situng_pengguna")):
        lines = published[(published["row"] == code) & (published["column_kind"] == "unit")]
        assert list(lines["value"]) == list(table[column])
    assert set(published["status"]) == {"proved", "flagged", "read"}
