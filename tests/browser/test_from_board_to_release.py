"""The whole of it in Chromium, on a real Airflow with the demo's inbox: `make test-browser`.

A coordinator sees the board, corrects on the review desk by keyboard what ink had hidden, a second person confirms, the
run resumes by itself, the figure is proved, the approval shows exactly that change, the release carries the decision.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import frame_to_be_available_and_switch_to_it as the_frame
from selenium.webdriver.support.wait import WebDriverWait

from deploy.local.demo import run_offices, run_stages
from deploy.local.up import Airflow, running
from rangkiang import catalogue, steps
from rangkiang.settings import Settings
from rangkiang.steps import Barn, deciding
from rangkiang.steps.filing import load_figures
from rangkiang.store import open_store
from samples import demo
from samples.faults import BLOTTED, Fault

PATIENCE = 300.0
STAGE = "PL.01.8"
DRIVER = Path(os.environ.get("CHROMEDRIVER", "/nowhere"))
pytestmark = pytest.mark.skipif(not DRIVER.exists(), reason="`make test-browser` runs this, with Chromium")


@pytest.fixture(scope="module")
def sown() -> tuple[dict[str, bytes], dict[str, Fault]]:
    box, faults = demo.build()
    return box.files, {fault.fault: fault for fault in faults}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, sown: tuple[dict[str, bytes], Any]) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("house"))
    store = open_store(settings.store_url)
    for key, data in sown[0].items():
        store.put(key, data)
    return settings


@pytest.fixture(scope="module")
def airflow(settings: Settings) -> Iterator[Airflow]:
    """The demo's first night, through to the portal."""
    with running(settings) as started, steps.open_barn(settings) as barn:
        states = run_offices(started.client) | run_stages(barn, started, set())
        assert set(states.values()) == {"success"}
        yield started


@pytest.fixture
def barn(airflow: Airflow, settings: Settings) -> Iterator[Barn]:
    with steps.open_barn(settings) as opened:
        yield opened


@contextmanager
def browser_of(airflow: Airflow, account: str) -> Iterator[Chrome]:
    """A browser of its own, logged in by Airflow's own page, the board before it in Airflow's frame."""
    options = ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1366,900"):
        options.add_argument(argument)
    with Chrome(options, ChromeService(str(DRIVER))) as browser:
        browser.get(f"{airflow.url}/auth/login/")
        wait = WebDriverWait(browser, 60)
        wait.until(lambda b: b.find_element(By.NAME, "username")).send_keys(account)
        browser.find_element(By.NAME, "password").send_keys(airflow.home.logins()[account] + Keys.ENTER)
        wait.until(lambda b: "/auth/login" not in b.current_url)
        browser.get(f"{airflow.url}/plugin/papan")
        wait.until(the_frame((By.CSS_SELECTOR, "iframe")))
        yield browser


