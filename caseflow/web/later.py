"""What is dated into a signed year counts later: the page says so, and asks, before it is recorded."""

from __future__ import annotations

from datetime import date

from flask import request

from ..db import db
from ..law.counting import decides, first_unsigned
from ..stages.signed import known
from . import access

FIELD = "counts_in"  # by which the page is told that it was read


def unread(act: str, on: date | None, counted: bool = True) -> int | None:
    """The year that ``act`` of that day will count in, where it isn't its own and nobody has agreed yet.

    Of a case that isn't ``counted`` (重新答复) only its proceedings count in any.
    """
    if on is None or not decides(act, counted):
        return None
    office_id = access.me().office_id
    later = first_unsigned(on.year, known(db.session(), [office_id])[office_id])
    return later if later != on.year and access.number(request.form, FIELD) != later else None
