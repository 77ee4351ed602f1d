"""Before an embedded database is migrated the whole instance is backed up; without that it is not migrated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest

from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice

BEFORE = "0021"


def made(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.instance / "backups").glob("*.backup"))


def test_an_upgrade_begins_with_a_backup_that_can_be_put_back(app: Flask, office: DeskOffice) -> None:
    from caseflow import serving
    from caseflow.db import db
    from caseflow.upkeep import backup, upgrading

    settings: Settings = app.extensions["caseflow"]["settings"]
    busy(office)
    serving.prepare(app)
    assert made(settings) == []  # nothing to migrate, nothing to fear
    flask_migrate.downgrade(revision=BEFORE)
    db.session.remove()
    serving.prepare(app)
    wanted = [f"caseflow-before-{upgrading._head()}-from-{BEFORE}.backup"] if settings.is_sqlite else []
    assert made(settings) == wanted
    for name in wanted:
        manifest = backup.prove(settings.instance / "backups" / name)
        assert (manifest.revision, manifest.faulty) == (BEFORE, 0)
        assert manifest.rows["event"] > 0
    db.session.remove()
    serving.prepare(app)
    assert made(settings) == wanted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_room_for_it_nothing_is_migrated(
    app: Flask, office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow import serving
    from caseflow.config import BadSetting
    from caseflow.db import db
    from caseflow.upkeep import backup, portable

    flask_migrate.downgrade(revision=BEFORE)
    db.session.remove()

    def full(path: Path, *arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "write", full)
    with pytest.raises(BadSetting, match="数据库没有改动"):
        serving.prepare(app)
    assert portable.revision(db.session()) == BEFORE
    monkeypatch.undo()
    db.session.remove()
    serving.prepare(app)


def test_all_but_the_newest_two_go(app: Flask, office: DeskOffice) -> None:
    import os

    from caseflow.upkeep import upgrading

    settings: Settings = app.extensions["caseflow"]["settings"]
    folder = settings.instance / "backups"
    folder.mkdir(exist_ok=True)
    for n in range(4):
        for ending in (".backup", ".backup.key"):
            path = folder / f"caseflow-before-000{n + 1}-from-000{n}{ending}"
            path.touch()
            os.utime(path, (n, n))
    other = folder / "caseflow-before-the-move.backup"
    other.touch()
    os.utime(other, (0, 0))
    upgrading.done(settings, path)
    assert sorted(p.name[16:20] for p in folder.glob("*.key")) == ["0003", "0004"]
    assert other.exists()
