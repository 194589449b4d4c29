"""What every answer carries and what is refused: policy headers, unknown paths, malformed bodies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException, PreventUpdate
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from callbacks.settings import Settings

log = logging.getLogger("atlas")

CATCH_ALL = "/<path:path>"
CALLBACKS = "/_dash-update-component"
EMBED = "/embed"
ASSETS = "/assets/"
FOR_GOOD = "public, max-age=31536000, immutable"
"""An asset whose address names the time of its last change is another file at another address once it changes."""
MAX_BODY = 64 * 1024
"""No callback of the page sends more than a few hundred bytes."""

NOT_FOUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found - Alliance Atlas</title>
<p>There is no such page. <a href="/">Go to the atlas</a>.</p></html>"""


def policy(script_hashes: Sequence[str], ancestors: Sequence[str]) -> str:
    """Content-Security-Policy: nothing from elsewhere, no inline script but Dash's own start line.

    Plotly puts a style element into the page, hence unsafe-inline for styles alone.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(["'self'", *ancestors]),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _refuse_unknown_paths(server: Flask, answers: Callable[[str, bytes], bool]) -> None:
    """Dash answers its page for every path; only the pages there are shall answer 200."""

    @server.before_request
    def refuse() -> None:
        if request.endpoint == CATCH_ALL and not answers(request.path, request.query_string):
            abort(404)

    @server.errorhandler(404)
    def not_found(error: HTTPException) -> tuple[str, int]:
        return NOT_FOUND, 404

    @server.errorhandler(DependencyException)
    def no_such_package(error: DependencyException) -> tuple[str, int]:
        return NOT_FOUND, 404


def _refuse_malformed_bodies(server: Flask) -> None:
    """Everything that a callback is given comes from its body, so what it cannot use is the body's fault."""
    dispatch: Callable[..., Any] = server.view_functions[CALLBACKS]

    def refusal() -> Response:
        return Response("The body is not a callback of this page.", status=400, mimetype="text/plain")

    def guarded(*args: Any, **kwargs: Any) -> Any:
        if (request.content_length or 0) > MAX_BODY:
            abort(413)
        if not request.is_json:
            return refusal()
        try:
            return dispatch(*args, **kwargs)
        except (HTTPException, PreventUpdate):
            raise
        except Exception:
            log.warning("a callback could not use its body", exc_info=True)
            return refusal()

    server.view_functions[CALLBACKS] = guarded


def register(app: Dash, settings: Settings, answers: Callable[[str, bytes], bool]) -> None:
    """Put the guards on the app; call it once all callbacks are registered.

    Parameters
    ----------
    answers
        Whether a path and its query lead to a page.
    """
    server: Flask = app.server
    hashes = [f"'{item}'" if not item.startswith("'") else item for item in app.csp_hashes()]
    own, embedded = policy(hashes, ()), policy((), settings.embed_hosts)
    _refuse_unknown_paths(server, answers)
    _refuse_malformed_bodies(server)

    @server.after_request
    def headers(response: Response) -> Response:
        framed = request.path == EMBED
        response.headers["Content-Security-Policy"] = embedded if framed else own
        if not framed:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        if request.path.startswith(ASSETS) and "m" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_GOOD
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response
