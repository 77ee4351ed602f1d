"""A full disk, a database that can only be read, a clock set back, a server gone and back: said plainly, and nothing half."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pwd import getpwnam
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import event, select, text

from tests.conftest import KEYS, SECRET_KEY, disconnect, migrate, sqlite_url
from tests.support import deadly, quick
from tests.support.office import found
from tests.support.pages import Desk, Page
from tests.support.postgres import UNPRIVILEGED, durable_server

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import MakeApp

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in China
FORM = {
    "channel": "in_person", "in_person_submitted": "2026-11-20", "applicant_class": "natural_person", "name": "陈秀兰",
    "content": "某路改造工程结算报告",
}  # fmt: skip


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others on the machine can be let into."""
    folder = Path(tempfile.mkdtemp(prefix="caseflow-", dir=quick.folder()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of its own there; False where one may not be mounted."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    mounted = done.returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def instance(folder: Path, url: str, make_app: MakeApp) -> Flask:
    """An application on a database of its own, with an office."""
    from caseflow.config import Settings

    (folder / "data.key").write_text(KEYS)
    app = make_app(Settings(folder, url, SECRET_KEY))
    with app.app_context():
        found()
    return app


def numbers(app: Flask) -> list[str]:
    """Of the cases that there are; the whole record holds."""
    from caseflow.db import db
    from caseflow.models import Case

    with app.app_context():
        assert deadly.differences() == []
        return list(db.session.scalars(select(Case.number).order_by(Case.id)))


def at_the_desk(app: Flask) -> Desk:
    desk = Desk(app.test_client())
    desk.enter("clerk-ssfb")
    for path in ("/nowhere", "/cases", "/login"):  # from here on no template is looked for on the disk
        desk.get(path)
    registered(desk)
    return desk


def registered(desk: Desk) -> Page:
    """The answer to a request registered on a fresh page."""
    desk.get("/cases/new")
    return desk.submit(FORM)


def refused(page: Page, heading: str) -> None:
    """It is said what the matter is, in words."""
    assert (page.status, page.h1) == (503, heading)
    assert "故障号" in page.text


# -- a full disk ---------------------------------------------------------------------------------


@contextlib.contextmanager
def filled(folder: Path, mounted: bool, app: Flask) -> Iterator[None]:
    """Not a page more has room: on a disk of its own; where none can be mounted, SQLite is told that its file is full."""
    from caseflow.db import db

    if mounted:
        ballast = folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield
        ballast.unlink()
        return
    with app.app_context():
        engine = db.engine

    def tell(pages: str) -> None:
        with engine.connect() as line:
            line.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    tell("1")  # no fewer than there are
    yield
    tell("1073741823")


def test_a_full_disk_keeps_what_there_is_to_be_read_and_takes_up_again_once_there_is_room(
    place: Path, make_app: MakeApp, sqlite_template: Path
) -> None:
    with small_disk(place, 4) as mounted:
        file = Path(shutil.copy(sqlite_template, place / "caseflow.sqlite3"))
        app = instance(place, sqlite_url(file), make_app)
        desk = at_the_desk(app)
        with filled(place, mounted, app):
            taken = 0
            while (answer := registered(desk)).status == 200:  # the first may find room in the log
                taken += 1
            refused(answer, "磁盘满了，这一步没有保存")
            assert "2026-1" in desk.get("/cases").text
            if mounted:
                refused(Desk(app.test_client()).sign_in("clerk-ssfb"), "磁盘满了，这一步没有保存")
        assert registered(desk).status == 200
        assert numbers(app) == [f"2026-{n}" for n in range(1, 3 + taken)]
        disconnect(app)


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@ON_POSTGRESQL
def test_a_full_disk_of_the_database_server_is_said_too(app: Flask) -> None:
    """Made up by a trigger: the server tells it by its state."""
    from caseflow.db import db

    with app.app_context():
        found()
    desk = at_the_desk(app)
    full = "CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN RAISE 'no room' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql"
    trigger = 'CREATE TRIGGER no_room BEFORE INSERT ON "case" EXECUTE FUNCTION no_room()'
    with app.app_context(), db.engine.begin() as line:
        for statement in ("SET TRANSACTION READ WRITE", full, trigger):
            line.execute(text(statement))
    refused(registered(desk), "磁盘满了，这一步没有保存")
    with app.app_context(), db.engine.begin() as line:
        for statement in ("SET TRANSACTION READ WRITE", 'DROP TRIGGER no_room ON "case"'):
            line.execute(text(statement))
    assert registered(desk).status == 200
    assert numbers(app) == ["2026-1", "2026-2"]


# -- a database that can only be read ------------------------------------------------------------


@contextlib.contextmanager
def without_rights(path: Path, mode: int) -> Iterator[None]:
    """Like whoever may not write there; root may write anywhere, and becomes somebody else."""
    before = path.stat().st_mode
    path.chmod(mode)
    if is_root := os.geteuid() == 0:
        os.seteuid(getpwnam(UNPRIVILEGED).pw_uid)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        path.chmod(before)


@pytest.mark.parametrize(
    ("what", "mode", "heading", "is_read"),
    [
        ("caseflow.sqlite3", 0o444, "数据库现在只能读，这一步没有保存", True),
        (".", 0o555, "数据库打不开，这一步没有保存", False),  # even reading needs a file beside it
    ],
)
def test_a_file_or_folder_without_the_right_to_write_is_said_and_worked_in_again_once_there_is_one(
    place: Path, make_app: MakeApp, sqlite_template: Path, what: str, mode: int, heading: str, is_read: bool
) -> None:
    from caseflow.db import close

    file = Path(shutil.copy(sqlite_template, place / "caseflow.sqlite3"))
    app = instance(place, sqlite_url(file), make_app)
    desk = at_the_desk(app)
    page = desk.get("/cases/new")
    with app.app_context():
        close()
    for path in (place, *place.iterdir()):
        path.chmod(0o777 if path.is_dir() else 0o666)
    with without_rights(place / what, mode):
        assert (desk.get("/cases").status == 200) is is_read
        desk.page = page
        refused(desk.submit(FORM), heading)
        with app.app_context():
            close()
    assert registered(desk).status == 200
    assert numbers(app) == ["2026-1", "2026-2"]


@ON_POSTGRESQL
def test_a_database_that_became_a_copy_to_read_from_is_said_and_so_is_a_command(app: Flask) -> None:
    from click import ClickException

    from caseflow.cli import unreachable
    from caseflow.db import Unwritable, db, transaction

    with app.app_context():
        found()
    desk = at_the_desk(app)

    def only_read(connection: object, cursor: object = None, statement: str = "", *rest: object) -> None:
        if statement.startswith("INSERT"):
            cursor.execute("SET TRANSACTION READ ONLY")  # type: ignore[attr-defined]

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", only_read)
        try:
            refused(registered(desk), "数据库现在只能读，这一步没有保存")
            with pytest.raises(Unwritable) as told, transaction() as session:
                session.execute(text("INSERT INTO office (code, name) VALUES ('X', '机关')"))
        finally:
            event.remove(db.engine, "before_cursor_execute", only_read)
    said = unreachable(told.value)
    assert isinstance(said, ClickException)
    assert said.message == "数据库现在只能读；什么都没有改变"
    assert registered(desk).status == 200
    assert numbers(app) == ["2026-1", "2026-2"]


# -- a clock set back ----------------------------------------------------------------------------


def test_a_clock_set_back_by_a_day_leaves_the_order_of_the_record_and_keeps_nobody_out(app: Flask) -> None:
    from caseflow.db import db
    from caseflow.models import AuditEntry, Event
    from caseflow.stages import signin

    with app.app_context():
        found()
    desk = at_the_desk(app)
    stranger = Desk(app.test_client())
    for _ in range(signin.TRIES_PER_ACCOUNT + 1):
        page = stranger.sign_in("lead-ssfb", "Wrong-2026-word")
    assert page.status == 429
    with time_machine.travel(MONDAY - timedelta(days=1), tick=False):
        # the tries of tomorrow don't keep him out until tomorrow
        assert Desk(app.test_client()).sign_in("lead-ssfb").signed_in
        # whose session would last a day too long signs in again
        assert desk.get("/cases", follow=False).status == 302
        desk.sign_in("clerk-ssfb")
        desk.get("/cases/new")
        assert desk.submit(FORM).status == 200
        desk.get("/cases/1")
        assert desk.page
        assert desk.page.status == 200
    with app.app_context():
        rows = db.session.execute(select(Event.case_id, Event.at).order_by(Event.id)).all()
        assert [row.case_id for row in rows] == [1, 2]
        assert rows[0].at - rows[1].at == timedelta(days=1)
        noted = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
        assert noted[-1] < noted[0]
    assert numbers(app) == ["2026-1", "2026-2"]


# -- PostgreSQL gone and back --------------------------------------------------------------------


def test_postgresql_stopped_and_started_beneath_a_running_server_is_said_and_worked_with_again(
    make_app: MakeApp, place: Path
) -> None:
    with durable_server(fsync="off") as server:
        url = server.server.url("postgres")
        (place / "data.key").write_text(KEYS)
        migrate(place, url)
        app = instance(place, url, make_app)
        desk = at_the_desk(app)
        page = desk.get("/cases/new")
        for is_killed in (True, False):
            server.crash() if is_killed else server.shut()
            assert desk.status("/healthz") == desk.status("/healthz/ready") == 503
            refused(desk.get("/cases"), "系统正忙，这一步没有保存")
            desk.page = page
            gone = desk.submit(FORM)
            refused(gone, "系统正忙，这一步没有保存")
            assert gone.response.headers["Retry-After"] == "5"
            server.start()
            assert desk.status("/healthz/ready") == 200
        desk.page = page
        assert desk.submit(FORM).status == 200
        desk.page = page
        desk.submit(FORM)  # pressed again: one case
        assert numbers(app) == ["2026-1", "2026-2"]
        disconnect(app)
