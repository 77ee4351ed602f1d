"""文书: what can be issued stands on the case, is looked at first, and is handed out exactly as it was issued."""

from __future__ import annotations

import pytest

from caseflow.files import store
from caseflow.letters import preview
from tests.stages.drive import do
from tests.support.office import DeskOffice, approve, archive, found, seq
from tests.support.pages import Desk
from tests.web.conftest import MONDAY, SignInAs

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def case_id(office: DeskOffice) -> int:
    """A case whose reply, a partial release, the lead has approved."""
    case_id = office.accepted(MONDAY)
    do(office, case_id, "draft_reply", MONDAY, result="partial")
    approve(office.work("lead", MONDAY), case_id)
    return case_id


def address(desk: Desk, case_id: int, title: str) -> str:
    """Where the page of letters leads for one."""
    page = desk.get(f"/cases/{case_id}/letters")
    return next(a.attrs["href"] for a in page.all("ul.acts a") if a.text == title)


PARTIAL = {
    "a0": "《审核报告》正文", "a1": "纸质复印件，随本告知书邮寄", "a2": "第三方的报价", "a3": "涉及商业秘密",
}  # fmt: skip


def test_a_reply_is_looked_at_then_issued_and_handed_out_as_it_was(case_id: int, desk: Desk) -> None:
    page = desk.get(address(desk, case_id, "政府信息部分公开告知书"))
    assert "还不能出具" in page.text
    assert "填写公开内容" in page.text
    looked = desk.submit({**PARTIAL, "+preview": "1"}, form="/letters/reply_partial/3")
    letter = looked.one(".letter").text
    for words in (
        "政府信息部分公开告知书",
        "（出具时编号）",
        "林国栋",
        "《审核报告》正文",
        "2026年11月23日",
        "先向泉州市人民政府",
    ):
        assert words in letter, words
    last = seq(case_id)
    issued = desk.submit(PARTIAL, form="/letters/reply_partial/3")
    assert seq(case_id) == last + 1
    row = issued.one("table.list").text
    assert "狮政公开复〔2026〕第1号" in row
    assert "11月23日 周一" in row
    link = next(a.attrs["href"] for a in issued.all("table.list a"))
    answer = desk.get(link).response
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "狮政公开复〔2026〕第1号" in preview.text(answer.data)
    case = desk.get(f"/cases/{case_id}").text
    assert "王敏出具《政府信息部分公开告知书》狮政公开复〔2026〕第1号。" in case


def test_looking_issues_nothing(case_id: int, desk: Desk) -> None:
    desk.get(address(desk, case_id, "政府信息部分公开告知书"))
    last = seq(case_id)
    desk.submit({**PARTIAL, "+preview": "1"}, form="/letters/reply_partial/3")
    assert seq(case_id) == last
    assert list(store.all_kept()) == []


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(case_id: int, desk: Desk) -> None:
    desk.get(address(desk, case_id, "政府信息部分公开告知书"))
    page = desk.submit({**PARTIAL, "a3": ""}, form="/letters/reply_partial/3")
    assert page.status == 422
    assert any("填写理由" in error for error in page.errors)
    assert "《审核报告》正文" in page.text


def test_a_second_version_voids_the_first_which_stays(case_id: int, desk: Desk) -> None:
    where = address(desk, case_id, "政府信息部分公开告知书")
    for words in ("第一稿", "第二稿"):
        page = desk.get(where)
        page = desk.submit({**PARTIAL, "a0": words}, form="/letters/reply_partial/3")
    lines = [row.text for row in page.all("table.list tr")][1:]
    assert ["作废" in line for line in lines] == [False, True]
    assert ["第 2 版" in line for line in lines] == [True, False]
    texts = [preview.text(desk.get(a.attrs["href"]).response.data) for a in page.all("table.list a")]
    assert ("第二稿" in texts[0], "第一稿" in texts[1]) == (True, True)
    page = desk.get(where)
    assert "第二稿" in page.text  # what was typed for it is there to be mended
    assert "前一版作废" in page.text


