"""提出申请: the public's form without a script, from the empty page to the receipt; nothing typed is ever lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import func, select

from caseflow.counter import applications, tickets
from caseflow.db import db, transaction
from caseflow.models import Case, Document, Office, Ticket
from caseflow.stages import record, signin
from caseflow.stages.errors import Refused
from caseflow.web.headers import LARGEST, MEGABYTE
from tests.support.browser import layout
from tests.support.hostile import TRICKS, UNSEEN, WRONG
from tests.support.office import found
from tests.support.pages import TOKEN, Desk, Page, values_of
from tests.web.conftest import MORNING
from tests.web.test_publishing_pages import published

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Page as Screen

    from tests.support.office import DeskOffice

TYPED = {
    "applicant_class": "natural_person", "name": "陈秀兰", "certificate_type": "居民身份证",
    "certificate_number": "350581199001011024", "phone": "13805955520", "email": "chen@example.cn",
    "address": "福建省石狮市八七路 88 号", "title": "某村分配方案", "content": "二〇二五年\n下宅三区",
    "obtain_by": "邮寄", "form": "纸质", "+electronic": "y",
}  # fmt: skip
CONTENT = "名称：某村分配方案\n其他特征：二〇二五年\n下宅三区"
NUMBER = re.compile(r"\d{4} \d{4} \d{4}")
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")
LATIN = ("example", "chen")  # of addresses


@pytest.fixture
def somebody(office: DeskOffice, app: Flask) -> Desk:
    """A browser that says where a form comes from, as all do."""
    return Desk(app.test_client(), LATIN, headers={"Origin": "http://localhost"})


def scan(name: str = "身份证.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"\x89PNG\r\n\x1a\n"), name


def looked_over(somebody: Desk, **other: Any) -> Page:
    somebody.get("/apply")
    page = somebody.submit(TYPED | other)
    assert page.h1 == "核对申请", page.errors
    return page


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def carried(page: Page, form: str) -> dict[str, Any]:
    """What a form of the page holds, but for what no one typed."""
    held = {name: values[0].strip() for name, values in values_of(page.form(form)).items() if values}
    return {name: value for name, value in held.items() if name not in ("csrf_token", "key")}


def test_a_request_is_typed_looked_over_changed_sent_with_its_files_and_answered_by_a_receipt(
    monday: None, somebody: Desk
) -> None:
    page = looked_over(somebody, contact_person="自己")  # hidden for a citizen
    for text in ("陈秀兰", "350581199001011024", "邮寄", "石狮市人民政府办公室", "同意"):
        assert text in page.text
    assert "不止一件" not in page.text
    held = carried(page, "/apply/send")
    back = somebody.post("/apply", {**held, "csrf_token": somebody.token(), "change": "1"})
    assert back.h1 == "申请公开政府信息"
    assert back.errors == []
    kept = carried(back, "/apply")
    assert {name: value.replace("\r\n", "\n") for name, value in kept.items()} == {
        name.removeprefix("+"): value for name, value in (TYPED | {"agent": "", "contact_person": "自己", "document_no": ""}).items()
    }  # fmt: skip
    assert cases() == []

    somebody.submit({"+notify": "y"}, form="/apply")
    page = somebody.submit({"identity": scan(), "attachments": [scan("委托书.png"), scan("说明.png")]})
    number, code = (pattern.search(page.text) for pattern in (NUMBER, CODE))
    assert page.status == 200
    assert page.h1 == "申请已经收下"
    assert number
    assert code
    assert "只显示这一次" in page.text
    assert "20 个工作日" in page.text
    (case,) = cases()
    assert (case.stage, case.channel, case.received_on) == ("register", "online", None)
    files = db.session.scalars(select(Document.name).order_by(Document.n)).all()
    assert files == ["身份证.png", "委托书.png", "说明.png"]
    said = record.particulars_of(db.session(), case)
    assert (said["name"], said["contact_person"]) == ("陈秀兰", "")
    assert said["content"].replace("\r\n", "\n") == CONTENT
    wishes = select(Ticket.electronic, Ticket.notify)
    assert tuple(db.session.execute(wishes).one()) == (True, True)

    made = somebody.submit(form="/apply/receipt.docx").response
    with ZipFile(io.BytesIO(made.get_data())) as word:
        text = re.sub("<[^>]+>", "", word.read("word/document.xml").decode())
    assert all(said in text for said in (number[0], code[0], "2026年11月23日 星期一", case.number))


def test_a_page_sent_twice_is_taken_in_once_and_shows_its_code_once(somebody: Desk) -> None:
    page = looked_over(somebody, certificate_type="", certificate_number="")
    assert "没有写身份证明" in page.text
    held = values_of(page.form())
    assert CODE.search(somebody.post("/apply/send", held).text)
    again = somebody.post("/apply/send", held)
    assert again.h1 == "这份申请已经收下过"
    assert not CODE.search(again.text)
    assert not NUMBER.search(again.text)
    assert len(cases()) == 1
    with db.engine.connect() as line:
        assert line.scalar(select(func.count()).select_from(Ticket)) == 1


def test_what_is_missing_is_said_at_its_field_and_all_of_it_at_once(somebody: Desk) -> None:
    somebody.get("/apply")
    page = somebody.submit()
    assert page.status == 422
    bad = {node.attrs["id"] for node in page.all(".err")}
    assert bad == {
        f"{name}-error" for name in ("applicant_class", "name", "phone", "content", "obtain_by", "form")
    }
    told = {
        node.attrs.get("aria-describedby", "").split()[-1]
        for node in page.root.walk()
        if node.attrs.get("aria-invalid")
    }
    assert told == bad
    page = somebody.submit(
        TYPED
        | {"address": "", "email": "chen@example", "name": "陈\u200b秀兰", "document_no": "长" * 61}
        | {"certificate_number": "3505**********1024", "content": "长" * 5000}
    )
    said = {node.attrs["id"]: node.text for node in page.all(".err")}
    assert said == {
        "address-error": "选了邮寄，写明收件的通信地址",
        "email-error": "电子邮箱写成 name@example.cn 这样",
        "name-error": "含有看不见的控制字符（第 2 个字），请删去后重新输入",
        "certificate_number-error": "写完整的号码，不要带 * 号",
        "content-error": "最多 5000 个字，现在有 5080 个",
        "document_no-error": "最多 60 个字，现在有 61 个",
    }
    assert carried(page, "/apply")["title"] == TYPED["title"]


def test_a_bad_file_comes_back_to_where_it_was_chosen(somebody: Desk) -> None:
    looked_over(somebody, content="1. 方案\n2. 明细")
    page = somebody.submit({"identity": (io.BytesIO(b"MZ"), "证.exe")})
    assert page.status == 422
    assert page.h1 == "核对申请"
    assert page.one("#identity-error").text == "“证.exe”不能上传：身份证明只收 PDF、JPG、JPEG、PNG"
    assert "看起来不止一件事" in page.text
    assert cases() == []
    page = somebody.submit({"identity": scan(), "attachments": (io.BytesIO(b"MZ"), "方案.pdf")})
    assert "“方案.pdf”不能上传" in page.one("#attachments-error").text
    assert somebody.submit({"identity": scan()}).h1 == "申请已经收下"


def test_whoever_sends_too_much_waits_with_all_that_was_typed(app: Flask, somebody: Desk) -> None:
    most = app.extensions["caseflow"]["settings"].counter_limit
    assert most == 20
    with time_machine.travel(MORNING, tick=False) as clock:
        with transaction() as session:
            for _ in range(most):
                signin.take(session, {signin.subject("apply", "127.0.0.1"): most}, MORNING)
                session.flush()
        looked_over(somebody)
        page = somebody.submit({"identity": scan()})
        assert page.status == 429
        assert page.response.headers["Retry-After"] == "901"
        assert "请在 09:16 以后再提交" in page.errors[0]
        assert carried(page, "/apply/send")["phone"] == TYPED["phone"]
        assert cases() == []
        clock.shift(timedelta(minutes=15, seconds=1))
        assert somebody.submit({"identity": scan()}).h1 == "申请已经收下"


def test_a_page_too_old_is_shown_again_with_what_was_typed(somebody: Desk) -> None:
    page = looked_over(somebody)
    held = values_of(page.form())
    page = somebody.post("/apply/send", held | {"csrf_token": "of another session"})
    assert page.status == 400
    assert "没有提交：这一页放得太久" in page.text
    assert carried(page, "/apply")["certificate_number"] == TYPED["certificate_number"]
    assert somebody.submit(form="/apply").h1 == "核对申请"


def test_of_several_organs_one_is_chosen_in_their_tree_or_the_one_on_top_takes_it(
    office: DeskOffice, somebody: Desk
) -> None:
    found("JY", "教育局", office.id)
    page = somebody.get("/apply?office=JY")
    options = [(node.attrs["value"], node.text) for node in page.one("#office").all("option")]
    assert [value for value, _ in options] == ["", "SSFB", "JY", "-"]
    assert options[3][1] == "不确定：由石狮市人民政府办公室先收下"
    assert carried(page, "/apply")["office"] == "JY"
    assert "教育局" in page.one("aside").text
    somebody.submit(TYPED | {"office": "-"})
    somebody.submit({"identity": scan()})
    somebody.get("/apply")
    somebody.submit(TYPED | {"office": "JY"})
    with transaction() as session:
        session.scalars(select(Office).where(Office.code == "JY")).one().counter_open = False
    page = somebody.submit({"identity": scan()})
    assert page.status == 422
    assert "教育局的网上窗口现在关闭" in page.one("#office-error").text
    assert [case.office_id for case in cases()] == [office.id]
    assert somebody.get("/apply?office=JY").h1 == "网上窗口现在关闭"


def test_a_closed_counter_names_the_other_ways_and_takes_nothing(office: DeskOffice, somebody: Desk) -> None:
    held = values_of(looked_over(somebody).form())
    with transaction() as session:
        session.get_one(Office, office.id).counter_open = False
    for page in (somebody.get("/apply"), somebody.post("/apply", held), somebody.post("/apply/send", held)):
        assert page.h1 == "网上窗口现在关闭"
        assert "八七路 88 号" in page.text
        assert "362700" in page.text
        assert "0595-88880000" in page.text
    assert page.status == 422
    assert CONTENT.split("\n")[0] in "".join(map(str, page.one("textarea").children))
    assert cases() == []


def test_a_counter_that_closes_while_one_sends_gives_back_what_was_typed(
    somebody: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*asked: object) -> None:
        raise Refused(applications.CLOSED, "office")

    looked_over(somebody)
    monkeypatch.setattr(applications, "apply", closed)
    page = somebody.submit({"identity": scan()})
    assert (page.status, page.h1) == (422, "申请公开政府信息")
    assert page.one("#office-error").text == applications.CLOSED
    assert carried(page, "/apply")["phone"] == TYPED["phone"]


def test_the_receipt_is_for_whoever_has_both_number_and_code(somebody: Desk) -> None:
    looked_over(somebody, certificate_type="", certificate_number="")
    page = somebody.submit()
    held = values_of(page.form())
    assert somebody.post("/apply/receipt.docx", held).status == 200
    wrong = [{"code": "A" * 12}, {"number": "1" * 12}, {"number": "", "code": ""}]
    answers = {
        (page.status, page.text)
        for page in (somebody.post("/apply/receipt.docx", held | one) for one in wrong)
    }
    assert len(answers) == 1
    assert tickets.WRONG in answers.pop()[1]


def test_whatever_is_sent_to_the_last_page_it_never_fails_and_what_is_refused_writes_nothing(
    app: Flask, somebody: Desk
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    values = values_of(looked_over(somebody).form())
    somebody.latin |= {word.lower() for text in (*UNSEEN, *WRONG) for word in TOKEN.findall(text)}
    for place, trick in enumerate(TRICKS):
        status = somebody.status("/apply/send", TRICKS[trick](values, place))
        assert status in {400, 422}, trick
    assert cases() == []


@layout
def test_a_draft_stays_in_the_browser_without_numbers_and_goes_once_the_request_is_taken(
    office: DeskOffice, live_server: str, page: Screen, tmp_path: Path
) -> None:
    """By keyboard alone, but for choosing the file."""
    draft = "localStorage.getItem('caseflow-application')"
    page.goto(f"{live_server}/apply")
    page.get_by_label("姓名或者名称").fill("陈秀兰")
    page.get_by_role("button", name="下一步").press("Enter")
    page.wait_for_selector(".errs")
    assert page.evaluate(draft) is None  # nobody asked for one
    page.get_by_label("在这台设备上保存草稿").press("Space")
    page.get_by_role("radio", name="公民").press("Space")
    page.get_by_label("证件", exact=False).first.select_option("居民身份证")
    for label, text in (
        ("证件号码", "350581199001011024"),
        ("联系电话", "13805955520"),
        ("名称 选填", "分配方案"),
    ):
        page.get_by_label(label).last.fill(text)
    page.get_by_label("获取方式").select_option("当面领取")
    page.get_by_label("提供形式").select_option("纸质")
    page.get_by_role("button", name="下一步").press("Enter")
    page.wait_for_selector("#identity")
    kept = page.evaluate(draft)
    assert "陈秀兰" in kept
    assert "分配方案" in kept
    assert "350581199001011024" not in kept
    assert "13805955520" not in kept

    page.goto(f"{live_server}/apply")
    page.get_by_role("button", name="取回").press("Enter")
    assert page.get_by_role("radio", name="公民").is_checked()
    assert (
        page.input_value("#title"),
        page.input_value("#phone"),
        page.input_value("#certificate_number"),
    ) == ("分配方案", "", "")
    page.fill("#phone", "13805955520")
    page.fill("#certificate_number", "350581199001011024")
    page.press("#phone", "Enter")
    page.wait_for_selector("#identity")
    proof = tmp_path / "证.png"
    proof.write_bytes(b"\x89PNG\r\n\x1a\n")
    large = tmp_path / "大.pdf"
    large.write_bytes(b"%PDF-" + bytes(LARGEST * MEGABYTE))
    page.set_input_files("#identity", [proof, large])
    page.get_by_role("button", name="提交申请").press("Enter")
    assert "超过 25 MB" in page.inner_text("[data-told]")
    page.set_input_files("#identity", proof)
    page.get_by_role("button", name="提交申请").press("Enter")
    page.wait_for_selector("[data-taken]")
    assert CODE.search(page.inner_text("main"))
    assert page.evaluate(draft) is None


def test_what_is_published_already_is_offered_before_the_form_is_sent(
    monday: None, office: DeskOffice, somebody: Desk
) -> None:
    published(office, title="学府路改造的结算", question="学府路改造工程的结算报告")
    page = somebody.get("/apply")
    assert page.form("/apply").attrs["data-matching"] == "/published/matching"
    offered = looked_over(somebody, title="学府路改造工程的结算报告", content="")
    assert "已公开的答复里可能就有" in offered.text
    assert "学府路改造的结算" in offered.text
    assert "已公开的答复里" not in looked_over(somebody, title="养老机构名册", content="").text
