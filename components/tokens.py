"""The colours of tokens.css for pictures made in Python: every colour is said there, once."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from data.model import Term

CSS = Path(__file__).parent.parent / "assets" / "css" / "tokens.css"
EXTRA = {
    "cross-ideological": "class-cross",
    "inter-regional": "class-cross",
    "not-recorded": "class-none",
    "no-type": "class-none",
    "not-coded": "class-none",
    "formed": "class-3",
    "kept": "class-none",
    "ended": "class-2",
}
"""Classes with a colour of their own, as colours.js and compare.js have them."""
TOKENS = 12
CONTRAST = 3.0
"""Of WCAG, for graphics on the map's ground."""


@lru_cache(maxsize=4)
def tokens(theme: str) -> dict[str, str]:
    """Colours of a theme, light or dark, by their names without the dashes."""
    found = re.search(rf'\[data-bs-theme="{theme}"\] \{{(.*?)^\}}', CSS.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    if found is None:
        raise KeyError(theme)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found.group(1)))


def channels(colour: str) -> tuple[int, ...]:
    """Red, green and blue of #rrggbb, 0 to 255."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def luminance(rgb: tuple[int, ...]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    r, g, b = (c / 3294.6 if c <= 10.31475 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str) -> str:
    """Colour blended towards black or white, whichever is away from the ground, until it stands out from it."""
    own, back = channels(colour), channels(ground)
    away = 0 if luminance(back) > 0.18 else 255
    rgb, step = own, 1
    while contrast(rgb, back) < CONTRAST:
        rgb = tuple(int(c + (away - c) * step / 25 + 0.5) for c in own)
        step += 1
    return "#" + "".join(f"{c:02x}" for c in rgb)


def class_colour(term: Term, place: int, theme: str) -> str:
    """Colour of one class of a colouring, as colours.js gives it."""
    known = tokens(theme)
    if term.id in EXTRA:
        return known[EXTRA[term.id]]
    return readable(term.colour, known["land"]) if term.colour else known[f"class-{place % TOKENS + 1}"]


def faded(colour: str, opacity: float) -> str:
    """Colour with an opacity, as CSS and plotly.js write it."""
    return f"rgba({', '.join(map(str, channels(colour)))}, {opacity:g})"
