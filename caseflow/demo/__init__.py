"""A demonstration office: invented cases in every stage and colour, for trying out and for measuring."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from sqlalchemy.exc import IntegrityError

from ..db import db
from ..stages import offices
from .office import fill_demonstration
from .people import URL, Accounts

__all__ = ["ensure_not_empty", "fill_demonstration"]


def ensure_not_empty(app: Flask, today: date, now: datetime, url: str = URL) -> Accounts | None:
    """Fill an instance on which nothing stands yet; returns its accounts, None where something does.

    Needs an app context. Of several that start at once one fills, the others find it filled.
    """
    empty = offices.is_empty(db.session())
    db.session.rollback()
    if not empty:
        return None
    try:
        return fill_demonstration(app, today, now, url)
    except IntegrityError:
        return None
