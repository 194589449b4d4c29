"""Changes of a filter, input to paint; payloads a second; start and memory of a server. All in one run.

    python tests/benchmarks/answers.py

Prints a line for each budget with the median (or rate) and whether it is held, on made-up sets of MGAR's size and of
ten times that. A filter change is one that neither browser nor server has seen, over loopback. Rates are of two
processes that ask their own WSGI app: what the server can do, without a client that takes its cores.
"""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from app import BUNDLED, SYNTHETIC  # noqa: E402
from data import synthetic  # noqa: E402
from data.readers import load  # noqa: E402
from tests.benchmarks.year_step import PAINTED  # noqa: E402
from tests.browser.conftest import free_port, running  # noqa: E402

SECONDS = 4.0
FILTERS = [
    f"ideology={ideology}&type={kind}&confidence={confidence}"
    for ideology, kind, confidence in itertools.product(
        ("islamist", "leftist", "ethnonationalist", "islamist,leftist"),
        ("operational", "material", "training", "rhetorical", "material,training"),
        ("low", "medium", "high"),
    )
]
"""Selections that the rate is taken over; twelve of them are chosen in the browser too."""
CHANGE = f"""async (value) => {{
  const painted = {PAINTED};
  const input = document.querySelector(`.options-ideology input[value="${{value}}"]`);
  await painted();
  const start = performance.now();
  const root = document.documentElement;
  const answered = new Promise(done => {{
    let begun = false;
    const seen = new MutationObserver(() => {{
      if (root.hasAttribute('aria-busy')) begun = true;
      else if (begun) {{ seen.disconnect(); done(); }}
    }});
    seen.observe(root, {{attributes: true, attributeFilter: ['aria-busy']}});
  }});
  input.click();
  await answered;
  await painted();
  return performance.now() - start;
}}"""


def changes(browser: Any, folder: Path) -> float:
    """Median milliseconds of filter changes: ideologies and types, one value more or other each time."""
    # A Gray code: every click makes a selection of ideologies that was not there before.
    ideologies = ("islamist", "leftist", "ethnonationalist", "other_religious")
    asked = [ideologies[(n & -n).bit_length() - 1] for n in range(1, 16)]
    with running("--data", str(folder)) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector("html.ready")
        page.wait_for_timeout(1500)
        took = [float(page.evaluate(CHANGE, change)) for change in asked]
        page.close()
    return statistics.median(took[1:])


def rate_of(folder: Path, cached: bool, out: Any) -> None:
    """Payloads a second of one process, into a queue; uncached ones differ, and the cache is too small to hold them."""
    from app import create_app
    from callbacks import answers
    from callbacks.settings import from_environment

    if not cached:
        answers.AnswerCache.__init__.__defaults__ = (1, 1)  # type: ignore[misc]
    client = create_app({folder.name: load(folder)}, from_environment({})).server.test_client()
    asked = itertools.cycle(FILTERS)
    headers = {"Accept-Encoding": "br, gzip"}

    def ask() -> None:
        answer = client.get(f"/api/payload?{next(asked)}", headers=headers)
        assert answer.status_code == 200

    for _ in FILTERS:
        ask()
    start, n = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        ask()
        n += 1
    out.put(n / (time.perf_counter() - start))


def rate(folder: Path, *, cached: bool) -> float:
    """Payloads a second of two processes."""
    queue: Any = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=rate_of, args=(folder, cached, queue)) for _ in range(2)]
    for worker in workers:
        worker.start()
    total = sum(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    return float(total)


def start(folder: Path) -> tuple[float, float]:
    """Seconds from the command to the first answer of /healthz, and MB resident after a payload."""
    port = free_port()
    begun = time.perf_counter()
    command = [sys.executable, "app.py", "serve", "--port", str(port), "--data", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        took = time.perf_counter() - begun
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/payload", timeout=30).close()
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
    finally:
        process.terminate()
        process.wait(10)
    return took, resident


def main() -> int:
    """Measure and print the table; 1 if a budget is not held."""
    curated = load(BUNDLED)
    with tempfile.TemporaryDirectory() as temporary:
        mgar = SYNTHETIC
        ten = synthetic.write(Path(temporary) / "ten", curated, scale=10)
        starts = [start(BUNDLED) for _ in range(5)]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            one, tenfold = changes(browser, mgar), changes(browser, ten)
            browser.close()
        rows = [
            ("filter change at MGAR's size, ms", one, "<=", 150.0),
            ("filter change at ten times, ms", tenfold, "<=", 400.0),
            ("payloads/s of 2 workers, cached", rate(mgar, cached=True), ">=", 200.0),
            ("payloads/s of 2 workers, uncached", rate(mgar, cached=False), ">=", 40.0),
            ("start to first answer, s", statistics.median(took for took, _ in starts), "<=", 3.0),
            ("resident memory, curated, MB", max(mb for _, mb in starts), "<=", 300.0),
            ("resident memory, MGAR's size, MB", start(mgar)[1], "<=", 300.0),
        ]
    failed = False
    for name, value, sign, budget in rows:
        held = value <= budget if sign == "<=" else value >= budget
        failed |= not held
        print(f"{name:<36}{value:>9.1f}   budget {sign} {budget:<6g}{'held' if held else 'MISSED'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
