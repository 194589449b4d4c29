"""The real app as a process, and Chromium whose pages fail the test on any fault that a person would not see."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
SIZES = {"desk": (1440, 900), "wall": (1920, 1080), "frame": (800, 600), "phone": (390, 844)}
PATIENCE_MS = 30_000
"""How long a test waits for what must come: a busy machine is slow, and who passes waits no longer than he must."""

expect.set_options(timeout=PATIENCE_MS)


def free_port() -> int:
    """Port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


LOGS: dict[str, Path] = {}
"""What each server wrote, by its address."""


def said_by(url: str) -> str:
    """Last lines that a server wrote."""
    return "\n".join(LOGS[url].read_text("utf-8", errors="replace").splitlines()[-40:])


@contextmanager
def running(*args: str, port: int | None = None, **environment: str) -> Iterator[str]:
    """`python app.py serve` until the block ends; its output is shown if it dies."""
    port = port or free_port()
    command = [sys.executable, "app.py", "serve", "--port", str(port), *args]
    url = f"http://127.0.0.1:{port}"
    # Into a file: a pipe that nobody reads would hold the server up once it is full.
    ARTEFACTS.mkdir(exist_ok=True)
    log = LOGS[url] = ARTEFACTS / f"server-{port}.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(1200):
            if process.poll() is not None:
                pytest.fail(f"the app died: {said_by(url)}")
            try:
                with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail("the app did not answer /healthz in 60 s")
        yield url
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of the app on the bundled data, as the README starts it."""
    with running() as url:
        yield url


class Watch:
    """Collects what goes wrong in a page: console errors and warnings, failed requests, other hosts."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = set(hosts)
        self.faults: list[str] = []
        self.requests: list[str] = []

        self._hear = {
            "console": lambda m: m.type in ("error", "warning") and self.faults.append(f"{m.type}: {m.text}"),
            "weberror": lambda e: self.faults.append(f"page error: {e.error}"),
            "requestfailed": lambda r: self._failed(r.url, r.failure),
            "request": self._asked,
            "response": lambda r: r.status >= 400 and self.faults.append(f"{r.status}: {r.url}"),
        }

    def on(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        for event, hear in self._hear.items():
            context.on(event, hear)

    def off(self, context: BrowserContext) -> None:
        """Watch it no longer."""
        for event, hear in self._hear.items():
            context.remove_listener(event, hear)

    def _failed(self, url: str, failure: str | None) -> None:
        # A choice made before the last answer came takes that request back: that is meant.
        if failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {url} {failure}")

    def _asked(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith("data:"):
            self.requests.append(url)
        if url.startswith("http") and urlsplit(url).netloc not in self.hosts:
            self.faults.append(f"another host: {url}")


@pytest.fixture
def watch(app_url) -> Iterator[Watch]:
    """Fails the test at its end if any page had a fault."""
    watch = Watch(urlsplit(app_url).netloc)
    yield watch
    assert watch.faults == [], said_by(app_url)


@pytest.fixture(scope="session")
def windows(browser) -> Iterator[dict[str, BrowserContext]]:
    """Browser contexts by size, for all tests of a process: what the first page has loaded the others need not."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def context(browser, windows, watch, request) -> Iterator[BrowserContext]:
    """Give a watched browser context without pages or stored data; indirect parametrisation picks one of SIZES."""
    size = getattr(request, "param", "desk")
    if size not in windows:
        width, height = SIZES[size]
        windows[size] = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    context = windows[size]
    watch.on(context)
    yield context
    watch.off(context)
    context.clear_cookies()
    context.clear_permissions()
    for page in context.pages:
        if page.url.startswith("http"):
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.close()


@pytest.fixture
def page(context) -> Page:
    """One page of the context."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def ready(page: Page, url: str) -> Page:
    """Open an address of the explorer or the embed and wait until it is drawn."""
    page.goto(url)
    page.wait_for_selector("html.ready")
    page.wait_for_function("() => document.querySelectorAll('#atlas-map path').length > 0")
    return page


def resized(page: Page, size: str) -> Page:
    """Give the window one of SIZES, and wait until what follows the window's size has followed."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_timeout(300)
    return page


CLIPPED = """() => [...document.querySelectorAll('body *')].filter(e => e.children.length === 0
  && e.textContent.trim() && e.offsetParent && getComputedStyle(e).overflow !== 'visible'
  && !e.matches('.visually-hidden, textarea, option') && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 3))
  .map(e => e.textContent.trim().slice(0, 60))"""
"""Texts that their boxes cut off."""


def holds_its_content(page: Page) -> None:
    """Nothing scrolls sideways and no text is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    assert page.evaluate(CLIPPED) == []


def keep(page: Page, name: str) -> None:
    """Keep a screenshot as an artefact of the run."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png")
