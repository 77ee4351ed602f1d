"""Browsers in which somebody has signed in before: their tries are counted apart, so that whoever guesses from elsewhere
can't keep them waiting.

A cookie of its own, signed, says in whose name; it opens nothing, and who steals it may guess five times a quarter of an
hour, like anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from ..config import Settings

NAME = "caseflow-known"
MOST = 8  # people of one browser
KEPT = timedelta(days=180)


def init_app(app: Flask, settings: Settings) -> None:
    """Send the cookie where somebody signed in."""

    @app.after_request
    def remember_it(response: Response) -> Response:
        if kept := g.pop("known", None):
            response.set_cookie(
                _name(), kept, max_age=KEPT, secure=_settings().behind_tls, httponly=True, samesite="Lax"
            )
        return response


def browser_of(username: str) -> str:
    """By what this browser's tries for an account are counted; "" where nobody has signed in with it here."""
    kept = _kept()
    return str(kept["id"]) if _mark(username) in kept["of"] else ""


def remember(username: str) -> None:
    """Somebody signed in here."""
    kept, mine = _kept(), _mark(username)
    others = [one for one in kept["of"] if one != mine]
    g.known = _serializer().dumps({"id": kept["id"] or secrets.token_hex(16), "of": [mine, *others][:MOST]})


def _kept() -> dict[str, Any]:
    try:
        kept = _serializer().loads(request.cookies.get(_name(), ""))
        return {"id": str(kept["id"]), "of": [str(one) for one in kept["of"]]}
    except (BadSignature, LookupError, TypeError):
        return {"id": "", "of": []}


def _name() -> str:
    return f"__Host-{NAME}" if _settings().behind_tls else NAME


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret_key, salt=NAME)


def _settings() -> Settings:
    found: Settings = current_app.extensions["caseflow"]["settings"]
    return found


def _mark(username: str) -> str:
    return hashlib.sha256(username.strip().lower().encode()).hexdigest()[:16]
