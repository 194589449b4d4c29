"""Fixtures of all tests: a dataset that can be counted by hand, and the bundled one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from data.model import Atlas
from data.readers import load

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "fixtures" / "tiny"
CURATED = ROOT / "data" / "bundled" / "curated"
MGAR = ROOT / "data" / "bundled" / "synthetic-mgar-scale"


@pytest.fixture
def tiny_dir(tmp_path: Path) -> Path:
    """A copy of tests/fixtures/tiny that the test may change: 8 groups, 12 relationships, coverage 1990-2000.

    Alliances by year: 5 6 7 7 7 6 5 5 5 5 3 (59 dyad-years of 9 dyads, 10 relationships); two rivalries.
    """
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture(scope="session")
def tiny_atlas() -> Atlas:
    """The tiny dataset, loaded; see ``tiny_dir``."""
    return load(TINY)


@pytest.fixture(scope="session")
def curated() -> Atlas:
    """The bundled curated dataset, loaded once."""
    return load(CURATED)


@pytest.fixture(scope="session")
def mgar() -> Atlas:
    """The bundled synthetic dataset at MGAR's scale, loaded once."""
    return load(MGAR)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    # The shell has no windows to keep: a page stands a third sooner, for half the work.
    found = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
    if not found:
        pytest.fail("the browser tests need Chromium; mend: bash scripts/test installs it, or apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
