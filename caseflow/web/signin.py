"""Who is asking: the session cookie and the signed-in person behind it.

One statement brings the person and, in ``g``, what every page needs of the installation.
"""

from __future__ import annotations

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
from ..db import db, end_reading
from ..models import Person
from ..stages import offices, sessions
from . import known
from .access import OPEN_ENDPOINTS


class User(UserMixin):
    """A signed-in person; what the cookie keeps of them is the token of their session."""

    def __init__(self, person: Person, token: str) -> None:
        self.person, self.token = person, token

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token


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
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,  # of the cookie; of the session the server's row tells
    )
    app.session_interface = Cookie()
    app.teardown_appcontext(_see)
    manager = LoginManager(app, add_context_processor=False)
    manager.anonymous_user = Stranger
    manager.session_protection = None  # an address may change while one works
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)


def _load(token: str) -> User | None:
    if current_app.extensions["caseflow"][
        "settings"
    ].only:  # nobody of the office enters at the counter's process
        return None
    now = moment.now()
    found = db.session.execute(_present(), sessions.present_values(token, now)).one_or_none()
    if found is None:
        return None
    person, g.session_id, seen, g.demo, g.calendar_version = found
    g.session_behind = sessions.is_behind(seen, now)
    return User(person, token)


def _see(error: BaseException | None) -> None:
    """Once the answer is made, and the line to the database given back: this session was seen just now."""
    if g.pop("session_behind", False):
        end_reading(error)
        sessions.see(g.session_id, moment.now())


@cache
def _present() -> Select[Any]:
    """Who asks, and what every page needs beside: made once, which takes longer than to ask it."""
    return sessions.present().add_columns(offices.is_demo(), store.newest_version())


def _ask_to_sign_in() -> Any:
    """A page is shown after signing in; what was sent can't be, so it is handed back."""
    if request.method not in {"GET", "HEAD"}:
        abort(400)
    here = request.full_path.rstrip("?")
    return redirect(url_for("account.login", next=None if here == "/" else here))


def where(username: str = "") -> sessions.Where:
    """From where this request comes, and whether ``username`` has signed in with this browser before."""
    seen = known.browser_of(username) if username else ""
    return sessions.Where(request.remote_addr or "", sessions.browser(request.user_agent.string), seen)


def enter(person: Person, token: str) -> None:
    """Take up a session that was begun; nothing of the cookie before is kept."""
    session.clear()
    login_user(User(person, token))
    known.remember(person.username)


def await_code(token: str) -> None:
    """The password was right; the code of the second factor is asked for next."""
    session.clear()
    session["awaits"] = token


def awaiting() -> str:
    """The token of whoever's code is asked for; "" for anybody else."""
    return str(session.get("awaits", ""))


def leave() -> None:
    """End this session, copies of its cookie included."""
    sessions.sign_out(session["_user_id"], moment.now())
    session.clear()
    g.pop("session_behind", None)


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
