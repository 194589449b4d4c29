"""Routes of the slides: what is drawn for one, and .pptx files of posted pictures. Nothing that is posted is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks.answers import about, json_text
from callbacks.brief import to_draw
from components.brief import compose, slide
from components.brief.slide import without_editable
from data.briefing import briefing
from data.errors import AtlasError
from data.files import today
from data.grammar import Served, parse
from data.index import index
from data.selection import Selection
from data.slides import MIMETYPE, MOST_SLIDES, Slide, deck, picture
from data.slides import MOST_BYTES as MOST_PICTURE
from data.stories import MOST_BYTES, Story, shown, story_of

MOST_DECK = 90_000_000
"""Bytes of a deck's pictures and words, together."""
WAIT_S = 30.0
"""How long a file waits for the one before it: they are made one at a time, so that pages have the other threads."""


def refusal(why: AtlasError, status: int = 400) -> Response:
    """Say what is wrong and how to mend it, as JSON."""
    body = json_text({"where": why.where, "what": why.what, "mend": why.mend})
    response = Response(body, status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def too_large(most: int) -> Response:
    """Refuse what is larger than is taken."""
    return refusal(AtlasError(what="it is too large", where="request", mend=f"keep to {most:,} bytes"), 413)


def _slide(selection: Selection, served: Served, body: bytes, lead: str = "") -> Slide:
    told = briefing(selection, served, base=request.host_url, day=today())
    made = compose(index(served[selection.dataset]), selection, told)
    return replace(slide(made, selection, told, picture(body, selection.shape)), lead=lead)


def _posted_story() -> Story:
    """Story of the form's field *story*: the JSON of ``/api/story``."""
    try:
        value = orjson.loads(request.form.get("story", ""))
    except orjson.JSONDecodeError as why:
        raise AtlasError(what="is not JSON", where="story", mend="send the story as /api/story gives it") from why
    return story_of(value, "story")


def _deck(served: Served) -> bytes:
    """Deck of a posted story and a picture of each of its views, named picture0 and so on."""
    story, slides = _posted_story(), []
    for n, view in enumerate(shown(story, served, literal=True)):
        posted = request.files.get(f"picture{n}")
        if posted is None:
            raise AtlasError(what=f"picture{n} is missing", where="request", mend="send a picture for each view")
        selection = replace(view.selection, title=view.title, note=view.text)
        slides.append(_slide(selection, served, posted.read(), view.text))
    return deck(slides, title=story.title)


def register(server: Flask, served: Served) -> None:
    """Add `/api/brief/slide`, `/api/brief.pptx` and `/api/deck.pptx`."""
    turn = Lock()

    def file(make: Callable[[], bytes], most: int) -> Response:
        request.max_content_length = most
        if not turn.acquire(timeout=WAIT_S):
            why = AtlasError(what="another file is being made", where="server", mend="try again in a minute")
            response = refusal(why, 503)
            response.headers["Retry-After"] = "60"
            return response
        try:
            response = Response(make(), mimetype=MIMETYPE)
        except RequestEntityTooLarge:
            return too_large(most)
        except AtlasError as why:
            return refusal(why)
        finally:
            turn.release()
        response.headers["Cache-Control"] = "no-store"
        return response

    @server.get("/api/brief/slide")
    def api_brief_slide() -> Response:
        selection, _ = parse(request.query_string, served)
        told = briefing(selection, served, base=request.host_url, day=today())
        figure = without_editable(compose(index(served[selection.dataset]), selection, told))
        response = Response(json_text(to_draw(figure, selection, told)), mimetype="application/json")
        response.headers["Cache-Control"] = "no-cache"
        return about(response, served[selection.dataset])

    @server.post("/api/brief.pptx")
    def api_brief_pptx() -> Response:
        selection, _ = parse(request.query_string, served)
        return file(lambda: deck([_slide(selection, served, request.get_data())]), MOST_PICTURE)

    @server.post("/api/deck.pptx")
    def api_deck() -> Response:
        request.max_form_memory_size = 2 * MOST_BYTES
        request.max_form_parts = MOST_SLIDES + 1
        return file(lambda: _deck(served), MOST_DECK)
