"""网站接口: what a website sends stands in the register like what is typed at the counter, once; nothing is told without
token, number and code, and no answer is a page."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from caseflow.closing.freeze import freeze
from caseflow.counter import sites, tickets
from caseflow.db import db, transaction
from caseflow.models import Case, Document, Office, Person, SignedYear, Ticket
from caseflow.moment import now
from caseflow.publications import find
from caseflow.reports.year import as_json, year_report
from caseflow.stages import record
from caseflow.web import api_schema, problems
from tests.publications.test_find import put
from tests.stages.drive import do
from tests.support.office import found, row
from tests.support.pages import HEADERS, Desk
from tests.web.conftest import MONDAY, MORNING, SignInAs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

REQUESTS = "/api/v1/requests"
SENT: dict[str, Any] = {
    "applicant_class": "natural_person", "name": "陈秀兰", "phone": "13805955520", "title": "某村分配方案",
    "content": "二〇二五年", "obtain_by": "网上获取", "form": "电子文本", "electronic": True, "notify": False,
}  # fmt: skip
PROVEN = SENT | {"certificate_type": "居民身份证", "certificate_number": "350581199001011024"}


def file(name: str = "正面.png", content: bytes = b"\x89PNG\r\n\x1a\n") -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


class SiteServer:
    """The server of a website, which asks by its token and keeps no cookies."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client, self.token = app.test_client(use_cookies=False), token

    def ask(self, path: str, body: Any = None, code: str = "", key: str = "", **more: Any) -> TestResponse:
        """An answer, held against what every answer promises."""
        told = {"Authorization": f"Bearer {self.token}", "X-Query-Code": code, "Idempotency-Key": key}
        headers = {name: text for name, text in told.items() if text not in ("", "Bearer ")}
        how: dict[str, Any] = {"method": "GET"} if body is None else {"method": "POST", "json": body}
        with self.client.application.app_context():  # what a request remembers must not reach the next one
            answer = self.client.open(path, headers=headers, **(how | more))
        promised(answer)
        return answer


def promised(answer: TestResponse) -> None:
    """Never a page, a failure or a cookie; what is wrong is told in Chinese."""
    assert "Set-Cookie" not in answer.headers
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code < 400:
        assert answer.mimetype == "application/json"
        return
    assert answer.mimetype == problems.MEDIA
    told = json.loads(answer.text)
    assert told["status"] == answer.status_code
    said = [told["title"], told["detail"], *(one for of in told.get("errors", {}).values() for one in of)]
    assert not [one for one in said if one.isascii()]


def errors(answer: TestResponse) -> dict[str, list[str]]:
    assert answer.status_code == 422, answer.text
    found_: dict[str, list[str]] = json.loads(answer.text).get("errors", {})
    return found_


def cases() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


@pytest.fixture
def site(office: DeskOffice, app: Flask) -> SiteServer:
    return SiteServer(app, sites.add(office.id, "石狮市人民政府门户网站", MORNING).token)


