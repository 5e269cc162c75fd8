"""Chromium without a window, for the tests that look at pages and for their pictures."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_DRIVER = shutil.which("chromedriver")
MISSING = (
    "needs Chromium"
    if _PROGRAM is None
    else "needs chromedriver"
    if _DRIVER is None
    else "needs Selenium"
    if find_spec("selenium") is None
    else ""
)
"""Why no page can be looked at; empty if one can."""
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium(width: int = 900, height: int = 900) -> Iterator[Any]:
    """A browser with an empty profile of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(_PROGRAM)
        for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service(_DRIVER))
        try:
            yield browser
        finally:
            browser.quit()


def resize(browser: Any, width: int, height: int) -> None:
    """The part of the page that is seen gets this size."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    )


def media(browser: Any, medium: str = "", scheme: str = "light") -> None:
    """As a screen or a printer (``print``), light or dark."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"media": medium, "features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )


def open_page(browser: Any, path: Path) -> None:
    """Shows the file."""
    browser.get(path.as_uri())
