"""导出: what leaves as a file with cases in it goes by a button, and the second log tells of it before it goes."""

from __future__ import annotations

from ..db import transaction
from ..stages import audit


def note(
    kind: str,
    form: str,
    *,
    case_id: int | None = None,
    year: int | None = None,
    rows: int | None = None,
    day: str | None = None,
) -> None:
    """Note that a file of ``kind`` (台账, 案卷) is handed out as ``form`` (csv, zip): which year, how many rows, which days."""
    with transaction() as session:
        audit.note(session, "exported", case_id=case_id, kind=kind, form=form, year=year, rows=rows, day=day)
