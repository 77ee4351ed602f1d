"""A backup before an embedded database is migrated: whoever looks after a database server has their own.

It is sealed like every other, stands beside those of the nights, and is put back by ``caseflow restore`` with the program
of that time, or with a newer one.
"""

from __future__ import annotations

import re
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from ..config import BadSetting, Settings
from ..db import db, resource, transaction
from ..stages import audit
from . import apart, backup, portable
from .snapshot import snapshot

KEPT = 2  # of the newest; each is as large as the instance
NAME = re.compile(r"caseflow-before-(\d+)-from-(\d+)\.backup")


def precaution(settings: Settings) -> Path | None:
    """Back the instance up if its embedded database is about to be migrated and holds anything.

    Returns the file, or None where there was nothing to do or another process has just done it. Raises BadSetting:
    without it nothing is migrated.
    """
    if not settings.is_sqlite or not inspect(db.engine).has_table(portable.VERSION_TABLE):
        return None
    session = snapshot()
    stands, wanted = portable.revision(session), _head()
    empty = stands == wanted or portable.is_empty(session)
    db.session.remove()
    if empty:
        return None
    path = _folder(settings) / f"caseflow-before-{wanted}-from-{stands}.backup"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        return None
    try:
        backup.write(path, settings.instance, audit.this_moment())
    except FileExistsError:
        return None
    except OSError as error:
        raise BadSetting(
            f"升级数据库以前的备份没有做成（{error.strerror}），数据库没有改动：{path.parent}"
        ) from error
    finally:
        db.session.remove()
    return path


def done(settings: Settings, path: Path) -> None:
    """Note it now that the log has its table, and take away all but the newest few."""
    with transaction() as session:
        audit.note(session, "backup_made", file=path.name)
    found = sorted(_folder(settings).glob("caseflow-before-*.backup"), key=lambda one: one.stat().st_mtime)
    for old in (one for one in found[:-KEPT] if NAME.fullmatch(one.name)):
        old.unlink()
        apart.beside(old).unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.backups or settings.instance / "backups"


def _head() -> str:
    return str(ScriptDirectory(str(resource("migrations"))).get_current_head())
