"""健康检查: for whoever watches the machine; says nothing about any case or person."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy.exc import DBAPIError

from .. import moment
from ..alerts import runs
from ..calendars import store
from .access import PUBLIC, allow

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(PUBLIC)
def healthz() -> Any:
    """200 while the database answers and the pass of the last working morning was made, else 503."""
    database, on_time, last_pass = True, False, None
    try:
        last_pass = runs.last()
        on_time = runs.made(moment.now(), store.current())
    except DBAPIError:
        database = False
    body = {
        "status": "ok" if on_time else "late",
        "database": database,
        "last_pass": last_pass.isoformat() if last_pass else None,
        "version": version("caseflow"),
    }
    return jsonify(body), 200 if on_time else 503