# -- what is sent ----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_what_a_website_sends_is_registered_with_its_files_and_followed_by_number_and_code(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    files = {"identity": [file()], "attachments": [file("委托书.pdf", b"%PDF-1.7")]}
    answer = site.ask(REQUESTS, PROVEN | files)
    assert answer.status_code == 201
    told = answer.json or {}
    assert answer.headers["Location"] == f"{REQUESTS}/{told['number']}"
    assert (told["office"]["code"], told["registration_number"]) == ("SSFB", "2026-1")
    assert (told["submitted"], told["status_page"]) == ("2026-11-23", "/apply/status")
    db.session.rollback()
    ticket = db.session.scalars(select(Ticket)).one()
    case = row(ticket.case_id)
    assert (case.stage, case.channel, case.received_on) == ("register", "online", None)
    assert (ticket.site_id, ticket.electronic, ticket.notify) == (1, True, False)
    kept = record.particulars_of(db.session(), case)
    assert (kept["name"], kept["content"]) == ("陈秀兰", "名称：某村分配方案\n其他特征：二〇二五年")
    papers = db.session.scalars(select(Document).order_by(Document.n)).all()
    assert [(p.name, p.kind, p.desk_only) for p in papers] == [
        ("正面.png", "request", True), ("委托书.pdf", "request", False),
    ]  # fmt: skip

    where = site.ask(answer.headers["Location"], code=tickets.grouped(told["code"]).lower()).json or {}
    assert (where["stage"], where["due"], where["due_told"]) == ("等待确认收到", None, "")
    assert where["steps"] == [{"day": "11月23日 周一", "what": "提出申请"}]
    do(office, ticket.case_id, "confirm_receipt", MONDAY)
    do(office, ticket.case_id, "accept", MONDAY)
    where = site.ask(answer.headers["Location"], code=told["code"]).json or {}
    assert (where["stage"], where["due"]) == ("正在办理", "2026-12-21")
    assert where["due_told"].startswith("12月21日 周一")
    do(office, ticket.case_id, "withdraw", MONDAY)
    over = site.ask(answer.headers["Location"], code=told["code"]).json or {}
    assert (over["stage"], over["due"], over["due_told"]) == ("已经撤回", None, "")
    private = ("陈秀兰", "13805955520", "350581199001011024", "分配方案", told["code"])
    assert not [text for text in private if text in json.dumps(where, ensure_ascii=False)]

    applicant = Desk(app.test_client())
    applicant.get("/apply/status")
    page = applicant.submit({"number": told["number"], "code": told["code"]}, form="/apply/status")
    assert "已经撤回" in page.text


@pytest.mark.both_engines
def test_the_same_sent_again_with_its_key_is_registered_once_and_answered_alike(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    first = site.ask(REQUESTS, SENT, key="a-1")
    again = site.ask(REQUESTS, dict(reversed(SENT.items())), key="a-1")
    assert (first.status_code, again.status_code, again.json, cases()) == (201, 200, first.json, 1)
    assert again.headers["Location"] == first.headers["Location"]
    other = site.ask(REQUESTS, SENT | {"name": "林国栋"}, key="a-1")
    assert (other.status_code, cases()) == (409, 1)
    assert (first.json or {})["code"] not in other.text
    elsewhere = SiteServer(app, sites.add(office.id, "办事网站", MORNING).token)
    codes = {
        (site_.ask(REQUESTS, SENT, key=key).json or {})["code"]
        for site_, key in ((site, "a-1"), (site, "a-2"), (elsewhere, "a-1"), (site, ""), (site, ""))
    }
    assert (len(codes), cases()) == (4, 4)
    # without a key: the same on the same day
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert [site.ask(REQUESTS, SENT).status_code for _ in range(2)] == [201, 200]
    with transaction() as session:
        tickets.renew(session, session.scalars(select(Ticket).order_by(Ticket.case_id)).first() or Ticket())
    assert site.ask(REQUESTS, SENT, key="a-1").status_code == 409  # the code it stood for is no longer one
    assert errors(site.ask(REQUESTS, SENT, key="a 1")).keys() == {"Idempotency-Key"}


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"name": ""}, {"name": "写明姓名或者名称"}),
    ({"name": " " * 101}, {"name": "最多 100 个字，现在有 101 个"}),
    ({"name": "x\x00y"}, {"name": "看不见的控制字符"}),
    ({"name": "\ud800"}, {"name": "看不见的控制字符"}),
    ({"name": ["陈"]}, {"name": "写成文字"}),
    ({"electronic": "true"}, {"electronic": "写成 true 或者 false"}),
    ({"purpose": "科研", "id\ud800": 1}, {"purpose": "没有这个字段", "id\ud800": "没有这个字段"}),
    ({"applicant_class": "公民"}, {"applicant_class": "从列出的选项中选择"}),
    ({"obtain_by": "邮寄"}, {"address": "选了邮寄，写明收件的通信地址"}),
    ({"electronic": False}, {"electronic": "要同意电子送达"}),
    ({"phone": ""}, {"phone": "至少写一样"}),
    ({"notify": True}, {"email": "写明电子邮箱"}),
    ({"title": "", "content": ""}, {"content": "至少写一样"}),
    (PROVEN, {"identity": "写了证件号码，附上证件的照片或者扫描件"}),
    (PROVEN | {"certificate_number": "3505**********1024"}, {"certificate_number": "不要带 * 号"}),
    ({"identity": [file("a.exe", b"MZ")]}, {"identity": "不能上传"}),
    ({"attachments": [file("a.pdf", b"MZ")]}, {"attachments": "不能上传"}),
    ({"attachments": [file(), {"name": "a.pdf", "content": "*"}]}, {"attachments": "第 2 个文件：content 不是 base64"}),
    ({"attachments": [{"name": "a.pdf"}]}, {"attachments": "name 和 content 两项"}),
    ({"attachments": [{"name": "a.pdf", "content": 1}]}, {"attachments": "写成文字"}),
    ({"attachments": [file("")]}, {"attachments": "文件名 1 到 200 个字"}),
    ({"attachments": [file()] * 11}, {"attachments": "最多 10 个文件，现在有 11 个"}),
    ({"office": "nobody"}, {"office": "从列出的选项中选择"}),
    ({"office": "JJSB"}, {"office": "网上窗口现在关闭"}),
]  # fmt: skip


