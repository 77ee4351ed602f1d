"""公开答复: proposed and decided at the desk; read, found and fetched by everybody; nothing else is there for them."""

from __future__ import annotations

import io

import pytest

from tests.stages.drive import do
from tests.support.office import DeskOffice, seq
from tests.web.conftest import MONDAY, SignInAs

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
    page = clerk.submit(SAID | {"answer": "林国栋，13812345678", "note": "急"})
    assert page.status == 422
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
