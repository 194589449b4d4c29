"""How everything grows with the data: MGAR's size, ten and a hundred times that, beside a naive way, in one run.

    python tests/benchmarks/scale.py [--scales 1 10 100]

Prints one table: for each measure and scale the app, the naive way and how many times the app's value is that of the
smallest scale. It takes about ten minutes with scale 100. The naive way is pandas and a figure on the server: frames
read as they are, rows looked at one by one, lists filtered by ``apply``, and at each step a whole figure (naive_app.py).

- load: files to atlas without the judging of rows; naive: ``read_csv``.
- validate: every rule of the data contract; naive: four of them (ids, years, their order, known ends) row by row.
- filter: the server's answer to a filter that it has not seen, made and compressed; naive: rows filtered, one year's figure.
- filter shown: the same in the browser, from the click to the paint, over loopback.
- payload, gzip: what a change of filters sends, for all years; naive: what each step in time sends.
- year step: from the input to the paint, in headless Chromium.
- memory: of the server's process after an answer.
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from app import BUNDLED  # noqa: E402
from callbacks.answers import json_text  # noqa: E402
from data import schema, synthetic  # noqa: E402
from data.grammar import parse, what  # noqa: E402
from data.index import index  # noqa: E402
from data.model import Atlas  # noqa: E402
from data.packed import is_large, packed  # noqa: E402
from data.panel import by_year  # noqa: E402
from data.payload import payload  # noqa: E402
from data.readers import load  # noqa: E402
from tests.benchmarks.answers import CHANGE  # noqa: E402
from tests.benchmarks.naive_app import figure  # noqa: E402
from tests.benchmarks.year_step import NAIVE_STEP, STEP, steps  # noqa: E402
from tests.browser.conftest import free_port  # noqa: E402

FILTER = "ideology=islamist&type=material"
PATIENCE = 1200  # seconds that a server may take to start
YEARS = (2016, 1950, 2010, 1983, 2012, 1999, 2007, 1995, 2003, 2009)
UNITS = {
    "load": "s", "validate": "s", "filter": "ms", "filter shown": "ms", "payload, gzip": "kB", "year step": "ms",
    "memory": "MB",
}  # fmt: skip
Found = dict[str, float]


def seconds(function: Any) -> tuple[float, Any]:
    """Seconds that a call takes, and what it returns."""
    begun = time.perf_counter()
    out = function()
    return time.perf_counter() - begun, out


def loaded(folder: Path) -> tuple[Found, Atlas]:
    """Load a dataset, its validation timed apart."""
    inside, judge = 0.0, schema._failures

    def timed(*args: Any) -> Any:
        nonlocal inside
        took, out = seconds(lambda: judge(*args))
        inside += took
        return out

    schema._failures = timed  # type: ignore[assignment]
    try:
        whole, atlas = seconds(lambda: load(folder))
    finally:
        schema._failures = judge
    return {"load": whole - inside, "validate": inside}, atlas


def answered(atlas: Atlas) -> Found:
    """The page's payload: time of a filter's, bytes of the unfiltered one."""
    served = {atlas.dataset.slug: atlas}
    by_year(index(atlas))  # made once when a server starts to answer

    def body(query: str) -> bytes:
        selection, notices = parse(query, served)
        asked = (what(selection, served), notices, served)
        return gzip.compress(packed(*asked) if is_large(index(atlas)) else json_text(payload(*asked)), 6)

    whole = body("")  # what is worked out once of an atlas is there now
    took = statistics.median(seconds(lambda: body(FILTER))[0] for _ in range(3))
    return {"filter": took * 1000, "payload, gzip": len(whole) / 1000}


def naive_loaded(folder: Path) -> Found:
    """``read_csv``, and every row looked at."""
    took, (groups, ties) = seconds(
        lambda: [
            pd.read_csv(folder / name, dtype=str, keep_default_na=False) for name in ("groups.csv", "relationships.csv")
        ]
    )
    known = set(groups["group_id"])

    def judged() -> int:
        wrong = 0
        for frame, ends in ((groups, ()), (ties, ("group_a", "group_b"))):
            for _, row in frame.iterrows():
                years = [row[key] for key in ("start_year", "end_year") if row[key]]
                good = all(re.fullmatch(r"\d{4}", year) for year in years) and years == sorted(years)
                good = good and bool(re.fullmatch(r"[\w.-]+", row.iloc[0])) and all(row[end] in known for end in ends)
                wrong += not good
        return wrong

    return {"load": took, "validate": seconds(judged)[0]}


def naive_answered(atlas: Atlas) -> Found:
    """Rows filtered by ``apply``, and the figure of one year as it goes over the wire."""

    class Filtered:
        groups = atlas.groups
        relationships = atlas.relationships

    def sent(filtered: bool) -> bytes:
        view = Filtered()
        if filtered:
            listed = atlas.groups["ideologies"].apply(lambda ids: "islamist" in ids)
            ties = atlas.relationships
            of_ends = ties.apply(lambda row: listed[row["a"]] or listed[row["b"]], axis=1)
            view.relationships = ties[of_ends & ties["types"].apply(lambda ids: "material" in ids)]
        return gzip.compress(figure(view, 2010).to_json().encode(), 6)  # type: ignore[arg-type]

    took, _ = seconds(lambda: sent(True))
    return {"filter": took * 1000, "payload, gzip": len(sent(False)) / 1000}


@contextmanager
def serving(path: str, *command: str) -> Iterator[tuple[str, int]]:
    """Run a server until the block ends: its address, once it answers at ``path``, and its process."""
    port = int(command[command.index("--port") + 1]) if "--port" in command else int(command[-1])
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}")
            try:
                urllib.request.urlopen(url + path, timeout=60).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def memory(pid: int) -> float:
    """MB resident of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def shown(browser: Browser, folder: Path) -> Found:
    """Steps and changes of a filter in the app's page."""
    with serving("/healthz", "app.py", "serve", "--data", str(folder), "--port", str(free_port())) as (url, pid):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(url)
        page.wait_for_selector("html.ready")
        page.wait_for_timeout(3000)
        used = memory(pid)
        stepped = statistics.median(steps(page, STEP, list(YEARS)))
        ideologies = ("islamist", "leftist", "ethnonationalist", "other_religious")
        asked = [ideologies[(n & -n).bit_length() - 1] for n in range(1, 9)]  # a Gray code: none twice
        changed = statistics.median([float(page.evaluate(CHANGE, value)) for value in asked][1:])
        page.close()
    return {"year step": stepped, "filter shown": changed, "memory": used}


