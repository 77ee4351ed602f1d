"""The folders of all cases that an office archived of a year: made once, made anew only where they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from ..db import db
from ..models import Case, Office
from ..whole import whole
from . import check, names
from .packing import pack
from .plan import Plan, plan

LEFT_OVER = timedelta(days=1)


class Archived(NamedTuple):
    """A case whose folder is wanted."""

    id: int
    office: str  # its code
    number: str


def archived(office_id: int, year: int) -> Sequence[Archived]:
    """The archived cases of an office and year, in the order of registration.

    A case that ran over the turn of a year belongs to the year in which it was closed.
    """
    of_year = Case.closed_on.between(date(year, 1, 1), date(year, 12, 31))
    query = select(Case.id, Office.code, Case.number).join(Office, Office.id == Case.office_id)
    query = query.where(Case.office_id == office_id, Case.archived_on.is_not(None), of_year)
    rows = [Archived(*row) for row in db.session.execute(query.order_by(Case.id))]
    db.session.rollback()
    return rows


def make(case: Archived, folder: Path) -> bool:
    """Make the zip of a case in ``folder``, unless it stands there whole and of the record as it is now.

    One that stands is never replaced by what masking has left of the record. Returns whether it was made.
    Raises Damaged, OSError; then what stood there stands.
    """
    wanted, path = plan(case.id), folder / file_name(case.office, case.number)
    if stands(path, wanted) or (wanted.masked and path.exists()):
        return False
    write(wanted, path)
    return True


def write(wanted: Plan, path: Path, new: bool = False) -> None:
    """Write a folder to ``path``, which holds it whole or what it held before. Raises Damaged, OSError.

    Where it must be ``new``, FileExistsError if anything stands there.
    """
    with whole(path, new) as out:
        pack(wanted, out)


def stands(path: Path, wanted: Plan) -> bool:
    """Whether this very folder is there, and whole."""
    if not path.is_file() or check.manifest(path) != wanted.manifest.made:
        return False
    return next(check.differences(path), None) is None


def file_name(office: str, number: str) -> str:
    """The name of a case's zip, by the code of its office and its number there; no two cases share one.

    What no file can be called, and a code that leaves open where the number begins, is told apart by a hash.
    """
    whose = f"{office}-{number}"
    plain = names.safe(whose)
    if plain != whose or "-" in office:
        plain += f"-{hashlib.sha256(f'{office} {number}'.encode()).hexdigest()[:8]}"
    return f"案卷-{plain}.zip"


def sweep(folder: Path, now: datetime) -> None:
    """Take away what a run that was broken off more than a day ago left half written. Raises OSError."""
    for part in folder.glob(".案卷-*.zip.*"):
        if datetime.fromtimestamp(part.stat().st_mtime, now.tzinfo) < now - LEFT_OVER:
            part.unlink(missing_ok=True)
