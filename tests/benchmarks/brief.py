"""How long a briefer waits on /brief: the sheet itself, and each file from the click to its last byte.

    python tests/benchmarks/brief.py [--runs N]

Prints medians in seconds beside their budgets (2 cores, headless Chromium, software rendering, over loopback), and
how many times longer the naive way takes: to have the server draw the same PNG with a browser of its own.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser.conftest import running  # noqa: E402

FILES = (("png-1", 1.5), ("png-2", 1.5), ("png-3", None), ("svg", None), ("pdf", None), ("pptx", 3.0), ("csv", None))
DRAWN = "() => document.getElementById('atlas-brief')?.getAttribute('aria-busy') === 'false'"


def median(run: Callable[[], None], runs: int) -> float:
    """Median time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def take(page: Page, kind: str) -> None:
    """Click for a file and wait until it is there."""
    with page.expect_download() as download:
        page.locator(f'[data-action="file-{kind}"]').click()
    download.value.path()


def redraw(page: Page) -> None:
    """Turn the sheet's look and wait for it."""
    now = page.locator('[data-action="sheet"][aria-pressed="true"]').get_attribute("data-sheet")
    page.locator(f'[data-action="sheet"][data-sheet="{"light" if now == "dark" else "dark"}"]').click()
    page.wait_for_function(DRAWN)


def server_side(folder: Path) -> None:
    """Draw the same PNG with a browser of the server's own."""
    command = [sys.executable, "app.py", "export", "--year", "2010", "--force", "--out", str(folder / "naive.png")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch, running() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/brief?year=2010")
        page.wait_for_function(DRAWN)
        naive = median(lambda: server_side(Path(scratch)), 3)
        print(f"naive: a PNG drawn on the server   {naive:6.2f} s")
        print(f"sheet drawn anew                   {median(lambda: redraw(page), runs):6.2f} s")
        for kind, budget in FILES:
            spent = median(lambda kind=kind: take(page, kind), runs)
            said = f"budget {budget} s: {'held' if spent <= budget else 'MISSED'}" if budget else ""
            print(
                f"{kind:<8} from click to file        {spent:6.2f} s  naive takes {naive / spent:4.1f} times as long  {said}"
            )
        browser.close()


if __name__ == "__main__":
    main()