def press(browser: Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def seen(browser: Chrome, css: str) -> Any:
    """The element, once it is there."""
    return WebDriverWait(browser, 60).until(lambda b: b.find_element(By.CSS_SELECTOR, css))


def click(browser: Chrome, css: str) -> None:
    seen(browser, css).click()


def picture(browser: Chrome, name: str) -> None:
    """Kept where SCREENSHOTS says, for docs/images."""
    if folder := os.environ.get("SCREENSHOTS"):
        browser.get_screenshot_as_file(str(Path(folder) / f"{name}.png"))


def until(true: Callable[[], Any]) -> Any:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        if found := true():
            return found
        time.sleep(0.5)
    pytest.fail("this never came true")


def text(browser: Chrome) -> str:
    """What can be read, in one question: between two the page may have become the next one."""
    return str(browser.execute_script("return document.body?.innerText ?? ''"))


def test_from_the_board_to_the_release(
    airflow: Airflow, barn: Barn, settings: Settings, sown: tuple[Any, dict[str, Fault]]
) -> None:
    faults, blot = sown[1], sown[1]["ink_blot"]
    office = catalogue.office(blot.office)
    sha256 = barn.ledger.arrivals(office.code)[blot.key].sha256
    document = barn.ledger.document(office.code, sha256)
    assert document is not None
    place = {"row": BLOTTED, "column_label": str(blot.expect["column"])}

    def figure() -> Any:
        figures = load_figures(barn, document)
        (found,) = figures[(figures["row"] == place["row"]) & (figures["column_label"] == place["column_label"])].index
        return figures.loc[found]

    village = next(v for d in _tally(office.code).districts for v in d.villages if v.name == place["column_label"])
    right = village.figures[BLOTTED]
    assert (figure()["status"], figure()["value"] == right) == ("flagged", False)

    with browser_of(airflow, "koordinator") as browser:
        seen(browser, ".matriks, table")
        assert len(browser.find_elements(By.CSS_SELECTOR, "tbody th a[href^='kantor/']")) == 20
        picture(browser, "board")
        for fault in faults.values():  # every fault is where it was sown
            if fault.expect.get("state") in ("quarantined", "held"):
                browser.get(f"{airflow.url}/papan/dokumen?keadaan={fault.expect['state']}&kantor={fault.office}")
                assert fault.key.rsplit("/", 1)[-1] in text(browser), fault
        browser.get(f"{airflow.url}/papan/kantor/{faults['document_missing'].office}")
        assert "TPS-PPWP" in seen(browser, "[aria-labelledby=belum]").text

        browser.get(f"{airflow.url}/papan/periksa?kantor={office.code}&temuan=reading_unsure")
        seen(browser, "#antrean")
        press(browser, "j", Keys.ENTER)
        seen(browser, "#meja")
        assert place["column_label"] in seen(browser, "li.kotak.lampu").text
        seen(browser, "#sekitar[src]")
        picture(browser, "desk-before")
        press(browser, *str(right), Keys.ENTER)
        seen(browser, "body.memilih")
        press(browser, "2")
        until(lambda: "menunggu orang kedua" in text(browser))
    (decision,) = barn.ledger.decisions(office.code)
    assert (decision.author, decision.value, decision.cell and decision.cell.row) == ("koordinator", right, BLOTTED)
    assert figure()["status"] == "flagged"  # one person alone changes nothing

    before = {run["dag_run_id"] for run in airflow.client.runs(office.dag_id)}
    with browser_of(airflow, "pemeriksa") as browser:
        browser.get(f"{airflow.url}/papan/periksa?kantor={office.code}&siapa=kedua")
        seen(browser, "#antrean")
        press(browser, "j", Keys.ENTER)
        seen(browser, "#koreksi-1")
        picture(browser, "desk-second")
        press(browser, Keys.ENTER)
        seen(browser, "body.memilih")
        press(browser, "6")
        until(lambda: "disetujui" in text(browser))
    until(lambda: any(r["dag_run_id"] not in before for r in airflow.client.runs(office.dag_id, state=["success"])))
    until(lambda: figure()["status"] == "proved")
    assert figure()["value"] == right

    asked = until(lambda: airflow.client.questions(f"stage__{STAGE}"))
    time.sleep(2)
    assert decision.id in asked[0]["body"]
    digest = steps.propose(barn, STAGE).digest
    with browser_of(airflow, "koordinator") as browser:
        browser.get(f"{airflow.url}/papan/persetujuan/{digest}")
        page = seen(browser, "main").get_attribute("innerHTML")
        assert re.findall(r"<ins>([\d.]+)</ins>", page) == [str(right)]
        assert decision.id in page
        picture(browser, "approval")
        seen(browser, "#why").send_keys("angka sudah dicocokkan dua orang")
        click(browser, "button.setuju")
        until(lambda: "disetujui" in text(browser).lower())
    run = asked[0]["task_instance"]["dag_run_id"]
    assert airflow.client.wait([(f"stage__{STAGE}", run)], PATIENCE)[f"stage__{STAGE}", run] == "success"

    portal = Path(settings.portal_url.removeprefix("file://"))
    (findings,) = (p for p in portal.glob("dataset/da1-*/v*/temuan.csv") if decision.id in p.read_text())
    assert "koordinator" in findings.read_text()
    assert office.slug.partition("_")[2].replace("_", "-") in str(findings)
    notes = [f for f, _ in deciding.findings(barn, office.code) if f.code == "figure_corrected"]
    assert [json.loads(json.dumps(asdict(n)["params"]))["confirmed"] for n in notes] == ["pemeriksa"]


def _tally(code: str) -> Any:
    from samples.region import province

    return next(t for t in province() if t.office.code == code)
