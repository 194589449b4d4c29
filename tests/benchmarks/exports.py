"""How long the command line takes: a deck of five slides, and a film of fifty years.

    python tests/benchmarks/exports.py [--runs N]

Prints medians in seconds beside their budgets (2 cores, software rendering), start of Python and Chromium included.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JOBS = (
    ("PNG of 1920 x 1080", None, ["--year", "2010", "--size", "1920x1080", "--out", "one.png"]),
    ("deck of 5 slides", 30, ["--years", "1970,1980,1990,2000,2010", "--out", "five.pptx"]),
    ("film of 50 years, 1280 x 720", 120, ["--animate", "1966:2015", "--out", "film.mp4"]),
)


def seconds(args: list[str], folder: Path) -> float:
    """Time of one export, whose file is then removed."""
    out = folder / args[-1]
    start = time.perf_counter()
    command = [sys.executable, "app.py", "export", *args[:-1], str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    took = time.perf_counter() - start
    out.unlink()
    return took


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        for name, budget, args in JOBS:
            median = statistics.median(seconds(args, Path(folder)) for _ in range(runs))
            print(f"{name}: {median:.1f} s" + (f" (budget {budget} s)" if budget else ""), flush=True)


if __name__ == "__main__":
    main()
