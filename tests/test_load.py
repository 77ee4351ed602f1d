"""Fifty people at once on one small machine: nobody meets with an error, nothing acknowledged is lost, memory stays flat.

`make soak` takes ten minutes of it on either database (LOAD_SECONDS says otherwise), without a pause between two
things; the few seconds of a usual run have the same people and the same questions, with pauses.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from tests.conftest import SECRET_KEY
from tests.support.children import Command
from tests.support.deadly import differences
from tests.support.hosts import Host
from tests.support.live import status
from tests.support.load import Load, Person, put_on
from tests.support.office import hashed
from tests.support.pages import Desk

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SECONDS = float(os.environ.get("LOAD_SECONDS", 600 if SOAKING else 6))
PEOPLE = 50
PAUSE = 0 if SOAKING else 0.6
WARM = SECONDS / 6 if SOAKING else 3.0
# MiB that the server may have more at the end than once it is warm: its eight lines to SQLite fill their caches of
# pages, of 2 MiB each, as the file grows; a few seconds are all warming up
GROWTH = 24
ENGINES = ["sqlite", "postgresql"] if SOAKING else ["sqlite"]


@contextlib.contextmanager
def served(settings: Settings, folder: Path) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """The server that goes with the database, as a process of its own: its port, and its processes."""
    if not settings.is_sqlite:
        host = Host(folder / "host", {"DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET_KEY})
        host.environ["CASEFLOW_INSTANCE"] = str(settings.instance)
        host.start()
        try:
            host.wait()
            children = Path(f"/proc/{host.process.pid}/task/{host.process.pid}/children")
            yield host.port, lambda: [host.process.pid, *map(int, children.read_text().split())]
        finally:
            host.kill()
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        "CASEFLOW_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, "SECRET_KEY": SECRET_KEY,
    }  # fmt: skip
    server = Command(folder, environ, "serve", "--port", str(port))
    try:
        until = time.monotonic() + 60
        while status(port, "/healthz/ready") != 200:
            assert time.monotonic() < until, server.communicate(1)
            time.sleep(0.05)
        yield port, lambda: [server.process.pid or 0]
    finally:
        server.kill()


def people(app: Flask, office: DeskOffice, port: int, shared: int, today: str) -> list[Person]:
    """Fifty clerks of one office, signed in."""
    from caseflow.db import transaction
    from caseflow.models import Person as Row

    names = [f"clerk-{n}" for n in range(PEOPLE)]
    told = {"role": "clerk", "office_id": office.id, "password_hash": hashed()}
    with transaction() as session:
        session.execute(insert(Row), [told | {"username": name, "name": "王敏"} for name in names])
    found = []
    for n, name in enumerate(names):
        desk = Desk(app.test_client())
        desk.enter(name)
        cookie = desk.client.get_cookie("caseflow")
        assert cookie
        found.append(Person(port, f"caseflow={cookie.value}", today, shared, PAUSE, random.Random(n)))
    return found


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
def test_fifty_people_at_once_meet_with_no_error_and_lose_nothing(
    app: Flask,
    office: DeskOffice,
    settings: Settings,
    tmp_path: Path,
    record_property: Callable[[str, str], None],
) -> None:
    from caseflow import moment
    from caseflow.db import close

    shared = office.register(moment.today())
    close()
    with served(settings, tmp_path) as (port, pids):
        crowd = people(app, office, port, shared, moment.today().isoformat())
        load = put_on(crowd, pids(), SECONDS, WARM)
    record_property("figures", str(load))
    assert load.faults == []
    assert min(sum(person.answers.values()) for person in crowd) > 1, "somebody was never answered"
    assert load.memory[-1] - load.memory[0] <= GROWTH, load.memory
    everything_acknowledged_is_there(load, shared)
    assert differences() == []


def everything_acknowledged_is_there(load: Load, shared: int) -> None:
    """Each case and each paper once, and nothing that nobody was told of; numbers without a gap."""
    from caseflow.db import db
    from caseflow.models import Case, Document

    db.session.rollback()
    rows = db.session.execute(select(Case.form_key, Case.id, Case.number).order_by(Case.id)).all()
    assert {row.form_key: row.id for row in rows if row.id != shared} == load.registered
    assert sorted(int(row.number.partition("-")[2]) for row in rows) == list(range(1, len(rows) + 1))
    papers = select(Document.case_id, func.count()).group_by(Document.case_id).order_by(Document.case_id)
    assert {case: number for case, number in db.session.execute(papers)} == dict(load.papers)
    assert load.papers[shared] > 0
