"""Who is asking: the session cookie and the signed-in person behind it.

One statement brings the person and, in ``g``, what every page needs of the installation.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, login_user
from sqlalchemy import Select
from werkzeug.exceptions import HTTPException

from .. import moment
from ..calendars import store
from ..config import Settings
from ..db import db
from ..models import Person
from ..stages import offices, signin
from .access import OPEN_ENDPOINTS

IDLE = timedelta(minutes=30)  # without a request; long enough to write a reply between two calls


class User(UserMixin):
    """A signed-in person. The id carries the epoch: raising it ends the person's sessions."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """What the session keeps."""
        return f"{self.person.id}:{self.person.epoch}"


class Stranger(AnonymousUserMixin):
    """Nobody; false in a condition."""

    def __bool__(self) -> bool:
        return False


class Cookie(SecureCookieSessionInterface):
    """The session cookie goes with pages only: a file may be kept by a cache and handed to others."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer carries the cookie."""
        return request.endpoint not in OPEN_ENDPOINTS and super().should_set_cookie(app, session)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the session cookie and its person to the app."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-caseflow" if settings.behind_tls else "caseflow",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,  # each answer renews the cookie
    )
    app.session_interface = Cookie()
    manager = LoginManager(app, add_context_processor=False)
    manager.anonymous_user = Stranger
    manager.session_protection = None  # an address may change while one works
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)


def _load(user_id: str) -> User | None:
    person_id, epoch = (int(part) for part in user_id.split(":"))
    if signin.expired(datetime.fromtimestamp(session["since"], UTC), moment.now()):
        return None
    found = db.session.execute(
        _present(), signin.present_values(person_id, epoch, session["key"])
    ).one_or_none()
    if found is None:
        return None
    person, g.demo, g.calendar_version = found
    return User(person)


@cache
def _present() -> Select[Any]:
    """Who asks, and what every page needs beside: made once, which takes longer than to ask it."""
    return signin.present().add_columns(offices.is_demo(), store.newest_version())


def _ask_to_sign_in() -> Any:
    """A page is shown after signing in; what was sent can't be, so it is handed back."""
    if request.method not in {"GET", "HEAD"}:
        abort(400)
    here = request.full_path.rstrip("?")
    return redirect(url_for("account.login", next=None if here == "/" else here))


def enter(person: Person) -> None:
    """Begin a session; nothing of the one before is kept."""
    session.clear()
    session.permanent = True
    session["key"] = secrets.token_hex(16)
    session["since"] = int(moment.now().timestamp())
    login_user(User(person))


def leave() -> None:
    """End this session, copies of its cookie included."""
    signin.sign_out(session["key"], moment.now())
    session.clear()


def next_page() -> str:
    """Where to go after signing in: the page asked for, if it is one of ours, else the first page."""
    return request.script_root + (own_page(request.args.get("next", "")) or "/")


def own_page(target: str) -> str | None:
    """The path and query of a page of ours that can be opened, None for anything else."""
    try:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            return None
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except (ValueError, HTTPException):
        return None
    if not hasattr(current_app.view_functions[endpoint], "allowed"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
