"""The datasets as one request sees them: those of its first look, to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import g, has_request_context

from data.grammar import Served
from data.library import Library
from data.model import Atlas


class Current(Mapping[str, Atlas]):
    """Served atlases by slug; in a request they stay the same, although a dataset may be replaced meanwhile."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def _now(self) -> Served:
        now = self._served.snapshot if isinstance(self._served, Library) else self._served
        if not has_request_context():
            return now
        held: Served = g.setdefault("atlas_served", now)
        return held

    def __getitem__(self, slug: str) -> Atlas:
        return self._now()[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())
