"""Rows of pairs become relationships: what says the same is folded, years that follow each other are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from data.vocabulary import CONFIDENCES, NOTHING_FOUND

Coding = tuple[bool | None, ...]
"""Of each type of co-operation: present, absent, or None for not coded."""


@dataclass(slots=True)
class Tie:
    """A relationship in one year or spell, as seen from the group whose id sorts first; several rows may say it."""

    first: int
    last: int | None
    coding: Coding
    direction: str
    confidence: str
    lines: list[int]
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def agrees(self, other: Tie) -> bool:
        """Whether both say the same but for the years."""
        mine, theirs = ((tie.coding, tie.direction, tie.confidence) for tie in (self, other))
        return mine == theirs

    def take(self, other: Tie) -> None:
        """Take over what another says of the same years: present wins over absent, absent over not coded."""
        self.coding = tuple(
            True if True in pair else False if False in pair else None
            for pair in zip(self.coding, other.coding, strict=True)
        )
        given = {d for d in (self.direction, other.direction) if d}
        self.direction = given.pop() if len(given) == 1 else "mutual" if given else ""
        stated = [c for c in CONFIDENCES if c in (self.confidence, other.confidence)]
        self.confidence = stated[0] if stated else ""
        self.join(other)

    def join(self, other: Tie) -> None:
        """Take over another's rows, notes and sources."""
        self.lines += other.lines
        self.notes += other.notes
        self.sources += other.sources


Key = tuple[str, str, str]
"""Both group ids and the kind."""


def spells(years: Sequence[Tie]) -> list[Tie]:
    """Join the years of one pair and kind, each named once, to spells."""
    out: list[Tie] = []
    for tie in sorted(years, key=lambda t: t.first):
        before = out[-1] if out else None
        if before is not None and before.last == tie.first - 1 and before.agrees(tie):
            before.last = tie.last
            before.join(tie)
        else:
            out.append(tie)
    return out


def cooperation(coding: Coding, types: Sequence[str]) -> str:
    """Cell of the contract: the types present; ``none`` where all are coded and absent; else empty (not coded)."""
    if True in coding:
        return "|".join(id_ for id_, present in zip(types, coding, strict=True) if present)
    return NOTHING_FOUND if coding and None not in coding else ""
