"""Errors of the atlas: each says what is wrong, where, and how to mend it."""

from __future__ import annotations

MOST_LETTERS = 80


def shown(value: object) -> str:
    """Text of any value read from a file, of one too that Python refuses to write out (a toml can hold it)."""
    try:
        return str(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a table nested too deeply
        return f"({type(value).__name__} too long to be shown)"


def quote(text: object, most: int = MOST_LETTERS) -> str:
    """Text from a file as it may be shown anywhere: in quotes, escaped and shortened.

    Parameters
    ----------
    text
        Any value read from a file.
    most
        Letters of the value that are kept; what is cut is marked by three dots.
    """
    raw = shown(text)
    return repr(raw if len(raw) <= most else raw[:most] + "...")


class AtlasError(Exception):
    """Something that a person can mend.

    Parameters
    ----------
    what
        What is wrong.
    where
        The file (and line), option or address that is wrong.
    mend
        What to do about it.
    """

    def __init__(self, *, what: str, where: str, mend: str) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; mend: {self.mend}"

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross to another process, which its keyword-only fields would forbid."""
        return _remake, (type(self), self.what, self.where, self.mend)


def _remake(kind: type[AtlasError], what: str, where: str, mend: str) -> AtlasError:
    return kind(what=what, where=where, mend=mend)


class DataError(AtlasError):
    """A dataset that cannot be loaded at all."""
