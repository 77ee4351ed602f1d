"""A backup before an embedded database is migrated: whoever looks after a database server has their own.

It is sealed like every other, stands beside those of the nights, and is put back by ``caseflow restore`` with the program
of that time, or with a newer one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from ..config import BadSetting, Settings
from ..db import db, resource, transaction
from ..stages import audit
from . import apart, backup, portable
from .snapshot import snapshot

KEPT = 2  # of the newest; each is as large as the instance
NAME = re.compile(r"caseflow-before-(\d+)-from-(\d+)(-\d{8}T\d{6}Z)?\.backup")
TURN = ".upgrade.lock"  # held by whoever upgrades; it stays, for one taken away could be held twice


@contextmanager
def precaution(settings: Settings) -> Iterator[Path | None]:
    """Back the instance up if its embedded database is about to be migrated and holds anything; migrate inside.

    Gives the file, or None where there was nothing to do. Of several processes one is inside; the others wait, and
    look anew then. Raises BadSetting: without it nothing is migrated.
    """
    if not _stands(settings):
        yield None
        return
    folder = settings.backups or settings.instance / "backups"
    with ExitStack() as after:
        try:
            after.enter_context(_turn(folder))
            path = _made(settings, folder, audit.this_moment())
        except (OSError, backup.Unusable) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise BadSetting(f"升级数据库以前的备份没有做成（{why}），数据库没有改动：{folder}") from error
        finally:
            db.session.remove()
        yield path


def _stands(settings: Settings) -> str:
    """The revision from which an embedded database with something in it is to be migrated, "" where it isn't."""
    if not settings.is_sqlite or not inspect(db.engine).has_table(portable.VERSION_TABLE):
        return ""
    session = snapshot()
    stands = portable.revision(session)
    done = stands == _head() or portable.is_empty(session)
    db.session.remove()
    return "" if done else stands


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until nobody else upgrades; whoever is killed gives way to the next. Raises OSError."""
    import fcntl  # no system without it serves, but archives are checked on such, too

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / TURN, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _made(settings: Settings, folder: Path, now: datetime) -> Path | None:
    """The backup, none where another process has migrated meanwhile. Its name tells the moment (UTC): what an earlier
    upgrade left, or one that was killed, never counts for this one."""
    if not (stands := _stands(settings)):
        return None
    path = folder / f"caseflow-before-{_head()}-from-{stands}-{now:%Y%m%dT%H%M%SZ}.backup"
    if not path.exists():  # a key without its backup: broken off in between
        apart.beside(path).unlink(missing_ok=True)
    backup.write(path, settings.instance, now)
    _thin_out(folder)  # at once: a migration that fails is begun anew at every start
    return path


def _thin_out(folder: Path) -> None:
    """Take away all but the newest few."""
    found = [one for one in folder.glob("caseflow-before-*.backup") if NAME.fullmatch(one.name)]
    for old in sorted(found, key=lambda one: one.stat().st_mtime)[:-KEPT]:
        old.unlink()
        apart.beside(old).unlink(missing_ok=True)


def done(path: Path) -> None:
    """Note it now that the log has its table."""
    with transaction() as session:
        audit.note(session, "backup_made", file=path.name)


def _head() -> str:
    return str(ScriptDirectory(str(resource("migrations"))).get_current_head())
