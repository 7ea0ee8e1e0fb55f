"""The public site in Chromium: everybody can use it (axe); its list is filtered as one types: `make test-browser`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element, url_contains
from selenium.webdriver.support.wait import WebDriverWait

from helpers.chromium import chromium, needed, picture
from portal import traced_releases
from portal.sample_releases import Filed
from rangkiang.portal import DirectoryPortal

pytestmark = needed

OWN = "dataset/db1-ppwp-13.74-kota-padang-panjang"
PAGES = (
    "index",
    "kantor/13.74_kota_padang_panjang/index",
    "dataset/index",
    f"{OWN}/index",
    f"{OWN}/narasi",
    f"{OWN}/asal",
    f"{OWN}/asal-1",
    f"{OWN}/v1",
    "dataset/rekonsiliasi-pl.01.8/index",
    "tentang",
    "api",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    filed, portal = Filed(), DirectoryPortal(tmp_path_factory.mktemp("situs"))
    portal.apply(portal.plan(traced_releases.everything(filed)), filed.fetch)
    return portal.root


@pytest.fixture(scope="module", params=["1366,900", "390,844"])
def browser(request: pytest.FixtureRequest) -> Iterator[Chrome]:
    with chromium(request.param) as opened:
        yield opened


@pytest.mark.parametrize("end", [".html", ".en.html"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(browser: Chrome, site: Path, page: str, end: str) -> None:
    browser.get((site / f"{page}{end}").as_uri())
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    browser.execute_script(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert found["passes"]
    violations = [(v["impact"], v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found["violations"]]
    assert violations == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_the_screen(browser: Chrome, site: Path, page: str) -> None:
    browser.get((site / f"{page}.html").as_uri())
    wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_list_is_filtered_by_the_words_that_were_looked_for(browser: Chrome, site: Path) -> None:
    browser.get((site / "index.html").as_uri())
    browser.find_element(By.ID, "q").send_keys("DB1 padang")
    browser.find_element(By.CSS_SELECTOR, ".cari button").click()
    WebDriverWait(browser, 20).until(url_contains("/dataset/index.html?q=DB1+padang"))
    WebDriverWait(browser, 20).until(text_to_be_present_in_element((By.ID, "hasil"), "2 dari 5 dataset"))
    assert _shown(browser) == ["DB1-PPWP · PL.01.8 · 13.71", "DB1-PPWP · PL.01.8 · 13.74"]
    field = browser.find_element(By.ID, "q")
    field.clear()
    field.send_keys("tidak ada yang begini")
    assert _shown(browser) == []
    assert browser.find_element(By.ID, "hasil").text == "Tidak ada dataset yang cocok."


def test_a_figure_can_be_pointed_at(browser: Chrome, site: Path) -> None:
    browser.get((site / f"{OWN}/asal-1.html").as_uri() + "#b102")
    shown = browser.find_element(By.CSS_SELECTOR, "tr:target img")
    assert browser.execute_script("return arguments[0].naturalWidth", shown) > 0
    picture(browser, f"portal-figure-{browser.get_window_size()['width']}")


def _shown(browser: Chrome) -> list[str]:
    return [one.text for one in browser.find_elements(By.CSS_SELECTOR, "#daftar > li .kode") if one.is_displayed()]
