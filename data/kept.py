"""What is worked out once of an atlas and kept, until a dataset is replaced."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

_FORGET: list[Callable[[], None]] = []


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the most recently used answers of a pure function of an atlas or its index.

    Every answer holds on to its atlas, so that ``functools.lru_cache`` alone would keep replaced datasets in memory.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=most)(function)
        _FORGET.append(cached.cache_clear)
        return cast(Callable[P, R], cached)

    return decorate


def forget() -> None:
    """Let go of all that is kept; it is worked out anew when it is next asked for."""
    for clear in _FORGET:
        clear()
