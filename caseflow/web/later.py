"""What is dated into a signed year counts later: the page says so, and asks, before it is recorded."""

from __future__ import annotations

from datetime import date

from flask import request

from ..db import db
from ..law.counting import decides, first_unsigned
from ..models import Case
from ..stages.signed import known
from . import access

FIELD = "counts_in"  # by which the page is told that it was read


def unread(act: str, on: date | None, counted: bool = True) -> int | None:
    """The year that ``act`` of that day will count in, where it isn't its own and nobody has agreed yet.

    Of a case that isn't ``counted`` (重新答复) only its proceedings and fees count in any; a re-reply that the office counts
    is a new request of the day of its decision.
    """
    if act == "redo_reply":
        act, counted = "register", access.me().office.counts_redone
    if on is None or not decides(act, counted):
        return None
    office_id = access.me().office_id
    later = first_unsigned(on.year, known(db.session(), [office_id])[office_id])
    return later if later != on.year and access.number(request.form, FIELD) != later else None


def signed_with(case: Case) -> int | None:
    """The newest signed year in whose tables a case stands; None where it stands in none."""
    closed = known(db.session(), [case.office_id])[case.office_id]
    years = [year for year in (case.new_year, case.result_year) if year is not None and year in closed]
    return min(max(years), closed.last) if years else None
