"""One page for every refusal and failure."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import abort, session
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from caseflow import db as database
from caseflow.law.workdays import FIRST, OutsideCalendar
from caseflow.models import Office
from caseflow.stages.errors import Changed, Forbidden, NotFound, Refused
from caseflow.stages.signin import Throttled
from caseflow.web.access import PUBLIC, allow
from tests.support.pages import Desk

pytestmark = pytest.mark.both_engines


@pytest.fixture
def raising(app):
    """Open a page of an app whose view raises what it is given."""

    def get(error: Exception | int, **config: object):
        @allow(PUBLIC)
        def view() -> str:
            session["seen"] = "yes"
            abort(error) if isinstance(error, int) else None
            raise error  # type: ignore[misc]

        app.add_url_rule("/raise", "raise", view)
        app.config.update(config)
        return Desk(app.test_client()).get("/raise")

    return get


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Forbidden("archive"), 403, "这一项不在您的职责之内"),
        (NotFound(7), 404, "没有找到"),
        (Changed(3, 4), 409, "这件刚刚有人办过"),
        (Refused("签收日不能晚于今天（12月1日）"), 422, "签收日不能晚于今天（12月1日）"),
        (OutsideCalendar(f"{FIRST}"), 422, "日期超出了工作日历（2004—2099 年）"),
        (Throttled(datetime.now(UTC) + timedelta(minutes=3)), 429, "以后再试"),
        (400, 400, "页面放得太久或者已经在别处退出，请重新打开再提交"),
        (403, 403, "不在您的职责之内"),
        (413, 413, "提交的内容太大"),
        (418, 418, "暂时打不开"),
    ],
)
def test_each_refusal_has_its_status_and_its_sentence(raising, error, status, said):
    page = raising(error)
    assert page.status == status
    assert said in page.text


def test_a_page_that_is_not_there_and_one_opened_the_wrong_way(client):
    desk = Desk(client)
    assert desk.get("/nowhere").h1 == "没有找到"
    page = desk.get("/logout")
    assert page.h1 == "这个地址不能这样打开"
    assert "POST" in page.response.headers["Allow"]
    assert client.open("/login", method="TRACE").status_code == 405


@pytest.mark.parametrize(
    "number", ["99999999999999999999999", "9223372036854775808", "9223372036854775807", "-1", "0"]
)
def test_a_number_no_case_can_have_is_not_found(sign_in_as, number):
    desk = sign_in_as("lead-ssfb")
    assert desk.get(f"/cases/{number}").status == 404


def test_a_failure_tells_its_number_on_the_page_and_in_the_log(raising, caplog):
    with caplog.at_level(logging.ERROR):
        page = raising(ZeroDivisionError("secret detail"), PROPAGATE_EXCEPTIONS=False)
    assert page.status == 500
    assert "系统出错，这一步没有保存" in page.text
    assert "secret detail" not in page.response.text
    number = re.search(r"故障号 (\w+)", page.text)
    assert number is not None
    assert any(f"fault {number[1]}: GET '/raise': ZeroDivisionError" in line for line in caplog.messages)
    assert "secret detail" in caplog.text  # with its trace, for whoever looks after the machine


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("sqlite:////nowhere/at/all.sqlite3", 503, "数据库打不开，这一步没有保存"),
        # it may be on its way back, or another about to take its place
        ("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1", 503, "系统正忙，这一步没有保存"),
    ],
)
def test_the_failure_page_needs_no_database(make_app, tmp_path, url, code, said):
    from caseflow.config import Settings

    app = make_app(Settings(instance=tmp_path, database_url=url, secret_key="k" * 40))
    for path in ("/login", "/cases", "/nowhere"):
        page = Desk(app.test_client()).get(path)
        assert page.status == (302 if page.response.status_code == 302 else code)
    assert page.h1 == said


def test_a_failure_leaves_messages_for_the_next_page(raising, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @allow(PUBLIC)
    def fail() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/fail", "fail", fail)
    desk = Desk(app.test_client())
    with desk.client.session_transaction() as kept:
        kept["_flashes"] = [("message", "刚才的话")]
    assert "刚才的话" not in desk.get("/fail").text
    assert "刚才的话" in desk.get("/login").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a server does not lock the whole of it
def test_a_busy_database_asks_for_patience(make_app, settings, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    app = make_app(replace(settings, testing=False))

    @allow(PUBLIC)
    def write() -> str:
        with database.transaction() as opened:
            opened.add(Office(code="X", name="机关"))
        return "written"

    app.add_url_rule("/write", "write", write)
    with create_engine(settings.database_url).connect() as holder:
        holder.execute(text("INSERT INTO office (code, name) VALUES ('Y', '别的机关')"))
        page = Desk(app.test_client()).get("/write")
        assert page.status == 503
        assert page.response.headers["Retry-After"] == "5"
        assert "系统正忙，这一步没有保存" in page.text
    assert Desk(app.test_client()).get("/write").status == 200


def test_a_failed_statement_tells_the_log_nothing_of_its_values(app):
    told = pytest.raises(IntegrityError)
    with app.app_context(), told as failed, database.transaction() as opened:
        opened.add_all(Office(code="TWICE", name="某路某号") for _ in range(2))
        opened.flush()
    assert "INSERT INTO office" in str(failed.value)
    assert "某路某号" not in str(failed.value)
