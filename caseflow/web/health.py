"""健康检查: for whoever watches the machine, and the light in the head of each page; says nothing of any case."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Any

from flask import Blueprint, abort, jsonify
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from .. import moment
from ..alerts import outbox, runs
from ..calendars import store
from ..db import db, extension_state
from ..law.words import month_day
from . import access
from .access import PUBLIC, allow
from .head import head

bp = Blueprint("health", __name__)

# letters by their state in the outbox; the uncertain ones are never sent again by themselves
MAIL = {"waiting": "unsent", "sending": "uncertain", "given_up": "given_up"}


@bp.get("/healthz")
@allow(PUBLIC)
def healthz() -> Any:
    """200 while the database answers and the passes keep up, else 503."""
    if extension_state("settings").only:  # what the office has to do is nobody's business on the internet
        abort(404)
    database, on_time, last_pass, mail = True, False, None, dict.fromkeys(MAIL.values())
    try:
        last_pass = runs.last(moment.now())
        on_time = runs.on_time(moment.now(), store.current())
        mail = {word: count for state, count in outbox.counts().items() if (word := MAIL.get(state))}
    except DBAPIError:
        database = False
    body = {
        "status": "ok" if on_time else "late",
        "database": database,
        "last_pass": last_pass.isoformat() if last_pass else None,
        "mail": mail,
        "version": version("caseflow"),
    }
    return jsonify(body), 200 if on_time else 503


@bp.get("/healthz/ready")
@allow(PUBLIC)
def ready() -> Any:
    """For a proxy: 200 while this process takes requests, 503 once it is about to stop or has no database.

    Late passes are no reason to send nobody here: they are late on every machine.
    """
    if extension_state("stopping", False):
        return jsonify(status="stopping"), 503
    try:
        db.session.execute(text("SELECT 1"))
    except DBAPIError:
        return jsonify(status="no database"), 503
    return jsonify(status="ready"), 200


@bp.app_context_processor
def light() -> dict[str, Any]:
    """When the terms were last checked, and whether that is late: for the head of whole pages."""
    if not current_user or not current_user.is_authenticated:
        return {}
    return {"alerts_beat": beat}


def beat() -> tuple[str, bool]:
    """The words of the light, and whether the passes are late."""
    found = head()
    return _beat(found.last_pass, not found.on_time), not found.on_time


def _beat(last: datetime | None, late: bool) -> str:
    """期限检查 今天 08:00, or 期限检查停了，上次 10月23日 08:00."""
    if last is None:
        return "期限还没有检查过"
    local, today = moment.local(last), access.today()
    day = "今天" if local.date() == today else month_day(local.date(), today)
    return f"期限检查{'停了，上次' if late else ''} {day} {local:%H:%M}"
