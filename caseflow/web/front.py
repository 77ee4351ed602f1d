"""The first page where nothing but the public's counter is served."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request

from .access import PUBLIC, allow

bp = Blueprint("front", __name__)


@bp.get("/")
@allow(PUBLIC)
def page() -> Any:
    """To the counter."""
    return redirect(f"{request.script_root}/apply")
