"""Pictures of compositions, drawn by the machine's Chromium with the pages' own script and no network."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from components.brief.sheet import Json
from components.letters import FONTS
from data.errors import AtlasError

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = ("vendor/plotly-geo.min.js", "js/figure.js", "export/render.js")
TOPOJSON = ASSETS / "topojson" / "world_110m.json"
SECONDS = 90.0
"""That one picture may take."""
TABS = 2
"""Pictures drawn at a time."""

Kind = Literal["png", "svg", "pdf"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture to draw: a figure of ``components.brief``, the facts that go into the file, the size in px."""

    figure: Json
    facts: dict[str, str]
    width: float
    height: float
    kind: Kind = "png"
    scale: float = 1.0


def _ranges() -> dict[str, str]:
    """Letters of each font file, by its name: those of inter.css, written as browsers write them."""
    css = (ASSETS / "css" / "inter.css").read_text("utf-8")
    found = re.findall(r'url\("\.\./vendor/([^"]+)"\)[^}]*?unicode-range: ([^;]+);', css)
    return {name: ", ".join(_span(part) for part in ranges.split(",")) for name, ranges in found}


def _span(part: str) -> str:
    """One span of CSS's unicode-range without leading zeros: U+0131 is U+131."""
    return "U+" + "-".join(f"{int(end, 16):X}" for end in part.strip().removeprefix("U+").split("-"))


def page() -> str:
    """HTML of the page that draws: everything it needs is in it or beside it on disk."""
    ranges = _ranges()
    # In the order of the style sheet: figure.js writes them into the SVG in it.
    fonts = [
        {"ranges": letters, "data": base64.b64encode(path.read_bytes()).decode()}
        for name, letters in ranges.items()
        for path in FONTS
        if path.name == name
    ]
    preset = f"window.atlas = {{fonts: {json.dumps(fonts)}}};" + (
        f"window.PlotlyGeoAssets = {{topojson: {{world_110m: {TOPOJSON.read_text('utf-8')}}}}};"
    )
    scripts = "".join(f'<script src="{(ASSETS / name).as_uri()}"></script>' for name in SCRIPTS)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Alliance Atlas</title><script>{preset}</script>'
        f"{scripts}</head><body></body></html>"
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Say what a person can mend where kaleido or Chromium fail."""
    from choreographer.errors import BrowserClosedError, BrowserFailedError, ChromeNotFoundError

    try:
        yield
    except ChromeNotFoundError as why:
        raise AtlasError(
            what="no Chromium or Chrome was found, which draws the pictures",
            where="export",
            mend="install it (on Debian: apt-get install chromium), or name it in the variable BROWSER_PATH",
        ) from why
    except (BrowserClosedError, BrowserFailedError) as why:
        raise AtlasError(
            what="Chromium could not be started or stopped at once",
            where="export",
            mend="try it alone: chromium --headless=new --no-sandbox --dump-dom about:blank",
        ) from why
    except TimeoutError as why:
        raise AtlasError(
            what=f"a picture took more than {SECONDS:.0f} s", where="export", mend="free the machine and try again"
        ) from why


class Studio:
    """Chromium with its page open, which draws until it is closed; made by ``studio``."""

    def __init__(self, kaleido: Any) -> None:
        self._kaleido = kaleido

    async def draw(self, picture: Drawn) -> bytes:
        """Return one picture as a file."""
        figure = {**picture.figure, "facts": picture.facts}
        size = {"width": picture.width, "height": picture.height, "scale": picture.scale, "format": picture.kind}
        with _explained():
            return bytes(await self._kaleido.calc_fig(figure, opts=size))

    async def each(self, pictures: Iterable[Drawn]) -> AsyncIterator[bytes]:
        """Yield pictures in their order, ``TABS`` drawn at a time and no more than that held."""
        waiting: list[asyncio.Task[bytes]] = []
        try:
            for picture in pictures:
                waiting.append(asyncio.create_task(self.draw(picture)))
                if len(waiting) > TABS:
                    yield await waiting.pop(0)
            while waiting:
                yield await waiting.pop(0)
        finally:
            for task in waiting:
                task.cancel()


def _browser() -> str | None:
    """Debian's headless Chromium, which starts in half the time; None leaves the search to kaleido."""
    return None if "BROWSER_PATH" in os.environ else shutil.which("chromium-headless-shell")


@asynccontextmanager
async def studio(tabs: int = TABS) -> AsyncIterator[Studio]:
    """Open Chromium for as many pictures as there are to draw.

    Raises
    ------
    AtlasError
        Where there is no Chromium, or it cannot be started.
    """
    import kaleido

    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index.html"
        index.write_text(page(), encoding="utf-8")
        with _explained():
            browser = kaleido.Kaleido(n=tabs, timeout=SECONDS, page_generator=index, path=_browser())
            async with browser:
                yield Studio(browser)


def draw(pictures: list[Drawn]) -> list[bytes]:
    """Draw pictures and wait for all of them."""

    async def all_of_them() -> list[bytes]:
        async with studio(min(TABS, len(pictures))) as open_:
            return [body async for body in open_.each(pictures)]

    return asyncio.run(all_of_them())