def test_a_letter_the_case_can_not_issue_says_so(case_id: int, desk: Desk) -> None:
    page = desk.get(f"/cases/{case_id}/letters/fee/2")
    assert page.status == 422
    assert "不能出具《政府信息公开信息处理费收费通知书》" in page.text
    assert desk.get(f"/cases/{case_id}/letters/unknown/2").status == 404


def test_what_the_office_has_not_set_is_said_before_anything_is_typed(
    office: DeskOffice, case_id: int, desk: Desk
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office

    with transaction() as session:
        session.get_one(Office, office.id).court = ""
    where = address(desk, case_id, "政府信息部分公开告知书")
    desk.get(where)
    page = desk.submit({**PARTIAL, "+preview": "1"}, form="/letters/reply_partial/3")
    assert "网上申请行政复议的途径）还没有设置，请系统管理员在“机关”里填写" in page.text


def test_an_office_without_its_word_is_told_so_with_the_preview_but_a_further_version_has_its_number(
    office: DeskOffice, case_id: int, desk: Desk
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office

    receipt, where = (
        address(desk, case_id, t) for t in ("政府信息公开申请登记回执", "政府信息部分公开告知书")
    )
    desk.get(receipt)
    desk.submit({}, form="/letters/receipt/1")
    with transaction() as session:
        session.get_one(Office, office.id).letter_word = ""
    assert "机关代字还没有设置" in desk.get(where).one(".empty").text
    looked = desk.submit({**PARTIAL, "+preview": "1"}, form="/letters/reply_partial/3")
    assert "机关代字还没有设置" in looked.one(".empty").text
    assert "狮政公开回〔2026〕第1号" in desk.get(receipt).one(".letter").text
    assert "第 2 版" in desk.submit({}, form="/letters/receipt/1").one("table.list").text


def test_an_archived_case_offers_no_letter_and_says_why(
    office: DeskOffice, case_id: int, desk: Desk, sign_in_as: SignInAs
) -> None:
    where = address(desk, case_id, "政府信息部分公开告知书")
    do(office, case_id, "send_reply", MONDAY)
    do(office, case_id, "deliver_reply", MONDAY)
    archive(office.work("clerk", MONDAY), case_id, MONDAY)
    page = desk.get(f"/cases/{case_id}/letters")
    assert page.all("ul.acts a") == []
    assert "不能再出具" in page.text
    assert "案件在“已归档”阶段" in page.text
    page = desk.get(where)
    assert (page.status, "案件在“已归档”阶段" in page.text) == (422, True)
    assert "不能再出具" not in sign_in_as("supervisor-ssfb").get(f"/cases/{case_id}/letters").text


def test_a_supervisor_reads_letters_and_issues_none(case_id: int, desk: Desk, sign_in_as: SignInAs) -> None:
    desk.get(address(desk, case_id, "政府信息部分公开告知书"))
    page = desk.submit(PARTIAL, form="/letters/reply_partial/3")
    link = page.all("table.list a")[0].attrs["href"]
    supervisor = sign_in_as("supervisor-ssfb")
    assert supervisor.get(link).status == 200
    assert supervisor.get(f"/cases/{case_id}/letters").forms() == []
    assert supervisor.get(f"/cases/{case_id}/letters/reply_partial/3").status == 403
    found("JJSB", "晋江市人民政府办公室")
    stranger = sign_in_as("clerk-jjsb")
    assert stranger.get(link).status == 404
    assert stranger.get(f"/cases/{case_id}/letters").status == 404


def test_a_letter_is_not_found_under_another_case(office: DeskOffice, case_id: int, desk: Desk) -> None:
    desk.get(address(desk, case_id, "政府信息部分公开告知书"))
    desk.submit(PARTIAL, form="/letters/reply_partial/3")
    other = office.accepted(MONDAY)
    assert desk.get(f"/cases/{other}/letters/1.docx").status == 404
