"""Files of a view and of how the dataset was read: one route for each, all taking the view's query."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock

from flask import Flask, Request, Response, request

from data.downloads import MOST_ROWS, extract, file_name, report_name
from data.files import notices_of, today
from data.formats import FORMATS, REPORTS, File, Format, ReportFormat
from data.grammar import Served, parse, to_query
from data.words import count

MOST_BYTES = 24_000_000
"""Files kept in memory, together; a larger one is made anew for each who asks."""

NOTICES = "X-Atlas-Notices"


class Shelf:
    """The files made last; one is made at a time, so that a heavy one leaves the other threads to the page."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self.made = 0

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """Return the file kept under a tag, made if it is not there."""
        with self._lock:
            if tag in self._files:
                self._files.move_to_end(tag)
                return self._files[tag]
            body = make()
            self.made += 1
            self._files[tag] = body
            while self._files and sum(map(len, self._files.values())) > self._most:
                self._files.popitem(last=False)
            return body


def _has(request_: Request, tag: str) -> bool:
    """Whether the client holds that file; compression puts the name of the encoding behind the tag."""
    return any(known.split(":")[0] == tag for known in request_.if_none_match.as_set())


def _tagged(facts: Sequence[str]) -> str:
    """Entity tag of a file that depends on these facts alone."""
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]


def _sent(response: Response, tag: str) -> Response:
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(tag)
    return response


def _file(spec: File, body: bytes, name: str) -> Response:
    response = Response(body, content_type=spec.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _report(spec: ReportFormat, served: Served, shelf: Shelf) -> Response:
    """Answer how the dataset was read: of the query only the dataset matters."""
    atlas, day = served[parse(request.query_string, served)[0].dataset], today().isoformat()
    tag = _tagged((spec.route, atlas.dataset.slug, atlas.dataset.hash, day))
    if _has(request, tag):
        return _sent(Response(status=304), tag)
    body = shelf.get(tag, lambda: spec.make(atlas, day))
    return _sent(_file(spec, body, report_name(atlas.dataset, spec.what, spec.ending)), tag)


def _view(spec: Format, served: Served, shelf: Shelf) -> Response:
    selection, notices = parse(request.query_string, served)
    atlas, day = served[selection.dataset], today().isoformat()
    facts = (spec.route, selection.dataset, atlas.dataset.hash, to_query(selection, served, cite=True), *notices, day)
    tag = _tagged(facts)
    if _has(request, tag):
        return _sent(Response(status=304), tag)
    tables = extract(selection, notices, served)
    if tables.too_large:
        rows = count(len(tables.relationships) + len(tables.groups), "row", "rows")
        text = f"The view has {rows}; one file holds {MOST_ROWS:,} at most. Narrow the view by a filter or the years."
        return Response(text, status=413, mimetype="text/plain")
    body = shelf.get(tag, lambda: spec.make(tables, day))
    response = _file(spec, body, file_name(tables, spec.what, spec.ending))
    if notices:
        response.headers[NOTICES] = json.dumps(notices_of(notices))
    return _sent(response, tag)


def register(server: Flask, served: Served) -> Shelf:
    """Add a route for each file; returns the shelf of files made, which tests read."""
    shelf = Shelf()

    def add(spec: File, answer: Callable[[], Response]) -> None:
        server.add_url_rule(spec.route, f"download_{spec.what}_{spec.ending}", answer, methods=["GET"])

    for spec in FORMATS:
        add(spec, partial(_view, spec, served, shelf))
    for report in REPORTS:
        add(report, partial(_report, report, served, shelf))
    return shelf
