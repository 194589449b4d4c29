"""How wide text is in the page's own font, so that a picture made in Python can place it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

FAMILY = '"Inter Variable", Inter, "Liberation Sans", Arial, sans-serif'
FONTS = tuple(
    Path(__file__).parent.parent / "assets" / "vendor" / name for name in ("inter-latin.woff2", "inter-latin-ext.woff2")
)
NORMAL, MEDIUM, STRONG = 420, 540, 640
"""Weights, as tokens.css has them."""
EM = 1000
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
ELSEWHERE = 1.05
"""Width in em that is allowed for a letter that the font lacks: another font will draw it."""


@lru_cache(maxsize=8)
def _face(path: Path, weight: int) -> Any:
    from PIL import ImageFont, features

    # Raqm kerns as a browser does; without it lines are a percent wider or narrower than measured.
    layout = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    face = ImageFont.truetype(str(path), EM, layout_engine=layout)
    face.set_variation_by_axes([weight])
    return face


@lru_cache(maxsize=2)
def letters_of(path: Path) -> frozenset[int]:
    """Code points that a font has."""
    from fontTools.ttLib import TTFont

    with TTFont(path) as font:
        return frozenset(font.getBestCmap())


def _font_of(letter: str) -> Path | None:
    """File that has a letter; None where neither has it."""
    return next((path for path in FONTS if ord(letter) in letters_of(path)), None)


@lru_cache(maxsize=16_384)
def _ems(text: str, weight: int) -> float:
    """Width of a line in em: runs of letters of one font, one after the other."""
    out = 0.0
    for path, run in groupby(text, _font_of):
        letters = "".join(run)
        out += float(_face(path, weight).getlength(letters)) / EM if path else ELSEWHERE * len(letters)
    return out


def width(text: str, size: float, weight: int = NORMAL) -> float:
    """Width of a line in px."""
    return size * _ems(text, weight)


def _elided(text: str, size: float, room: float, weight: int) -> str:
    """Text with an ellipsis behind it, shortened until both fit."""
    while text and width(f"{text}{ELLIPSIS}", size, weight) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def clip(text: str, size: float, room: float, weight: int = NORMAL) -> str:
    """Text that fits into the room, cut with an ellipsis where it must."""
    return text if width(text, size, weight) <= room else _elided(text, size, room, weight)


def _pieces(word: str, size: float, room: float, weight: int) -> list[str]:
    """A word cut where it is longer than a line."""
    out, rest = [], word
    while width(rest, size, weight) > room and len(rest) > 1:
        n = len(rest) - 1
        while n > 1 and width(rest[:n], size, weight) > room:
            n -= 1
        out.append(rest[:n])
        rest = rest[n:]
    return [*out, rest]


def wrap(text: str, size: float, room: float, weight: int = NORMAL, most: int | None = None) -> list[str]:
    """Lines no wider than the room; those beyond the ``most`` are cut with an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, size, room, weight)
        lines += whole
    lines += [line] if line else []
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], _elided(lines[most - 1], size, room, weight)]
