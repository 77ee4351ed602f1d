"""本人的登录: where one is signed in and was, each ended from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from .. import moment
from ..law.words import with_weekday
from ..stages import sessions
from . import access
from .access import allow

bp = Blueprint("own", __name__, url_prefix="/account")


@dataclass(frozen=True)
class Line:
    """One session in words."""

    id: int
    since: str
    seen: str
    address: str
    browser: str
    ended: str
    here: bool


@bp.get("")
@allow(*access.EVERYBODY)
def page() -> Any:
    """One's own sessions: those alive, this one marked, and the last that are over."""
    lines = [_line(found) for found in sessions.of(access.me().id, moment.now())]
    alive = sorted((line for line in lines if not line.ended), key=lambda line: not line.here)
    return render_template("auth/sessions.html", alive=alive, over=[line for line in lines if line.ended])


@bp.post("/sessions/<int:session_id>/end")
@allow(*access.EVERYBODY)
def end(session_id: int) -> Any:
    """End one of them; this one too."""
    sessions.end_own(access.me().id, session_id, moment.now())
    flash("这一处登录已经结束")
    return redirect(url_for("own.page"))


@bp.post("/sessions/end-others")
@allow(*access.EVERYBODY)
def end_others() -> Any:
    """End all but this one."""
    sessions.end_others(access.me().id, g.session_id)
    flash("其他各处的登录都已经结束")
    return redirect(url_for("own.page"))


def _line(found: sessions.Line) -> Line:
    return Line(
        found.id, _at(found.since), _at(found.seen), found.address or "—", found.browser, found.ended,
        found.id == g.session_id,
    )  # fmt: skip


def _at(then: datetime) -> str:
    """11月23日 周一 09:00, by the office's clock."""
    local = moment.local(then)
    return f"{with_weekday(local.date(), access.today())} {local:%H:%M}"
