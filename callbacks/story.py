"""Routes of the stories: the bundled ones, and posted ones as their page takes them. Nothing that is posted is kept."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from callbacks.answers import json_text
from callbacks.slides import refusal, too_large
from data.errors import AtlasError, quote
from data.grammar import Served
from data.stories import MOST_BYTES, Story, as_json, bundled, read_story, source_of


def _unknown(name: str) -> Response:
    mend = "use one of " + ", ".join(bundled())
    return refusal(AtlasError(what=f"there is no story {quote(name)}", where="address", mend=mend), 404)


def _answer(story: Story, served: Served) -> Response:
    response = Response(json_text(as_json(story, served)), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def register(server: Flask, served: Served) -> None:
    """Add `/api/story`, `/api/story/<name>` and `/api/story/<name>.toml`."""

    @server.get("/api/story/<name>")
    def api_story(name: str) -> Response:
        if name not in bundled():
            return _unknown(name)
        try:
            return _answer(bundled()[name], served)
        except AtlasError as why:  # its dataset is not served here
            return refusal(why, 404)

    @server.get("/api/story/<name>.toml")
    def api_story_file(name: str) -> Response:
        if name not in bundled():
            return _unknown(name)
        response = Response(source_of(name), content_type="application/toml; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
        response.headers["Cache-Control"] = "no-cache"
        return response

    @server.post("/api/story")
    def api_story_read() -> Response:
        request.max_content_length = MOST_BYTES
        try:
            return _answer(read_story(request.get_data(), "story.toml"), served)
        except RequestEntityTooLarge:
            return too_large(MOST_BYTES)
        except AtlasError as why:
            return refusal(why)
