"""Chromium for tests that look at pages; there only where CHROMEDRIVER says where it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

DRIVER = Path(os.environ.get("CHROMEDRIVER", "/nowhere"))
needed = pytest.mark.skipif(not DRIVER.exists(), reason="`make test-browser` runs this, with Chromium")


@contextmanager
def chromium(size: str = "1366,900") -> Iterator[Chrome]:
    """A browser of its own, without a window."""
    options = ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={size}"):
        options.add_argument(argument)
    with Chrome(options, ChromeService(str(DRIVER))) as browser:
        yield browser


def picture(browser: Chrome, name: str) -> None:
    """Kept where SCREENSHOTS says, for docs/images."""
    if folder := os.environ.get("SCREENSHOTS"):
        browser.get_screenshot_as_file(str(Path(folder) / f"{name}.png"))
