"""Three machines, PostgreSQL and an S3 store: one of each kind fails under load, and nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests.conftest import SECRET_KEY
from tests.support.hosts import Browser, Clerk, Host, waited
from tests.support.postgres import Durable, durable_server

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import ObjectStore
    from tests.conftest import MakeApp
    from tests.support.s3 import S3Server

pytestmark = pytest.mark.xdist_group("s3")

ROUNDS = 6 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1
CLERKS = 3
AWS = {"endpoint": "AWS_ENDPOINT_URL", "region": "AWS_REGION", "key_id": "AWS_ACCESS_KEY_ID", "secret": "AWS_SECRET_ACCESS_KEY"}  # fmt: skip


@pytest.fixture
def database() -> Iterator[Durable]:
    with durable_server() as durable:
        yield durable


@pytest.fixture
def hosts(database: Durable, store: ObjectStore, tmp_path: Path) -> Iterator[list[Host]]:
    """Three machines that were started at the same moment on an empty database."""
    settings = {
        "DATABASE_URL": database.server.url("postgres"), "SECRET_KEY": SECRET_KEY, "STOP_AFTER": "0.3",
        "FILES_URL": f"s3://{store.bucket}/{store.prefix}", "DATA_KEY_FILE": str(tmp_path / "data.key"),
        **{name: str(asdict(store)[field]) for field, name in AWS.items()},
    }  # fmt: skip
    made = [Host(tmp_path / f"host-{n}", settings) for n in range(3)]
    with contextlib.ExitStack() as after:
        for host in made:
            host.start()
            after.callback(host.kill)
        for host in made:
            host.wait()
        yield made


@pytest.fixture
def store(s3: S3Server) -> ObjectStore:
    return s3.bucket()


@pytest.fixture
def app(hosts: list[Host], make_app: MakeApp, database: Durable, store: ObjectStore, tmp_path: Path) -> Flask:
    """Somebody who looks at the same database and store from outside."""
    from caseflow.config import Settings

    return make_app(
        Settings(tmp_path, database.server.url("postgres"), SECRET_KEY, testing=True, files=store)
    )


@pytest.mark.soak
def test_whatever_fails_under_load_nothing_that_was_acknowledged_is_lost_or_doubled(
    app: Flask, hosts: list[Host], database: Durable, s3: S3Server
) -> None:
    from caseflow import moment
    from tests.support.office import found

    with app.app_context():
        found()
    clerks = [Clerk(Browser(hosts), moment.today().isoformat()) for _ in range(CLERKS)]
    for clerk in clerks:
        clerk.start()
    try:
        for _ in range(ROUNDS):
            go_on(clerks)
            one_is_restarted_and_nobody_notices(hosts[0], clerks)
            the_leader_is_killed_and_followed(app, clerks)
            hosts[1].kill()
            go_on(clerks)
            database.crash()
            database.start()
            go_on(clerks)
            begun = [len(clerk.browser.seen) for clerk in clerks]
            s3.down()
            waited(seen_by(clerks, begun, 422))
            s3.up()
            go_on(clerks)
            if ROUNDS > 1:
                hosts[1].start()
                hosts[1].wait()
    finally:
        for clerk in clerks:
            clerk.end()
    assert {status for clerk in clerks for status in clerk.browser.seen} <= {200, 302, 409, 422, 503}
    a_form_sent_to_two_at_once_is_one_case(clerks[0], [hosts[0], hosts[2]])
    everything_stands(app, clerks)


def go_on(clerks: list[Clerk]) -> None:
    """Each of them gets something done."""
    before = [len(clerk.filed) for clerk in clerks]

    def done() -> Iterator[bool]:
        while True:
            assert not any(clerk.fault for clerk in clerks), [clerk.fault for clerk in clerks]
            yield all(len(clerk.filed) >= n + 2 for clerk, n in zip(clerks, before, strict=True))

    waited(done())


def seen_by(clerks: list[Clerk], begun: list[int], status: int) -> Iterator[bool]:
    """Whether somebody has been answered so since."""
    while True:
        yield any(status in clerk.browser.seen[n:] for clerk, n in zip(clerks, begun, strict=True))


def one_is_restarted_and_nobody_notices(host: Host, clerks: list[Clerk]) -> None:
    """In order: no error page and no lost line, at any of them."""
    begun = [len(clerk.browser.seen) for clerk in clerks]
    broken = sum(clerk.browser.broken for clerk in clerks)
    host.stop()
    host.start()
    host.wait()
    go_on(clerks)
    answers = {status for clerk, n in zip(clerks, begun, strict=True) for status in clerk.browser.seen[n:]}
    assert answers <= {200, 302}
    assert sum(clerk.browser.broken for clerk in clerks) == broken


def the_leader_is_killed_and_followed(app: Flask, clerks: list[Clerk]) -> None:
    """Its lease ends by itself; here the half minute until then has passed already."""
    from caseflow.db import db

    def lease() -> tuple[str, int]:
        with app.app_context():
            holder, token = db.session.execute(text("SELECT holder, token FROM lease")).one()
            return holder, token

    holder, token = lease()
    with contextlib.suppress(ProcessLookupError):  # it was on the machine that lost its power before
        os.kill(int(holder.split(":")[1]), signal.SIGKILL)
    with app.app_context(), db.engine.begin() as line:
        line.execute(text("SET TRANSACTION READ WRITE"))
        line.execute(text("UPDATE lease SET expires_at = expires_at - interval '30 seconds'"))

    def followed() -> Iterator[bool]:
        while True:
            yield lease()[1] > token

    waited(followed())
    go_on(clerks)


def a_form_sent_to_two_at_once_is_one_case(clerk: Clerk, hosts: list[Host]) -> None:
    """As by a proxy that lost its patience while the first was still at work."""
    key, form = clerk.form("同一页")
    begin, cases = threading.Barrier(len(hosts)), []

    def send(host: Host) -> None:
        browser = Browser([host])
        browser.cookies = dict(clerk.browser.cookies)
        begin.wait()
        cases.append(browser.post("/cases/new", **form).location)

    threads = [threading.Thread(target=send, args=(host,)) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(cases)) == 1
    assert clerk.sent(key, form) == int(cases[0].rpartition("/")[2])


def everything_stands(app: Flask, clerks: list[Clerk]) -> None:
    """What was acknowledged is there once, numbers have no gap, and the record holds."""
    from caseflow.db import db
    from caseflow.files import store
    from caseflow.models import Case, Document
    from caseflow.upkeep import contents, verify

    registered = {key: case for clerk in clerks for key, case in clerk.registered.items()}
    scans = {case: scan for clerk in clerks for case, scan in clerk.filed.items()}
    with app.app_context():
        rows = db.session.execute(select(Case.form_key, Case.id, Case.number).order_by(Case.id)).all()
        assert {row.form_key: row.id for row in rows} == registered
        numbers = sorted(int(row.number.partition("-")[2]) for row in rows)
        assert numbers == list(range(1, len(registered) + 1))
        kept = db.session.execute(select(Document.case_id, Document.sha256).order_by(Document.case_id)).all()
        assert [row.case_id for row in kept] == sorted(scans)
        for case, sha256 in kept:
            with store.open_kept(sha256 or "") as file:
                assert file.read() == scans[case]
        assert list(verify.differences()) == list(contents.differences()) == []
