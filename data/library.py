"""The datasets that are served: each is replaced as a whole when its files change, and stays as it is if they are bad.

A round looks at the size, times and identity of the files that were read, and of those that were looked for; of a
database at the row of its table ``dataset``. Files that differ are read once they have been the same for two rounds, so
that a half-written folder is left alone; what was read counts only if they are the same afterwards still. Readers hold
the mapping of one moment (``snapshot``), so that nobody sees two datasets under one name; nothing here needs a lock.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from data.errors import AtlasError, DataError
from data.kept import forget
from data.model import Atlas
from data.postgis import is_address, place
from data.readers import Reading, Stamps, read, stamps_of

log = logging.getLogger("atlas")

ROUND_S = 1.0
"""Seconds between two looks at the files."""

DATABASE_ROUNDS = 30
"""Rounds between two looks at a database: each connects to it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the files of a dataset are not served: the last good ones are."""

    since: datetime
    error: AtlasError


@dataclass
class _Held:
    """One dataset: what was read, and what its files looked like then, last time and when they were refused."""

    path: Path | str
    loaded: datetime
    stamps: Stamps
    last: Stamps | None = None
    refused: Stamps | None = None


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _counts(atlas: Atlas) -> tuple[int, int]:
    """Rows used and rows set aside, of all files."""
    report = atlas.report
    used = sum(report.used.values())
    return used, sum(report.read.values()) - used - sum(report.kept_out.values())


class Library(Mapping[str, Atlas]):
    """Atlases by slug, the first being the default.

    Parameters
    ----------
    paths
        Of datasets of any format; those in a database are named by its address.
    strict
        Whether a replacement of which anything was set aside is refused.

    Raises
    ------
    DataError
        When one cannot be loaded at all, or two have the same name.
    """

    def __init__(self, paths: Sequence[Path | str], *, strict: bool = False) -> None:
        self._strict = strict
        self._held: dict[str, _Held] = {}
        self._watched_by = self._rounds_done = 0
        self._stopped = threading.Event()
        atlases: dict[str, Atlas] = {}
        faults: dict[str, Fault] = {}
        for path in paths:
            reading = read(path)
            atlas = reading.atlas()
            slug = atlas.dataset.slug
            if slug in atlases:
                raise DataError(what=f"two datasets are named {slug!r}", where=place(path), mend="rename one folder")
            atlases[slug] = atlas
            self._held[slug] = _Held(path, _now(), reading.stamps)
        self._snapshot: Mapping[str, Atlas] = MappingProxyType(atlases)
        self._faults: Mapping[str, Fault] = MappingProxyType(faults)

    def __getitem__(self, slug: str) -> Atlas:
        return self._snapshot[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot)

    def __len__(self) -> int:
        return len(self._snapshot)

    @property
    def snapshot(self) -> Mapping[str, Atlas]:
        """The atlases of this moment; the mapping never changes."""
        return self._snapshot

    @property
    def faults(self) -> Mapping[str, Fault]:
        """Datasets whose files have become bad, by slug; the mapping never changes."""
        return self._faults

    def path(self, slug: str) -> Path | str:
        """Return where a dataset is read from."""
        return self._held[slug].path

    def loaded(self, slug: str) -> datetime:
        """When the dataset that is served was read."""
        return self._held[slug].loaded

    # ---- a round ----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the files once; whatever is wrong with them, it never raises."""
        self._rounds_done += 1
        for slug, held in self._held.items():
            if is_address(held.path) and self._rounds_done % DATABASE_ROUNDS:
                continue
            try:
                self._look(slug, held)
            except Exception:  # the thread that looks must live as long as the server
                log.exception("%s: its files could not be looked at", slug)

    def _look(self, slug: str, held: _Held) -> None:
        now = stamps_of(held.refused or held.stamps)
        last, held.last = held.last, now
        if now == held.refused:
            return
        if now == held.stamps:  # as they were read; after a fault they have been put back
            self._clear(slug, held)
        elif now == last:
            self._replace(slug, held)

    def _replace(self, slug: str, held: _Held) -> None:
        reading = read(held.path)
        if stamps_of(reading.stamps) != reading.stamps:
            held.last = None  # they changed again while they were read: a later round reads them whole
            return
        fault = self._objection(slug, reading)
        if fault is not None:
            held.refused = reading.stamps
            self._refuse(slug, fault)
            return
        old, new = self[slug].dataset, reading.atlas().dataset
        held.stamps = reading.stamps
        if new.hash != old.hash:
            held.loaded = _now()
            self._snapshot = MappingProxyType({**self._snapshot, slug: reading.atlas()})
            forget()
            log.info("%s: version %s (%s) replaces %s (%s), %d of its rows set aside", slug, new.version, new.hash,
                     old.version, old.hash, _counts(self[slug])[1])  # fmt: skip
        self._clear(slug, held)

    def _objection(self, slug: str, reading: Reading) -> AtlasError | None:
        """Why a replacement is not served."""
        if isinstance(reading.found, AtlasError):
            return reading.found
        atlas, where = reading.found, place(self._held[slug].path)
        if atlas.dataset.slug != slug:
            return DataError(
                what=f"its name has become {atlas.dataset.slug!r}", where=where, mend="name it as before, or restart"
            )
        if self._strict and atlas.report.failed:
            first = next(kind.first for kind in atlas.report.kinds())
            return DataError(what=f"rows or values are not used, and --strict forbids it: {first}", where=where,
                             mend=f"python app.py check {where}")  # fmt: skip
        if len(atlas.groups) == 0 and len(self[slug].groups) > 0:
            return DataError(what="no group of it can be used", where=where, mend=f"python app.py check {where}")
        used, aside = _counts(atlas)
        was_used, was_aside = _counts(self[slug])
        if aside > used and was_aside <= was_used:  # a copy that was broken off reads like this
            return DataError(
                what=f"most of its rows cannot be used ({aside:,} of {used + aside:,} are set aside)",
                where=where, mend=f"python app.py check {where}; serve it anew if that is meant",
            )  # fmt: skip
        return None

    def _refuse(self, slug: str, error: AtlasError) -> None:
        known = self._faults.get(slug)
        if known is None or str(known.error) != str(error):
            log.warning("%s: the last good data stay: %s", slug, error)
        since = known.since if known else _now()
        self._faults = MappingProxyType({**self._faults, slug: Fault(since, error)})

    def _clear(self, slug: str, held: _Held) -> None:
        held.refused = None
        if slug in self._faults:
            log.info("%s: its files are good again", slug)
            self._faults = MappingProxyType({s: fault for s, fault in self._faults.items() if s != slug})

    # ---- the thread ------------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Look at the files every second from now on, in this process and in those that are forked from it."""
        if self._watched_by == 0:
            os.register_at_fork(after_in_child=self._start)
        self._start()

    def _start(self) -> None:
        if self._watched_by != os.getpid():  # a thread does not come along into a forked process
            self._watched_by = os.getpid()
            threading.Thread(target=self._rounds, name="atlas-library", daemon=True).start()

    def _rounds(self) -> None:
        while not self._stopped.wait(ROUND_S):
            self.look()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
