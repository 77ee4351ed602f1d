"""Before an embedded database is migrated the whole instance is backed up; without that it is not migrated."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    names = rf"caseflow-before-{upgrading._head()}-from-{BEFORE}-\d{{8}}T\d{{6}}Z\.backup"
    wanted = made(settings)
    assert [bool(re.fullmatch(names, name)) for name in wanted] == ([True] if settings.is_sqlite else [])
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_upgrade_has_a_backup_of_its_own_whatever_stands_there_and_the_newest_two_stay(
    app: Flask, office: DeskOffice
) -> None:
    from caseflow import serving
    from caseflow.config import BadSetting
    from caseflow.db import db
    from caseflow.upkeep import apart, backup, portable, upgrading

    settings: Settings = app.extensions["caseflow"]["settings"]
    folder, now = settings.instance / "backups", datetime(2026, 11, 23, 1, tzinfo=UTC)
    app.extensions["caseflow"]["now"] = lambda: now
    folder.mkdir(exist_ok=True)
    for n in range(4):  # as they were named at first
        for ending in (".backup", ".backup.key"):
            path = folder / f"caseflow-before-000{n + 1}-from-000{n}{ending}"
            path.touch()
            os.utime(path, (n, n))
    (other := folder / "caseflow-before-the-move.backup").touch()

    def older() -> str:
        flask_migrate.downgrade()
        stands = portable.revision(db.session())
        db.session.remove()
        return stands

    stands, head = older(), upgrading._head()
    first = folder / f"caseflow-before-{head}-from-{stands}-20261123T010000Z.backup"
    apart.beside(first).write_text("of one that was killed in between")
    (folder / f"caseflow-before-{head}-from-{stands}.backup").touch()  # of an earlier upgrade
    serving.prepare(app)
    assert backup.prove(first).rows["case"] == 0
    office.register(date(2026, 11, 20))
    older()
    with pytest.raises(BadSetting, match=r"没有做成.*数据库没有改动"):
        serving.prepare(app)  # in the same second
    assert portable.revision(db.session()) == stands
    now += timedelta(seconds=1)
    serving.prepare(app)
    second = folder / first.name.replace("010000", "010001")
    assert backup.prove(second).rows["case"] == 1
    assert made(settings) == sorted([first.name, second.name, other.name])
    assert {path.name for path in folder.glob("*.key")} == {f"{first.name}.key", f"{second.name}.key"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_two_that_start_at_once_one_upgrades_and_the_other_waits_and_looks_anew(
    app: Flask, office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow import serving
    from caseflow.db import db, upgrade
    from caseflow.upkeep import backup, upgrading

    settings: Settings = app.extensions["caseflow"]["settings"]
    take, seen = fcntl.flock, []

    def is_held() -> bool:
        with (settings.instance / "backups" / upgrading.TURN).open() as file:
            try:
                take(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def told(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any) -> Any:
            seen.append((name, is_held()))
            return real(*arguments)

        return wrapped

    def beaten(handle: int, how: int) -> None:
        take(handle, how)
        flask_migrate.upgrade()  # the other one, while this one waited

    flask_migrate.downgrade()
    db.session.remove()
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", beaten)
        serving.prepare(app)
    assert (made(settings), is_held()) == ([], False)
    flask_migrate.downgrade()
    db.session.remove()
    monkeypatch.setattr(backup, "write", told("backup", backup.write))
    monkeypatch.setattr("caseflow.db.upgrade", told("migration", upgrade))
    serving.prepare(app)
    assert seen == [("backup", True), ("migration", True)]
    assert (len(made(settings)), is_held()) == (1, False)
