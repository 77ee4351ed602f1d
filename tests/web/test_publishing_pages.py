"""公开答复: proposed and decided at the desk; read, found and fetched by everybody; nothing else is there for them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from caseflow.closing import sign
from caseflow.closing.freeze import freeze
from caseflow.db import db, transaction
from caseflow.models import Office, Publication, SignedYear
from tests.stages.drive import ANSWER, do, scan
from tests.support.office import DeskOffice, seq
from tests.support.pages import Desk
from tests.support.statements import listening
from tests.web.conftest import MONDAY, SignInAs
from tests.web.test_access_matrix import writing

pytestmark = pytest.mark.usefixtures("monday")

PDF = b"%PDF-1.7 report"
SAID = {
    "title": "学府路改造的结算", "question": "学府路改造工程的结算报告", "answer": "结算价 1,280 万元，报告见附件。",
    "ground": "several",
}  # fmt: skip


def test_a_clerk_proposes_and_the_lead_decides_on_what_is_shown(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    clerk, lead = sign_in_as("clerk-ssfb", ("docx",)), sign_in_as("lead-ssfb")
    case = office.replied(MONDAY, MONDAY)
    do(office, case, "add_files", MONDAY, file="released")
    page = clerk.get(f"/cases/{case}")
    assert f"/cases/{case}/publication" in page.links()
    clerk.get(f"/cases/{case}/publication")
    page = clerk.submit(SAID | {"answer": "林国栋，13812345678", "ground": "", "question": "", "note": "急"})
    assert page.status == 422
    assert {"选择公开的理由", "写上要的是什么信息"} <= set(page.errors), "all at once"
    assert "手机号码 138****5678、申请人姓名或者名称 林**" in page.one("#answer-error").text
    assert page.one("#title").attrs["value"] == SAID["title"]
    file = (io.BytesIO(PDF), "结算报告.pdf")
    page = clerk.submit(SAID | {"files": [file]})
    assert (page.status, "逐页核对过没有个人信息" in page.one("#looked-error").text) == (422, True)
    assert "要重新选一次" in page.text
    page = clerk.submit(SAID | {"files": [(io.BytesIO(PDF), "结算报告.pdf")], "looked": "y"})
    assert page.status == 200
    assert "等负责人批准" in page.text
    assert "第 1 版已经提出，等负责人决定" in page.text

    assert "1 件公开答复" in lead.get("/").text
    assert SAID["title"] in lead.get("/publishing").one("table").text
    page = lead.get(f"/cases/{case}/publication")
    (link,) = [href for href in page.links() if href.endswith("/publication/1/1")]
    sent = lead.get(link).response
    assert (sent.data, sent.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    lead.get(f"/cases/{case}/publication")
    page = lead.submit({}, form="/approve")
    assert (page.status, "逐页核对" in page.one("#decide-looked-error").text) == (422, True)
    page = lead.submit({"decide-looked": "y"}, form="/approve")
    assert "第 1 版 · 已公开" in page.text
    history = clerk.get(f"/cases/{case}").one(".hist").text
    assert "李建华批准公开第 1 版，任何人都可以查阅。" in history
    assert "王敏提出公开答复第 1 版：多个申请人申请相同的信息，附文件 1 个，报负责人批准。" in history

    lead.get(f"/cases/{case}/acts/withdraw_publication")
    lead.submit({"note": "数字有误"})
    assert "第 1 版 · 已撤下" in lead.get(f"/cases/{case}/publication").text
    assert "没有这样的公开答复" in lead.get("/publishing").text
    assert SAID["title"] in lead.get("/publishing?state=withdrawn").text


def test_who_comes_second_sees_what_was_done_meanwhile(office: DeskOffice, sign_in_as: SignInAs) -> None:
    lead = sign_in_as("lead-ssfb")
    case = office.replied(MONDAY, MONDAY)
    do(office, case, "propose_publication", MONDAY)
    lead.get(f"/cases/{case}/publication")
    do(office, case, "deliver_reply", MONDAY)
    page = lead.submit({}, form="/approve")
    assert (page.status, "刚刚有人办过" in page.text) == (409, True)
    before = seq(case)
    assert "已公开" in lead.submit({}, form="/approve").text
    assert seq(case) == before + 1


def published(office: DeskOffice, **words: str) -> int:
    """A case whose reply everybody may read; the id of what is published."""
    from dataclasses import replace

    case = office.replied(MONDAY, MONDAY)
    upload = scan("结算报告.pdf", PDF)
    do(
        office,
        case,
        "propose_publication",
        MONDAY,
        answer=replace(ANSWER, **words),
        uploads=[upload],
        looked=True,
    )
    do(office, case, "approve_publication", MONDAY, looked=True)
    return db.session.scalars(select(Publication.id).order_by(Publication.id.desc())).first() or 0


def test_everybody_reads_finds_and_fetches_what_stands_public_and_nothing_else_is_there(
    office: DeskOffice, app: Flask
) -> None:
    anyone = Desk(app.test_client(), ("json", "csv"))
    empty = anyone.get("/published")
    assert (empty.status, "还没有公开的答复" in empty.text) == (200, True)
    one = published(office, title="学府路改造的结算", answer="结算价 1,280 万元\n见附件")
    other = published(office, title="隧道概算")
    assert anyone.get("/published").one("ol.hits").text.index("隧道概算") < anyone.get(
        "/published"
    ).text.index("学府路")
    page = anyone.get("/published?q=学府+结算")
    assert [mark.text for mark in page.all(".hits a mark")] == ["学府", "结算"]
    assert "隧道概算" not in page.text
    assert "没有找到" in anyone.get("/published?q=没有的词&office=x&year=99&after=1").text
    page = anyone.get(f"/published/{one}")
    said = page.one("main").text
    assert "11月23日 星期一 公开" in said
    for hidden in ("2026-", "林国栋", "王敏", "李建华", "第 1 版"):
        assert hidden not in said
    file = anyone.get(f"/published/{one}/files/1").response
    assert (file.data, file.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    assert {
        anyone.get(f"/published/{path}").status for path in (f"{one}/files/2", "999", f"{other}/files/9")
    } == {404}

    case = row_of(one)
    do(office, case, "propose_publication", MONDAY)
    waiting = one + 2
    assert {anyone.get(f"/published/{path}").status for path in (waiting, f"{waiting}/files/1")} == {404}
    assert anyone.get(f"/published/{one}").status == 200
    do(office, case, "approve_publication", MONDAY)
    assert anyone.get(f"/published/{one}").path == f"/published/{waiting}", "who kept the address is led on"
    assert anyone.get(f"/published/{one}/files/1").status == 404
    do(office, case, "withdraw_publication", MONDAY)
    gone = {anyone.get(f"/published/{path}").status for path in (one, waiting, f"{one}/files/1")}
    assert gone == {404}
    assert "学府路" not in anyone.get("/published").text


def row_of(publication_id: int) -> int:
    return db.session.get_one(Publication, publication_id).case_id


def test_what_is_public_already_is_offered_while_somebody_types(office: DeskOffice, app: Flask) -> None:
    anyone, key = (
        Desk(app.test_client()),
        published(office, title="学府路改造的结算", question="学府路改造工程的结算报告"),
    )
    anyone.get("/apply")
    asked = {
        "csrf_token": anyone.token(),
        "title": "学府路改造工程",
        "content": "想要结算的报告",
        "name": "林国栋",
    }
    with writing(app) as written, listening(db.engine) as said:
        page = anyone.post("/published/matching", asked)
    assert page.links() == [f"/published/{key}"]
    assert written == []
    assert len(said) <= 4
    assert anyone.post("/published/matching", asked | {"title": "另一件事", "content": ""}).text == ""
    assert anyone.post("/published/matching", asked | {"csrf_token": ""}).status == 400


def test_every_signed_year_is_public_as_it_was_signed_in_every_form(office: DeskOffice, app: Flask) -> None:
    anyone, code = Desk(app.test_client(), ("docx", "json", "csv", "html")), office.code
    office.replied(date(2025, 3, 3), date(2025, 3, 10))
    assert "还没有签发的年度报告" in anyone.get("/published/reports").text
    assert anyone.get(f"/published/reports/{office.id}/2025").status == 404
    row = db.session.get_one(Office, office.id)
    sign.sign(office.work("lead", MONDAY), 2025, freeze(row, 2025).hash)
    office.replied(date(2025, 4, 1), date(2025, 4, 10))  # recorded afterwards: of no signed figure
    page = anyone.get("/published/reports")
    assert "2025 年度报告" in page.text
    links = [href for href in page.links() if f"/reports/{office.id}/2025" in href]
    assert len(links) == 5
    read = anyone.get(links[0])
    assert read.h1 == "石狮市人民政府办公室 2025 年政府信息公开工作年度报告"
    assert "李建华" not in read.text
    for ending in ("docx", "html", "json", "csv"):
        sent = anyone.get(f"{links[0]}.{ending}").response
        assert sent.status_code == 200
        assert "attachment" in sent.headers["Content-Disposition"]
        told = parts(sent.data) if ending == "docx" else sent.data
        assert "李建华".encode() not in told
        assert "石狮市".encode() in told or ending == "json"
        if ending == "json":
            told_ = json.loads(told)
            assert (told_["office"], told_["year"], told_["signed_on"]) == (code, 2025, "2026-11-23")
            assert told_["new"] == [1, 0, 0, 0, 0, 0, 1], "the second came after the signature"
            assert told_["results"]["granted"][0] == 1
            assert set(told_["proceedings"]) == {
                "reconsideration",
                "suit_direct",
                "suit_after_reconsideration",
            }
        if ending == "csv":
            lines = [line.split(",") for line in told.decode("utf-8-sig").splitlines()]
            new = {line[4]: line[5] for line in lines if line[3].startswith("一、本年新收")}
            assert (new["自然人"], new["总计"], len(lines)) == ("1", "1", 1 + 25 * 7 + 15)
    assert anyone.get(f"{links[0]}.xlsx").status == 404
    anew = {"office_id": office.id, "year": 2025, "edition": 2, "hash": "2", "explanation": "更正"}
    by = {"signed_by": office.people["lead"], "signed_at": office.work("lead", MONDAY).now}
    frozen = dict(freeze(db.session.get_one(Office, office.id), 2025).data)
    with transaction() as session:
        session.add(SignedYear(**anew, **by, frozen=frozen))
    assert "第 2 版" in anyone.get("/published/reports").text
    assert json.loads(anyone.get(f"{links[0]}.json").response.data)["signed_edition"] == 2


def parts(file: bytes) -> bytes:
    """All that stands in a Word file."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
