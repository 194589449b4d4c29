"""What a measure is called and means, with its formula and where that comes from: said once, shown wherever it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One measure; ``unit`` is count, share, km or number, or another word where no chart draws it.

    ``formula`` is plain text, empty where the words are the formula; ``source`` is the work that a formula is taken
    from, empty where the definition is the atlas's own.
    """

    key: str
    label: str
    unit: str
    text: str
    formula: str = ""
    source: str = ""


def described(definition: Definition) -> str:
    """One line for the head of a file: key, unit, words, formula and source."""
    d = definition
    unit = f" ({d.unit})" if d.unit else ""
    parts = [f"{d.key}{unit}: {d.text}", d.formula and f"Formula: {d.formula}.", d.source and f"Source: {d.source}."]
    return " ".join(part for part in parts if part)


# Works that more than one measure is taken from.
KARNEY = "C. F. F. Karney (2013), Algorithms for geodesics, Journal of Geodesy 87, 43-55, as in PROJ"
HYNDMAN_FAN = (
    "R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American Statistician 50 (4),"
    " 361-365, type 7"
)
WASSERMAN_FAUST = "S. Wasserman and K. Faust (1994), Social network analysis, Cambridge University Press, ch. 4"
WATTS_STROGATZ = (
    "D. J. Watts and S. H. Strogatz (1998), Collective dynamics of 'small-world' networks, Nature 393, 440-442"
)
M49 = "UN Statistics Division, Standard country or area codes for statistical use (M49)"
COX = "D. R. Cox (1972), Regression models and life-tables, Journal of the Royal Statistical Society B 34 (2), 187-220"
