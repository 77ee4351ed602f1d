"""What every answer carries, and how much a request may bring."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from caseflow.db import db, transaction
from caseflow.models import PolicyReport
from tests.support.office import PASSWORD, found
from tests.support.pages import check_headers
from tests.web.conftest import MORNING

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/login", 200), ("/cases", 302), ("/nowhere", 404), ("/logout", 405),
        ("/static/caseflow.css", 200), ("/static/nothing.css", 404),
        ("/bootstrap/static/css/bootstrap.min.css", 200),
    ],
)  # fmt: skip
def test_every_answer_carries_the_headers(client, url, status):
    with client.get(url) as response:
        check_headers(response)
    assert response.status_code == status
    assert "Strict-Transport-Security" not in response.headers  # a plain network has no TLS to insist on


def test_behind_tls_browsers_are_told_to_stay_with_it(make_app, settings):
    client = make_app(replace(settings, behind_tls=True)).test_client()
    for url in ("/login", "/nowhere", "/static/caseflow.css"):
        with client.get(url) as response:
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_are_kept_nowhere_files_may_be(client):
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert client.get("/static/nothing.css").headers["Cache-Control"] == "no-store"
    with client.get("/static/caseflow.css") as sheet:
        assert "no-store" not in sheet.headers["Cache-Control"]
    with client.get("/static/caseflow.css", headers={"If-None-Match": sheet.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_no_file_carries_the_session_of_whoever_asked_for_it(desk):
    assert "Set-Cookie" in desk.get("/cases").response.headers
    for url in ("/static/caseflow.css", "/bootstrap/static/css/bootstrap.min.css"):
        with desk.client.get(url) as file:
            assert "Set-Cookie" not in file.headers


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static//etc/passwd"])
def test_no_file_outside_the_folder_is_served(client, path):
    assert client.get(path).status_code in {301, 302, 308, 404}


def test_more_than_25_megabytes_are_not_taken(desk):
    page = desk.post("/cases/new", {"content": "x" * (25 * MEGABYTE)})
    assert page.status == 413
    assert "提交的内容太大" in page.text


def test_over_long_text_comes_back_with_a_sentence(sign_in_as):
    desk = sign_in_as("security-ssfb")
    desk.get("/admin/people")
    name = "长" * 100_000  # 900 kB as it travels
    page = desk.submit({"name": name, "username": "zheng", "role": "clerk"})
    assert page.status == 422
    assert any("最多 100 个字，现在有 100000 个" in line for line in page.errors)
    assert name in page.response.text


def test_the_application_gives_no_other_origin_anything(client, app):
    with app.app_context():
        found()
    response = client.post(
        "/login",
        data={"username": "clerk-ssfb", "password": PASSWORD},
        headers={"Origin": "http://evil.example"},
    )
    assert response.status_code == 400
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_what_browsers_keep_out_is_counted_by_its_part_and_nothing_else_is_kept(client, office, sign_in_as):
    def send(body: object) -> int:
        told = json.dumps(body)
        status: int = client.post("/csp-report", data=told, content_type="application/csp-report").status_code
        return status

    admin = sign_in_as("admin-ssfb")
    assert "浏览器拦下的内容" not in admin.get("/admin/office").text
    old = {
        "csp-report": {"effective-directive": "script-src-elem", "document-uri": "http://localhost/cases/7"}
    }
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src"}}]
    nonsense = [{"csp-report": {"effective-directive": f"made-up-{n}"}} for n in range(3)]
    with time_machine.travel(MORNING, tick=False) as clock:
        bodies: tuple[object, ...] = (
            old,
            old,
            new,
            *nonsense,
            7,
            [],
            {"csp-report": 1},
            [[]],
            None,
            "x" * 9000,
        )
        for body in bodies:
            assert send(body) == 204
        clock.shift(timedelta(seconds=1))
        assert send(old) == 204
    db.session.rollback()
    kept = {row.part: row.count for row in db.session.scalars(select(PolicyReport))}
    assert kept == {"script-src-elem": 2, "img-src": 1, "other": 1}  # one a second of each, whoever sends
    db.session.rollback()
    with transaction() as held:  # a report waits for nobody, and is lost rather than refused
        held.execute(update(PolicyReport).values(count=5))
        assert send(old) == 204
    told = [[cell.text for cell in row.all("td")][:2] for row in admin.get("/admin/office").all("tbody tr")]
    assert ["其他", "5"] in told