@pytest.mark.both_engines
def test_what_can_t_stand_is_told_at_its_field_and_writes_nothing(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    shut = found("JJSB", "晋江市人民政府办公室")
    with transaction() as session:
        session.get_one(Office, shut.id).counter_open = False
    for change, said in WRONG:
        told = errors(site.ask(REQUESTS, SENT | change))
        assert {name: said[name] in told.get(name, [""])[0] for name in said} == dict.fromkeys(said, True), (
            told
        )
        assert told.keys() == said.keys()
    raw: dict[str, Any] = {"data": b"", "json": None, "content_type": "application/json"}
    bodies: tuple[bytes, ...] = (
        b"", b"{", b"[]", b"7", b'"x"', b"\xff", b"[" * 100_000, b'{"name":' + b"9" * 5000 + b"}", b"NaN",
    )  # fmt: skip
    assert {site.ask(REQUESTS, {}, **raw | {"data": body}).status_code for body in bodies} == {400}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert site.ask(REQUESTS, {}, json=None, data=b"{}", content_type=kind).status_code == 415
    large = {"attachments": [file("a.pdf", b"%PDF-" + b"x" * (19 * 2**20))]}
    assert site.ask(REQUESTS, SENT | large).status_code == 413
    assert cases() == 0


def test_a_request_goes_to_the_organ_that_it_names_else_to_the_site_s_own_and_to_no_other(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    lower = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    mine = SiteServer(app, sites.add(lower.id, "晋江市门户网站", MORNING).token)
    to = {"": lower.id, "SSFB": office.id, "-": office.id}
    for code, of in to.items():
        answer = mine.ask(REQUESTS, SENT | ({"office": code} if code else {}))
        assert answer.status_code == 201, answer.text
        db.session.rollback()
        assert db.session.scalars(select(Case.office_id).order_by(Case.id.desc())).first() == of
    with transaction() as session:  # one open organ is left, and it isn't the site's
        session.execute(update(Person).where(Person.office_id == lower.id).values(disabled=True))
    assert errors(mine.ask(REQUESTS, SENT)).keys() == {"office"}
    assert site.ask(REQUESTS, SENT).status_code == 201


# -- who may ask -----------------------------------------------------------------------------------


def test_without_a_token_that_holds_nothing_is_told_and_nothing_done(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    told = site.ask(REQUESTS, SENT).json or {}
    one = f"{REQUESTS}/{told['number']}"
    old, site_id = site.token, 1
    fresh = sites.issue_anew(office.id, site_id, now()).token
    assert app.test_client().get(one, headers={"Authorization": f"Token {fresh}"}).status_code == 401
    for token in ("", "x", old, f"{fresh}x"):
        stranger = SiteServer(app, token)
        for answer in (stranger.ask(REQUESTS, SENT), stranger.ask(one, code=told["code"])):
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    basic = app.test_client().get(one, headers={"Authorization": "Basic eDp5"})
    assert basic.status_code == 401
    holder = SiteServer(app, fresh)
    assert holder.ask(one, code=told["code"]).status_code == 200
    sites.set_disabled(office.id, site_id, True)
    assert {holder.ask(REQUESTS, SENT).status_code, holder.ask(one, code=told["code"]).status_code} == {403}
    assert cases() == 1


@pytest.mark.both_engines
def test_wrong_number_and_wrong_code_are_answered_alike_and_both_tries_and_requests_are_counted(
    office: DeskOffice, make_app: MakeApp, settings: Settings, site: SiteServer
) -> None:
    told = site.ask(REQUESTS, SENT).json or {}
    number, code = told["number"], told["code"]
    other = str(int(number) + 1 if number[-1] != "9" else int(number) - 1)
    wrong = [site.ask(f"{REQUESTS}/{n}", code=c) for n, c in ((number, "X" + code[1:]), (other, code))]
    assert {(answer.status_code, answer.text) for answer in wrong} == {(404, wrong[0].text)}
    assert errors(site.ask(f"{REQUESTS}/{number}")).keys() == {"X-Query-Code"}
    for _ in range(tickets.TRIES_PER_NUMBER - 1):
        assert site.ask(f"{REQUESTS}/{number}", code="wrong").status_code == 404
    waits = site.ask(f"{REQUESTS}/{number}", code=code)  # the right one, while it waits
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "901")
    for n in range(tickets.TRIES_PER_ADDRESS):  # a website asks for many people
        assert site.ask(f"{REQUESTS}/{10**11 + n}", code=code).status_code == 404
    with time_machine.travel(MORNING + timedelta(minutes=16), tick=False):
        assert site.ask(f"{REQUESTS}/{number}", code=code).status_code == 200
    few = make_app(replace(settings, api_limit=2))
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        busy = SiteServer(few, site.token)
        answers = [busy.ask(REQUESTS, SENT, key=key) for key in "abc"]
        assert [a.status_code for a in answers] == [201, 201, 429]
        assert "请在 10:16 以后再试" in json.loads(answers[-1].text)["detail"]
        reads = [busy.ask("/api/v1/years/2025").status_code for _ in range(3)]
        assert reads == [404, 404, 429]


# -- what is public --------------------------------------------------------------------------------


def sign(office: DeskOffice, year: int, edition: int = 1) -> None:
    frozen = freeze(db.session.get_one(Office, office.id), year)
    data = {**frozen.data, "figures": {**frozen.data["figures"], "channels": {"edition": edition}}}
    by = {"signed_by": office.people["lead"], "signed_at": MORNING, "edition": edition}
    with transaction() as session:
        session.add(SignedYear(office_id=office.id, year=year, hash=frozen.hash, frozen=data, **by))


@pytest.mark.both_engines
def test_a_year_is_read_as_it_was_signed_last_and_not_before(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    anybody = SiteServer(app, "")
    office.replied(date(2025, 11, 3), date(2025, 12, 1))
    assert anybody.ask("/api/v1/years/2025").status_code == 404
    signed = as_json(year_report([office.id], 2025), office.code) | {"channels": {"edition": 1}}
    sign(office, 2025)
    office.replied(date(2025, 11, 4), date(2025, 12, 2), "partial")
    for where in ("/api/v1/years/2025", "/api/v1/years/2025?office=SSFB"):
        assert anybody.ask(where).json == signed
    sign(office, 2025, 2)
    assert anybody.ask("/api/v1/years/2025").json == signed | {"channels": {"edition": 2}}
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    assert (anybody.ask("/api/v1/years/2025").json or {})["office"] == "SSFB"  # the one on top
    with transaction() as session:
        session.get_one(Office, below.id).parent_id = None
    nowhere = (
        "2025", "2024?office=SSFB", "2025?office=JJSB", "2025?office=", "2025?office=%00", "0?office=SSFB",
        "99999999999?office=SSFB", "x?office=SSFB", "-1?office=SSFB",
    )  # fmt: skip
    assert {anybody.ask(f"/api/v1/years/{one}").status_code for one in nowhere} == {404}


def test_published_replies_are_read_page_by_page_by_words_and_organ_and_nothing_else_is(
    office: DeskOffice, app: Flask, site: SiteServer
) -> None:
    anybody, below = SiteServer(app, ""), found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    cases_ = {of.id: of.replied(date(2026, 10, 12), date(2026, 10, 20)) for of in (office, below)}
    mine = [
        put(office, cases_[office.id], n, (f"学府路 {n}", "学府路的结算", "见附件"))
        for n in range(find.PAGE + 1)
    ]
    theirs = put(below, cases_[below.id], 50, ("水库", "水库的验收", "已经验收"))
    hidden = put(office, cases_[office.id], 60, ("学府路", "没有批准", "x"), state="proposed")
    first = anybody.ask("/api/v1/published").json or {}
    assert (first["total"], len(first["replies"])) == (find.PAGE + 2, find.PAGE)
    assert first["replies"][0] == {
        "id": theirs, "title": "水库", "question": "水库的验收", "office": {"code": "JJSB", "name": "晋江市人民政府办公室"},
        "published_on": first["replies"][0]["published_on"], "page": f"/published/{theirs}",
    }  # fmt: skip
    rest = anybody.ask(first["next"]).json or {}
    assert ([one["id"] for one in rest["replies"]], rest["next"]) == ([mine[1], mine[0]], None)
    for asked, total in {"q=水库": 1, "q=学府": len(mine), "office=JJSB": 1, "q=水库&office=SSFB": 0}.items():
        assert (anybody.ask(f"/api/v1/published?{asked}").json or {})["total"] == total
    narrow = anybody.ask("/api/v1/published?q=学府&office=SSFB").json or {}
    last = anybody.ask(narrow["next"]).json or {}
    assert ([one["id"] for one in last["replies"]], last["total"]) == ([mine[0]], len(mine))
    one = anybody.ask(f"/api/v1/published/{theirs}").json or {}
    assert (one["answer"], one["files"], one["page"]) == ("已经验收", [], f"/published/{theirs}")
    assert one["ground"]
    for wrong in (
        f"published/{hidden}",
        "published/999",
        "published/x",
        "published?office=nobody",
        "published?office=%00",
    ):
        assert anybody.ask(f"/api/v1/{wrong}").status_code == 404
    for name, value in {"q": "x" * 101, "after": "2026-13-01"}.items():
        assert errors(anybody.ask(f"/api/v1/published?{name}={value}")).keys() == {name}
    assert errors(anybody.ask("/api/v1/published?q=%00")).keys() == {"q"}
    assert (anybody.ask("/api/v1/published?after=2026-13-01.1").json or {})["total"] == find.PAGE + 2


# -- the interface ---------------------------------------------------------------------------------


@contextmanager
def breaking(app: Flask, endpoint: str, error: Exception) -> Iterator[None]:
    """A view that fails."""
    view = app.view_functions[endpoint]

    def broken(**arguments: Any) -> Any:
        raise error

    broken.allowed = frozenset({"public"})  # type: ignore[attr-defined]
    app.view_functions[endpoint] = broken
    app.testing = False
    try:
        yield
    finally:
        app.view_functions[endpoint], app.testing = view, True


def test_no_answer_to_a_program_is_a_page_whatever_happens(app: Flask, site: SiteServer) -> None:
    asked = {"/api/v1/nowhere": 404, "/api/v2/requests": 404, "/api/v1/requests/": 404, REQUESTS: 405}
    assert {path: site.ask(path).status_code for path in asked} == asked
    assert "POST" in site.ask(REQUESTS).headers["Allow"]
    with breaking(app, "api_public.year", ValueError("x")):
        told = json.loads(site.ask("/api/v1/years/2025").text)
    assert (told["status"], "故障号" in told["detail"]) == (500, True)
    with breaking(app, "api_public.year", OSError(28, "No space left on device")):
        assert site.ask("/api/v1/years/2025").status_code == 503
    inside = site.client.get("/api/v1/years/2025", headers={"Cookie": "session=x"})
    promised(inside)


def test_the_document_names_every_field_of_the_public_s_form_and_is_served_where_there_is_no_desk(
    make_app: MakeApp, settings: Settings
) -> None:
    app = make_app(replace(settings, only="counter", public_url="https://gk.example.gov.cn"))
    answer = SiteServer(app, "").ask("/api/v1/openapi.json")
    told = answer.json or {}
    assert (told["openapi"], told["servers"]) == ("3.1.0", [{"url": "/api/v1"}])
    paths = {f"/api/v1{path}".replace("{", "<").replace("}", ">") for path in told["paths"]}
    served = {
        rule.rule.replace("<int:", "<").replace("publication_", "")
        for rule in app.url_map.iter_rules()
        if "/api/" in rule.rule
    }
    assert served == paths | {"/api/v1/openapi.json"}
    wanted = told["components"]["schemas"]["Request"]
    with app.test_request_context():
        typed = {field.name for field in api_schema.ApiForm(formdata=None)} - {"key"}
    assert set(wanted["properties"]) == typed | {"identity", "attachments"}
    assert wanted["required"] == ["applicant_class", "name", "obtain_by", "form"]
    assert wanted["properties"]["name"] == {
        "type": "string", "title": "姓名或者名称", "maxLength": 100, "minLength": 1,
    }  # fmt: skip
    assert wanted["properties"]["certificate_type"]["enum"][:2] == ["", "居民身份证"]
    with app.app_context():
        office = found()
        site = SiteServer(app, sites.add(office.id, "门户网站", MORNING).token)
        below = {"base_url": "http://localhost/gk", "headers": {"Authorization": f"Bearer {site.token}"}}
        told = [
            site.ask(REQUESTS, SENT),
            site.client.post(REQUESTS, json=SENT, **below),
        ]  # behind a proxy's prefix
        pages = [(answer.json or {})["status_page"] for answer in told]
        assert pages == ["https://gk.example.gov.cn/apply/status"] * 2


# -- the administrator's page ----------------------------------------------------------------------


def test_the_administrator_adds_a_website_and_sees_its_token_once(
    office: DeskOffice, app: Flask, sign_in_as: SignInAs
) -> None:
    admin = sign_in_as("admin-ssfb", latin=("http", "localhost", "api", "openapi"))
    assert "还没有网站" in admin.get("/admin/sites").text
    assert "写明网站的名称" in admin.submit({"name": " "}).errors
    page = admin.submit({"name": "石狮市人民政府门户网站"})
    first = page.one(".hash").text
    assert "2028年11月22日" in page.text
    assert "http://localhost/api/v1/openapi.json" in page.text
    assert SiteServer(app, first).ask(REQUESTS, SENT).status_code == 201
    listed = admin.get("/admin/sites")
    assert first not in listed.response.text
    for text in ("石狮市人民政府门户网站", "11月23日 周一", "2028年11月22日", "1 件", "在用"):
        assert text in listed.text
    admin.submit({"name": "石狮市人民政府门户网站"}, form="添加，签发令牌")
    assert admin.page is not None
    assert "这个网站已经有了" in admin.page.errors
    admin.get("/admin/sites")
    page = admin.submit(form="/token")
    second = page.one(".hash").text
    assert "原来的令牌已经失效" in page.text
    states: list[int | str] = []
    for form in ("/disable", "/enable"):
        states += [
            SiteServer(app, token).ask(f"{REQUESTS}/1", code="x").status_code for token in (first, second)
        ]
        admin.get("/admin/sites")
        states += [admin.submit(form=form).one("tbody .light").text]
    assert states == [401, 404, "已停用", 401, 403, "在用"]
    with time_machine.travel(MORNING + sites.LASTS + timedelta(days=1), tick=False):
        assert "已过期" in sign_in_as("admin-ssfb").get("/admin/sites").text
