"""Year steps, input to paint, beside a figure rebuilt by the server at each step, in one run.

    python tests/benchmarks/year_step.py [--years N]

Prints medians in milliseconds and the ratio, for the curated data and for made-up sets of MGAR's size: with the
published curve (about 200 arcs at the peak), and with 600 and 6,000 arcs in every year. A step of the app must make
no request; the naive way goes over loopback, without a network's latency.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app import BUNDLED, SYNTHETIC  # noqa: E402
from data import synthetic  # noqa: E402
from data.readers import load  # noqa: E402
from tests.browser.conftest import free_port, running  # noqa: E402

BUDGET_MS = {"curated": 50, "MGAR's size": 50, "600 arcs": 100, "6,000 arcs": 200}

# Paint = the task after the animation frame in which the change was drawn.
PAINTED = """() => new Promise(done => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = done;
  channel.port2.postMessage(0);
}))"""
STEP = f"""async (year) => {{
  const input = document.querySelector('#atlas-slider input');
  const painted = {PAINTED};
  await painted();
  const start = performance.now();
  input.value = year;
  input.dispatchEvent(new Event('input', {{bubbles: true}}));
  await painted();
  return performance.now() - start;
}}"""
NAIVE_STEP = f"""async (year) => {{
  const painted = {PAINTED};
  const graph = document.querySelector('#map .js-plotly-plot');
  await painted();
  const start = performance.now();
  const drawn = new Promise(done => graph.once('plotly_afterplot', done));
  dash_clientside.set_props('year', {{value: year}});
  await drawn;
  await painted();
  return performance.now() - start;
}}"""


@contextmanager
def naive(folder: Path) -> Iterator[str]:
    """Run the naive app as a process."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.naive_app", str(folder), str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/_dash-layout", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def steps(page: Page, script: str, years: list[int]) -> list[float]:
    """Milliseconds of each step; the first two warm up and do not count."""
    return [float(page.evaluate(script, year)) for year in years][2:]


def measure(browser: object, folder: Path, years: list[int]) -> tuple[float, float, int]:
    """Median of the app, median of the naive way, and the requests that the app's steps made."""
    with running("--data", str(folder)) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
        page.goto(url)
        page.wait_for_selector("html.ready")
        page.wait_for_timeout(2500)  # the browser asks for the page's icon when it finds the time
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        ours = statistics.median(steps(page, STEP, years))
        page.wait_for_timeout(500)
        page.close()
    with naive(folder) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
        page.goto(url)
        page.wait_for_selector("#map .js-plotly-plot .main-svg")
        page.wait_for_timeout(1500)
        theirs = statistics.median(steps(page, NAIVE_STEP, years))
        page.close()
    if asked:
        print(f"asked during steps: {asked}", file=sys.stderr)
    return ours, theirs, len(asked)


def main() -> int:
    """Measure every set and print the table; 1 if a budget is not held or a step made a request."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--years", type=int, default=24, help="steps for each set (default 24)")
    n = arguments.parse_args().years
    curated = load(BUNDLED)
    failed = False
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folders = {
            "curated": BUNDLED,
            "MGAR's size": SYNTHETIC,
            "600 arcs": synthetic.write(Path(temporary) / "arcs600", curated, targets=np.full(67, 600)),
            "6,000 arcs": synthetic.write(Path(temporary) / "arcs6000", curated, scale=10, targets=np.full(67, 6000)),
        }
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"{'set':<14}{'app ms':>9}{'server ms':>11}{'ratio':>8}{'budget ms':>11}{'requests':>10}")
        for name, folder in folders.items():
            atlas = curated if folder == BUNDLED else load(folder)
            first, last = atlas.dataset.first_year, atlas.dataset.last_year
            years = [last - (i * 3) % (last - first) for i in range(n + 2)]
            ours, theirs, requests = measure(browser, folder, years)
            failed |= ours > BUDGET_MS[name] or requests > 0
            print(
                f"{name:<14}{ours:>9.1f}{theirs:>11.1f}{theirs / ours:>8.1f}{BUDGET_MS[name]:>11}{requests:>10}",
                flush=True,
            )
        browser.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
