"""健康检查: whether the database answers and the morning's pass was made, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.both_engines

MONDAY = datetime(2026, 10, 26, 1, tzinfo=UTC)  # nine in the morning in China


def ask(client: FlaskClient, now: datetime) -> tuple[int, dict[str, Any]]:
    with time_machine.travel(now, tick=False):
        answer = client.get("/healthz")
    return answer.status_code, answer.get_json()


def make_pass(app: Flask, today: date, now: datetime) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    with app.app_context():
        ladder.make_pass(today, now, store.current())


def test_before_the_first_pass_it_is_late(client: FlaskClient) -> None:
    body = {
        "status": "late",
        "database": True,
        "last_pass": None,
        "mail": {"unsent": 0, "uncertain": 0, "given_up": 0},
        "version": version("caseflow"),
    }
    assert ask(client, MONDAY) == (503, body)


def test_it_is_well_from_the_last_pass_of_a_day_until_the_next_working_morning(
    app: Flask, client: FlaskClient
) -> None:
    make_pass(app, date(2026, 10, 23), datetime(2026, 10, 23, 9, 0, 3, tzinfo=UTC))
    for now, status in (
        (datetime(2026, 10, 23, 10, tzinfo=UTC), "ok"),
        (datetime(2026, 10, 25, 9, tzinfo=UTC), "ok"),  # Sunday
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), "ok"),  # a minute to eight on Monday
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), "late"),
    ):
        code, body = ask(client, now)
        assert (code, body["status"]) == (200 if status == "ok" else 503, status), now
        assert body["last_pass"].startswith("2026-10-23T09:00:03")


def test_it_is_late_as_soon_as_a_pass_within_the_hours_is(app: Flask, client: FlaskClient) -> None:
    make_pass(app, date(2026, 10, 26), MONDAY)
    assert ask(client, datetime(2026, 10, 26, 3, 59, tzinfo=UTC))[0] == 200
    assert ask(client, datetime(2026, 10, 26, 4, 0, tzinfo=UTC))[0] == 503


def test_it_tells_how_many_letters_are_unsent_uncertain_and_given_up(
    office: DeskOffice, client: FlaskClient
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Mail

    with transaction() as session:
        for state in ("waiting", "waiting", "sending", "given_up", "sent"):
            session.add(Mail(
                person_id=office.people["clerk"], address="wangmin@example.cn", kind="digest", subject="题",
                body="文", state=state, told_on=MONDAY.date(), created_at=MONDAY, next_at=MONDAY,
            ))  # fmt: skip
    assert ask(client, MONDAY)[1]["mail"] == {"unsent": 2, "uncertain": 1, "given_up": 1}


def test_a_stranger_may_ask_and_is_given_no_session(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.mimetype == "application/json"
    assert "Set-Cookie" not in answer.headers


def test_a_database_that_does_not_answer_is_told(
    make_app: MakeApp, settings: Settings, tmp_path: Path
) -> None:
    from dataclasses import replace

    urls = {
        "sqlite": f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}",
        "postgresql": f"postgresql+psycopg://nobody@/none?host={tmp_path}",
    }
    away = replace(settings, database_url=urls["sqlite" if settings.is_sqlite else "postgresql"])
    code, body = ask(make_app(away).test_client(), MONDAY)
    assert code == 503
    assert body == {
        "status": "late",
        "database": False,
        "last_pass": None,
        "mail": {"unsent": None, "uncertain": None, "given_up": None},
        "version": version("caseflow"),
    }


def test_a_proxy_is_sent_elsewhere_by_a_process_that_stops_or_has_no_database_not_by_late_passes(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.db import db

    def asked() -> tuple[int, str]:
        answer = client.get("/healthz/ready")
        return answer.status_code, answer.get_json()["status"]

    assert client.get("/healthz").status_code == 503
    assert asked() == (200, "ready")
    with monkeypatch.context() as patch:

        def gone(*_: object) -> None:
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        patch.setattr(db.session, "execute", gone)
        assert asked() == (503, "no database")
    app.extensions["caseflow"]["stopping"] = True
    assert asked() == (503, "stopping")


def test_garbage_is_looked_for_seldom_once_the_database_is_ready(app: Flask) -> None:
    import gc

    from caseflow import serving

    before = gc.get_threshold()
    gc.set_threshold(700)
    try:
        serving.prepare(app)
        assert gc.get_threshold() == serving.SELDOM
        assert gc.get_freeze_count()
    finally:
        gc.set_threshold(*before)
