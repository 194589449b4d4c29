"""Compressed answers, kept: the payload of one selection is computed and compressed once."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import brotli
import orjson
from dash.development.base_component import Component
from flask import Request, Response

from components.markup import markup
from data.model import Atlas

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    # A long answer is made to wait less: at quality 2 a megabyte takes a third of the time and a tenth more room.
    "br": lambda body: brotli.compress(body, quality=4 if len(body) < 1_000_000 else 2),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""In order of preference."""

DATA = "X-Atlas-Data"
"""Header that names the data of an answer: the hash of the dataset."""


@dataclass
class Answer:
    """One answer with its entity tag and the encodings that were asked for so far."""

    body: bytes
    tag: str
    mimetype: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    def size(self) -> int:
        """Bytes that it takes, with the encodings that may still be asked for as long as the body, at most."""
        return (1 + len(ENCODINGS)) * len(self.body)

    def as_encoded(self, encoding: str) -> bytes:
        """Return the body in an encoding of ``ENCODINGS``, compressed at the first call."""
        if encoding not in self.encoded:
            self.encoded[encoding] = ENCODINGS[encoding](self.body)
        return self.encoded[encoding]


class AnswerCache:
    """The most recently used answers; bounded in number and bytes, safe between threads, hits countable."""

    def __init__(self, most: int = 128, most_bytes: int = 100_000_000) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._lock = Lock()
        self.hits = 0
        self.misses = 0

    def get(self, key: tuple[str, ...], make: Callable[[], dict[str, Any] | bytes]) -> Answer:
        """Return the answer kept under a key, made if it is not there: JSON of a value, bytes as they are."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                self.hits += 1
                return self._answers[key]
            self.misses += 1
        made = make()  # outside the lock: two at once may both compute, none waits for the other
        packed = isinstance(made, bytes)
        body = made if isinstance(made, bytes) else json_text(made)
        mimetype = "application/octet-stream" if packed else "application/json"
        answer = Answer(body, hashlib.sha256(body).hexdigest()[:20], mimetype)
        with self._lock:
            if key in self._answers:
                self._bytes -= self._answers.pop(key).size()
            self._answers[key] = answer
            self._bytes += answer.size()
            while len(self._answers) > self._most or (self._bytes > self._most_bytes and len(self._answers) > 1):
                self._bytes -= self._answers.popitem(last=False)[1].size()
        return answer


def json_text(value: dict[str, Any]) -> bytes:
    """Compact UTF-8 JSON; arrays of numpy as lists, NaN (of nothing) as null."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def respond(answer: Answer, request: Request) -> Response:
    """Response with an entity tag, in the best encoding the client takes, or 304.

    ``no-cache`` lets browsers, proxies and CDNs keep the answer and ask only whether it still holds.
    """
    encoding = next((e for e in ENCODINGS if request.accept_encodings[e] > 0), None)
    response = Response(answer.as_encoded(encoding) if encoding else answer.body, mimetype=answer.mimetype)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(f"{answer.tag}-{encoding}" if encoding else answer.tag)
    response.make_conditional(request)
    return response


def about(response: Response, atlas: Atlas) -> Response:
    """Name the data of an answer, so that a page that was opened with others notices; see assets/js/answers.js."""
    response.headers[DATA] = atlas.dataset.hash
    return response


def fragment(component: Component) -> Response:
    """Answer plain HTML that the scripts put into a page: all its text is escaped."""
    response = Response(markup(component), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response
