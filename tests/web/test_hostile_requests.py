"""Addresses, query strings and headers of somebody who means ill: an answer of ours, never a failure."""

from __future__ import annotations

from itertools import cycle
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from tests.support.hostile import UNSEEN, WRONG
from tests.support.office import DeskOffice
from tests.support.pages import check_headers
from tests.web.conftest import MONDAY
from tests.web.rights import ALLOWED, ROLES
from tests.web.test_access_matrix import address, somebody, the_objects

LONG_RUN = 1000  # examples
pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]

ASKED = (
    "q", "year", "office", "result", "class", "before", "after", "state", "scope", "what", "by", "key", "from", "to", "asof",
    "view", "span", "who", "case", "whose", "tab", "sort", "page", "next", "seen", "version", "n", "on", "light", "stage",
)  # fmt: skip
HEADERS = (
    ("Cookie", "session=甲; __Host-session=.eJx; =; ;;;"), ("Cookie", "x" * 9000), ("Cookie", "session=" + "A" * 4000),
    ("Host", "evil.example"), ("Host", "[::1"), ("Host", "a" * 300), ("Host", "localhost:99999"), ("Host", "local host"),
    ("X-Forwarded-For", "1.2.3.4, '; DROP"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"),
    ("X-Forwarded-Prefix", "/../.."), ("Accept", ";q=," * 50), ("Accept-Language", "\x80;q=9e9"), ("Accept-Encoding", "gzip;q=x"),
    ("If-Modified-Since", "Thu, 99 Nov 9999 99:99:99"), ("If-None-Match", '"' * 99), ("Range", "bytes=9-1,-,x-y"),
    ("Referer", "http://[::1"), ("Origin", "http://[x"), ("User-Agent", "\x7f" * 2000), ("Authorization", "Basic \xff=="),
    ("Content-Type", "multipart/form-data"), ("Content-Type", "application/json; charset=\x00x"), ("Content-Length", "-1"),
    ("Content-Length", "x"), ("Expect", "9-continue"), ("Transfer-Encoding", "chunked, x"), ("Upgrade", "h2c"),
)  # fmt: skip


ADDRESSES = (
    "/%00", "/cases/%ED%A0%80", "/cases/99999999999999999999999", "/cases/-1", "/cases/%D9%A3", "/%2e%2e/%2e%2e", f"/{'a' * 9000}",
    "/cases/1/files/99999999999999999999", "/cases/1/acts/%00", "/cases/1/letters/%00/1", "/static/%00", "/static/..%2f..%2fx",
    "/cases/1/letters/receipt/99999999999999999999", "/cases/1/letters/99999999999999999999.docx", "/search?q=%ED%A0%80%00",
    "/calendar/0", "/calendar/99999", "/calendar/10000000000000000000000", "/year/0", "/year/99999999999999", "//evil.example/x",
    "/year/2026/%00/x", "/year/2026/new/total%00", "/year/2026/report.%00", "/year/2026/report/%00", "/login?next=//evil.example",
    "/login?next=%00", "/login?next=http:%5C%5Cevil.example", "/supervision/cases?by=office&key=99999999999999999999999",
    "/supervision/cases?by=handler&key=%00", "/supervision/cases?by=handler&key=%C2%B2", "/cases/1/deadline/../..",
)  # fmt: skip


@pytest.mark.soak
def test_whatever_stands_in_an_address_it_is_answered(office: DeskOffice, app: Flask) -> None:
    mine, words = the_objects(office), cycle((*UNSEEN, *WRONG))
    turns = 1 if settings().max_examples < LONG_RUN else 20
    left, wrong = {route for route in ALLOWED if route.startswith("GET")}, []
    for who in ROLES:
        desk = somebody(app, office, who)
        for route in sorted(route for route in left if who in ALLOWED[route]):
            left.discard(route)
            for _ in range(turns):
                asked = f"{address(route, mine)}?{urlencode({name: next(words)[:1500] for name in ASKED})}"
                wrong += [asked] if desk.status(asked) >= 500 else []
        if who == "clerk":
            wrong += [path for path in ADDRESSES if desk.status(path) >= 500]
    assert wrong == []


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # no header reaches the database but a cookie
def test_whatever_stands_in_a_header_it_is_answered(office: DeskOffice, app: Flask) -> None:
    office.accepted(MONDAY)
    desk, wrong = somebody(app, office, "clerk"), []
    for name, value in HEADERS:
        for method, path in (("GET", "/cases/1"), ("POST", "/account/away"), ("GET", "/login")):
            sent = [(name, value.encode().decode("latin-1"))]
            with app.app_context():
                answer = desk.client.open(path, method=method, headers=sent)
            check_headers(answer)
            leads = answer.headers.get("Location", "")
            wrong += (
                [(name, value[:30], method, path)] if answer.status_code >= 500 or "evil" in leads else []
            )
    assert wrong == []


def test_a_host_that_no_name_can_be_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.get("/login", headers={"Host": "a" * 300})
    assert (answer.status_code, answer.get_data(as_text=True)) == (400, "请求里的主机名有误。\n")
    check_headers(answer)
