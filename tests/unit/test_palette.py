"""The data colours differ for everybody: measured here, and stated at the head of assets/css/tokens.css."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

TOKENS = (Path(__file__).parents[2] / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
MAIN = [f"class-{n}" for n in range(1, 8)] + ["class-cross"]
ALL = MAIN[:-1] + [f"class-{n}" for n in range(8, 13)] + ["class-cross"]

# Sight without one kind of cone, on linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])

# What the head of tokens.css states: theme -> (main, all) -> smallest difference; greyscale is in L*.
STATED = {
    "light": {
        "normal": (13.8, 10.7),
        "protanopia": (9.1, 6.6),
        "deuteranopia": (9.1, 6.9),
        "grey": (4.3, 1.6),
    },
    "dark": {
        "normal": (14.5, 11.0),
        "protanopia": (10.6, 7.1),
        "deuteranopia": (10.3, 7.1),
        "grey": (5.0, 1.7),
    },
}


def block(theme: str) -> dict[str, str]:
    """Read the tokens of one theme's first block."""
    found = re.search(rf'^\[data-bs-theme="{theme}"\] \{{(.*?)^\}}', TOKENS, re.DOTALL | re.MULTILINE)
    assert found
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found.group(1)))


def linear(colour: str) -> np.ndarray:
    """Turn #rrggbb into linear sRGB."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> tuple[float, float, float]:
    """Turn linear sRGB into CIE L*a*b* (D65)."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Tell the difference of two colours as CIE 142-2001 defines it."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    c, lightness = (c1 + c2) / 2, (l1 + l2) / 2
    h = (h1 + h2) % 360 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = 1 - 0.17 * math.cos(math.radians(h - 30)) + 0.24 * math.cos(math.radians(2 * h))
    t += 0.32 * math.cos(math.radians(3 * h + 6)) - 0.20 * math.cos(math.radians(4 * h - 63))
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c, 1 + 0.015 * c * t
    r = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, d_hue / s_h
    return math.sqrt(d_l**2 + d_c**2 + d_h**2 + r * d_c * d_h)


def contrast(one: str, other: str) -> float:
    """Tell the contrast ratio of WCAG."""
    low, high = sorted(float((TO_XYZ @ linear(c))[1]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_ciede2000_gives_published_values() -> None:
    # Two rows of Sharma, Wu and Dalal's test data (2005).
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_classes_differ_as_stated(theme: str, sight: str) -> None:
    tokens = block(theme)
    for keys, stated in zip((MAIN, ALL), STATED[theme][sight], strict=True):
        colours = {key: lab(SIGHT[sight] @ linear(tokens[key])) for key in keys}
        least, pair = min((ciede2000(colours[a], colours[b]), (a, b)) for a, b in combinations(keys, 2))
        assert round(least, 1) >= stated, pair


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_classes_differ_in_greyscale_as_stated(theme: str) -> None:
    tokens = block(theme)
    for keys, stated in zip((MAIN, ALL), STATED[theme]["grey"], strict=True):
        steps = sorted(lab(linear(tokens[key]))[0] for key in keys)
        assert round(min(b - a for a, b in pairwise(steps)), 1) >= stated


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out_from_land_and_sea(theme: str) -> None:
    tokens = block(theme)
    for key in [*ALL, "class-none", "rival"]:
        assert min(contrast(tokens[key], tokens[ground]) for ground in ("land", "sea")) >= 3, key


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    tokens = block(theme)
    for text in ("ink", "quiet", "accent", "danger"):
        for ground in ("paper", "panel", "raised", "wash"):
            assert contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert contrast(tokens["warn-ink"], tokens["warn-bg"]) >= 4.5
    assert contrast(tokens["on-accent"], tokens["accent"]) >= 4.5
    assert min(contrast(tokens["focus"], tokens[ground]) for ground in ("paper", "panel")) >= 3


def test_rivalry_is_further_from_ground_than_any_class() -> None:
    for theme in ("light", "dark"):
        tokens = block(theme)
        assert contrast(tokens["rival"], tokens["land"]) > max(contrast(tokens[k], tokens["land"]) for k in ALL)


def test_both_themes_name_the_same_tokens() -> None:
    assert list(block("light")) == list(block("dark"))


def test_head_of_the_tokens_states_what_is_measured() -> None:
    head = TOKENS.split("*/", 1)[0]
    for theme, stated in STATED.items():
        for row, n in (("class 1-7 and cross", 0), ("all twelve and cross", 1)):
            numbers = r"\s+".join(re.escape(str(pair[n])) for pair in stated.values())
            assert re.search(rf"{row}\s+{numbers}\s", head), (theme, row)


def test_colours_are_named_in_the_tokens_alone() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
    for sheet in sorted((Path(__file__).parents[2] / "assets" / "css").glob("*.css")):
        if sheet.name != "tokens.css":
            code = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert not literal.search(code), sheet.name
