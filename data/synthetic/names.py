"""Made-up names of groups and places, from syllables of no language."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from data.geography import country_code

Objects = NDArray[np.object_]

ONSETS = ("b", "d", "dr", "f", "g", "h", "j", "k", "kh", "l", "m", "n", "r", "s", "sh", "t", "tr", "v", "y", "z")
VOWELS = ("a", "a", "e", "i", "i", "o", "u", "au")
CODAS = ("", "", "", "n", "r", "l", "m", "sh", "k", "th")

PATTERNS = {
    "islamist": (
        "Partisans of the Faith in {}", "Army of the Faithful of {}", "{} Brigades of the Straight Path",
        "Islamic Front of {}", "Islamic Movement of {}", "{} Battalion of the Believers", "Sons of the Call in {}",
    ),
    "leftist": (
        "Red Front of {}", "{} People's Army", "Workers' Liberation Front of {}", "{} Revolutionary Vanguard",
        "Popular Movement of {}", "Red Columns of {}", "{} Proletarian Action",
    ),
    "ethnonationalist": (
        "{} Liberation Front", "{} National Army", "Free {} Movement", "{} Independence Council",
        "Homeland Guard of {}", "{} Self-Defence Committee", "National Front of {}",
    ),
    "right_wing": ("Order of {}", "{} Nation", "{} Patriotic Squads", "White Guard of {}", "Legion of {}"),
    "other_religious": ("Covenant of {}", "{} Army of the Prophecy", "Temple Guard of {}", "Shield of the Faith of {}"),
    "pro_government": ("{} Civil Guard", "{} Home Defence", "Loyal Militia of {}", "{} Popular Defence Units"),
    "other": ("{} Fighters", "{} Alliance", "Committee of {}", "{} Column", "Band of {}"),
}  # fmt: skip
"""By primary ideology; one that is not here takes those of ``other``."""


def words(n: int, rng: np.random.Generator, syllables: int = 3) -> list[str]:
    """Made-up words with a capital letter; some may repeat."""
    drawn = [
        [options[i] for i in rng.integers(0, len(options), n).tolist()]
        for _ in range(syllables)
        for options in (ONSETS, VOWELS)
    ]
    codas = [CODAS[i] for i in rng.integers(0, len(CODAS), n).tolist()]
    return ["".join(parts).capitalize() for parts in zip(*drawn, codas, strict=True)]


def town_names(n: int, rng: np.random.Generator) -> list[str]:
    """Made-up words of two syllables, no two equal, none of them a country's name."""
    found: dict[str, None] = {}
    while len(found) < n:
        found |= dict.fromkeys(word for word in words(n, rng, syllables=2) if not country_code(word))
    return list(found)[:n]


def group_names(ideologies: Objects, rng: np.random.Generator, taken: Collection[str]) -> list[str]:
    """Give each group a name that fits its primary ideology; no two are equal.

    Parameters
    ----------
    ideologies
        (G,) ids.
    taken
        Casefolded names that none may have.
    """
    used = set(taken)
    names = [""] * len(ideologies)
    left = list(range(len(ideologies)))
    while left:
        picks = rng.integers(0, 1_000_000, len(left)).tolist()
        again = []
        for row, word, pick in zip(left, words(len(left), rng), picks, strict=True):
            patterns = PATTERNS.get(ideologies[row], PATTERNS["other"])
            name = patterns[pick % len(patterns)].format(word)
            if name.casefold() in used:
                again.append(row)
                continue
            used.add(name.casefold())
            names[row] = name
        left = again
    return names
