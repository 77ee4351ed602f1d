"""定时备份: one each night into a folder, proved, and thinned out to seven days, four weeks and twelve months.

Whether one is due follows from what lies in the folder, so a night that was missed is made up for. What went wrong stands
there in a file until the next one is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ..db import transaction
from ..stages import audit
from ..whole import whole
from . import apart, backup

NIGHT = time(2)  # by the clock in China
NAME = re.compile(r"caseflow-(\d{4}-\d\d-\d\d)\.backup")
FAILED = "failed.txt"
OLD = timedelta(days=3)  # from which on everybody is told
PART = ".caseflow-*.backup*"  # what isn't whole yet (caseflow.whole), or never was
GIVEN_UP = timedelta(days=1)  # after which nobody writes it any more
DAYS, WEEKS, MONTHS = 7, 4, 12


def kept(days: Collection[date]) -> set[date]:
    """Of the days with a backup those to keep: the newest seven, the newest of each of four weeks and twelve months."""
    newest = sorted(days, reverse=True)
    weeks: dict[object, date] = {}
    months: dict[object, date] = {}
    for day in newest:
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    return {*newest[:DAYS], *list(weeks.values())[:WEEKS], *list(months.values())[:MONTHS]}


@dataclass(frozen=True)
class State:
    """What the folder says."""

    newest: date | None  # the day of the newest backup
    failure: str  # of the last try, "" where it was made

    def is_late(self, today: date) -> bool:
        """Whether everybody has to know."""
        return bool(self.failure) or (self.newest is not None and today - self.newest > OLD)


def state(folder: Path) -> State:
    """Reads the names in the folder, nothing else. Raises OSError."""
    failed = folder / FAILED
    return State(max(_days(folder), default=None), failed.read_text("utf-8") if failed.is_file() else "")


def is_due(folder: Path, local: datetime) -> bool:
    """Whether the backup of the last night is missing; ``local`` is the time in China. Raises OSError."""
    night = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    newest = max(_days(folder), default=None)
    return newest is None or newest < night


def _days(folder: Path) -> dict[date, Path]:
    found = ((NAME.fullmatch(path.name), path) for path in folder.iterdir()) if folder.is_dir() else ()
    return {date.fromisoformat(match[1]): path for match, path in found if match}


def make(
    folder: Path,
    instance: Path,
    now: datetime,
    local: datetime,
    done: Callable[[int], object] = lambda size: None,
) -> Path:
    """Make the backup of the last night, prove it, then take away what is not kept. Raises OSError, Unusable.

    Only once the new one has been proved is an older one taken away.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder, now)
    night = local.date() if local.time() >= NIGHT else local.date() - timedelta(days=1)
    path = folder / f"caseflow-{night}.backup"
    if not path.exists():  # a key without its backup: broken off in between
        apart.beside(path).unlink(missing_ok=True)
    manifest = backup.write(path, instance, now, done)
    try:
        backup.prove(path)
    except BaseException:
        path.unlink()
        apart.beside(path).unlink(missing_ok=True)
        raise
    found = _days(folder)
    for day in found.keys() - kept(found):
        found[day].unlink()
        apart.beside(found[day]).unlink(missing_ok=True)
    (folder / FAILED).unlink(missing_ok=True)
    with transaction() as session:
        audit.note(session, "backup_made", cases=manifest.rows["case"], at=manifest.made_at)
    return path


def _clear(folder: Path, now: datetime) -> None:
    """Take away what killed processes left: each would fill the disk by as much as a backup."""
    for part in folder.glob(PART):
        if part.stat().st_mtime < (now - GIVEN_UP).timestamp():
            part.unlink()


def failed(folder: Path, why: str) -> None:
    """Let it be known that the last try failed, as far as the folder can be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole(folder / FAILED) as file:
            file.write(why.encode())
    except OSError:
        return
