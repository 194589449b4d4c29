"""Every view's answer after a change of filters, at MGAR's scale: what the server needs to make and compress it.

    python tests/benchmarks/views.py [--data FOLDER]

Prints a line for each with the median of first answers (each selection is new to the server), the slowest, the median
of the same ones asked again, and whether the budget is held. Heavy ones, which are made once per selection and kept
while the page says that they are on their way, have the budget when they are asked again. The app answers in this
process, so that no network and no browser takes part; tests/benchmarks/answers.py has those.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app import SYNTHETIC, create_app  # noqa: E402
from callbacks.settings import from_environment  # noqa: E402
from components import ids  # noqa: E402
from data.formats import FORMATS, REPORT  # noqa: E402
from data.measures.series import CHARTS  # noqa: E402
from data.model import Atlas  # noqa: E402
from data.readers import load  # noqa: E402

BUDGET_MS = 300.0
SELECTIONS = (
    "ideology=islamist&year=2010",
    "type=material&year=2005",
    "confidence=medium&year=2012",
    "ideology=islamist,leftist&ends=both&year=1990",
    "crossborder=1&year=2008",
    "kind=ally,associate&year=2010",
    "type=material,training&types=all&year=1985",
)
"""Each asked for once after the view without a filter, which warms what no filter changes."""
ENCODINGS = {"Accept-Encoding": "br, gzip"}

Ask = Callable[[Any, str], Any]
"""Of a test client and a query: the answer."""


@dataclass(frozen=True)
class View:
    """Something that a page or a script asks for once the filters have changed."""

    name: str
    ask: Ask
    heavy: bool = False
    """Whether it is worked out once per selection and kept, while the page says that it is on its way."""


def route(path: str, more: str = "", *, heavy: bool = False) -> View:
    """One of the addresses; `more` is what it needs beside the selection."""
    name = f"{path}?{more.split('=')[0]}=" if more else path
    return View(name, lambda client, query: client.get(f"{path}?{more}{query}", headers=ENCODINGS), heavy)


def callback(name: str, path: str, id_: str, *, heavy: bool = False) -> View:
    """Answer of a Dash callback on the address of a page."""

    def ask(client: Any, query: str) -> Any:
        body = {
            "output": f"..{id_}.children..",
            "outputs": [{"id": id_, "property": "children"}],
            "inputs": [{"id": ids.PATH, "property": ids.ADDRESS, "value": f"{path}?{query}"}],
            "changedPropIds": [f"{ids.PATH}.{ids.ADDRESS}"],
        }
        return client.post("/_dash-update-component", json=body, headers=ENCODINGS)

    return View(name, ask, heavy)


def best_connected(atlas: Atlas) -> str:
    """Id of the group with most relationships: its page is the longest."""
    ties = atlas.relationships
    counts = ties["group_a"].value_counts().add(ties["group_b"].value_counts(), fill_value=0)
    return str(counts.idxmax())


def views(atlas: Atlas) -> list[View]:
    """Every view of the app."""
    group = best_connected(atlas)
    charts = [f"/api/measures/{chart.key}.{ending}" for chart in CHARTS for ending in ("json", "csv")]
    return [
        route("/"),
        callback("page of /", "/", ids.PAGE),
        route("/api/payload"),
        route("/api/view"),
        route("/api/view", "since=1985&"),
        *map(route, charts),
        route("/api/measures/ego.csv", f"group={group}&"),
        route("/api/layout", heavy=True),
        route("/api/card", f"card={group}&"),
        route("/api/record", f"group={group}&"),
        callback("page of /group/<id>", f"/group/{group}", ids.PAGE),
        route("/api/search", "q=front&"),
        route("/api/method"),
        callback("page of /data", "/data", ids.PAGE),
        *(route(spec.route) for spec in (*FORMATS, REPORT)),
        callback("findings: the claims", "/findings", ids.FINDINGS),
        callback("findings: survival", "/findings", ids.SURVIVAL, heavy=True),
        route("/api/measures/survival.csv", heavy=True),
        route("/embed"),
    ]


def milliseconds(view: View, client: Any, query: str) -> float:
    """Time of one answer."""
    start = time.perf_counter()
    answer = view.ask(client, query)
    took = 1000 * (time.perf_counter() - start)
    if answer.status_code != 200:
        raise SystemExit(f"{view.name}?{query} answered {answer.status_code}")
    return took


def main() -> int:
    """Measure and print the table; 1 if a budget is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SYNTHETIC, help="dataset; the bundled one at MGAR's scale")
    folder: Path = parser.parse_args().data
    failed = False
    print(f"{'ms':<36}{'first':>9}{'slowest':>9}{'again':>9}")
    for view in views(load(folder)):
        # An atlas and an app of its own for each view: what one has worked out shall not help another.
        atlas = load(folder)
        client = create_app({folder.name: atlas}, from_environment({})).server.test_client()
        milliseconds(view, client, "")
        first = [milliseconds(view, client, query) for query in SELECTIONS]
        again = [milliseconds(view, client, query) for query in SELECTIONS]
        value = statistics.median(again if view.heavy else first)
        held = value <= BUDGET_MS
        failed |= not held
        said = f"{'held' if held else 'MISSED'}{', once per selection' if view.heavy else ''}"
        print(
            f"{view.name:<36}{statistics.median(first):>9.1f}{max(first):>9.1f}{statistics.median(again):>9.1f}"
            f"   budget <= {BUDGET_MS:g} {said}",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