def naive_shown(browser: Browser, folder: Path, n: int) -> Found:
    """Steps of the naive app's page."""
    command = ("-m", "tests.benchmarks.naive_app", str(folder), str(free_port()))
    with serving("/_dash-layout", *command) as (url, pid):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(300_000)
        page.goto(url)
        page.wait_for_selector("#map .js-plotly-plot .main-svg")
        page.wait_for_timeout(3000)
        stepped = statistics.median(steps(page, NAIVE_STEP, list(YEARS[:n])))
        used = memory(pid)
        page.close()
    return {"year step": stepped, "memory": used}


def measured(browser: Browser, folder: Path, scale: int) -> tuple[Found, Found]:
    """Every measure of the app and of the naive way."""
    ours, atlas = loaded(folder)
    ours |= answered(atlas)
    naive = naive_loaded(folder) | naive_answered(atlas)
    del atlas
    ours |= shown(browser, folder)
    naive |= naive_shown(browser, folder, len(YEARS) if scale < 100 else 5)
    return ours, naive


def text(value: float | None) -> str:
    """Number with three digits that count, a dash where there is none."""
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> int:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scales", type=int, nargs="+", default=[1, 10, 100], help="times MGAR's size")
    scales = arguments.parse_args().scales
    curated = load(BUNDLED)
    found: dict[int, tuple[Found, Found]] = {}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for scale in scales:
            folder = synthetic.write(Path(temporary) / f"times{scale}", curated, scale=scale)
            found[scale] = measured(browser, folder, scale)
            print(f"measured at scale {scale}", file=sys.stderr, flush=True)
        browser.close()
    print(f"{'':<18}" + "".join(f"{f'x{scale} app':>12}{'naive':>10}{'grows':>9}" for scale in scales))
    for key, unit in UNITS.items():
        row = f"{f'{key}, {unit}':<18}"
        for scale in scales:
            ours, naive = (side.get(key) for side in found[scale])
            first = found[scales[0]][0][key]
            row += f"{text(ours):>12}{text(naive):>10}{f'{(ours or 0) / first:.1f} x':>9}"
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
