"""保密审查 by its page, the approval that waits for it, and the folder that names what it lacks."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.office import row, seq
from tests.support.pages import Desk, Page, values_of
from tests.web.conftest import MONDAY, SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

STEPS = {
    "first_by": "王敏", "first_on": "2026-11-23", "second_by": "陈晓", "second_on": "2026-11-23",
    "final_by": "李建华", "on": "2026-11-23", "conclusion": "open", "note": "已隐去银行账号",
}  # fmt: skip


@pytest.fixture
def case_id(office: DeskOffice) -> int:
    """A case received a week ago, whose draft releases everything."""
    from caseflow.stages import reply

    case_id = office.accepted(date(2026, 11, 16))
    reply.draft_reply(office.work("clerk", MONDAY), case_id, seq(case_id), "granted", "依据")
    return case_id


def likely(page: Page) -> list[str]:
    """The act that a case page offers first."""
    return [a.text for li in page.all("li.lead-act") for a in li.all("a")]


def lacking(page: Page) -> list[str]:
    """What the case page says is missing from the folder."""
    panels = [s for s in page.all("section.panel") if [h.text for h in s.all("h2")] == ["现在可以办"]]
    return [li.text for panel in panels for ul in panel.all("ul.plain") for li in ul.all("li")]


def test_the_three_steps_ascend_and_who_began_does_not_sign_and_everything_typed_stays(
    case_id: int, desk: Desk
) -> None:
    page = desk.get(f"/cases/{case_id}/acts/review_secrecy")
    shown = values_of(page.form())
    assert [shown[name] for name in ("first_by", "first_on", "second_on", "on")] == [
        ["王敏"], ["2026-11-23"], ["2026-11-23"], ["2026-11-23"],
    ]  # fmt: skip
    lines = [[f.attrs["name"] for f in line.all("input")] for line in page.all("div.level")]
    assert lines == [["first_by", "first_on"], ["second_by", "second_on"], ["final_by", "on"]]
    last = seq(case_id)
    for wrong, field, says in (
        ({"second_on": "2026-11-20"}, "second_on", "复审日期不能早于初审日期"),
        ({"first_on": "2026-11-19", "second_on": "2026-11-20", "on": "2026-11-19"}, "on", "审签日期不能早于复审日期"),
        ({"final_by": " 王敏 "}, "final_by", "初审和审签要由不同的人办理"),
        ({"second_by": " "}, "second_by", "填写复审人"),
        ({"on": "2026-11-24"}, "on", "日期不能晚于今天（11月23日）"),
        ({"first_on": "11月下旬"}, "first_on", "写成 2026-12-04"),
        ({"conclusion": ""}, "conclusion", "选择审查结论"),
    ):  # fmt: skip
        desk.get(f"/cases/{case_id}/acts/review_secrecy")
        page = desk.submit(STEPS | wrong)
        assert page.status == 422
        assert says in page.one(f"#{field}-error").text
        assert len(page.all(".err")) == 1, page.errors
        typed = {
            name: "".join(values).strip()
            for name, values in values_of(page.form("/acts/review_secrecy")).items()
        }
        sent = {name: value.strip() for name, value in (STEPS | wrong).items()}
        assert {name: typed.get(name, "") for name in STEPS} == sent
        assert seq(case_id) == last
    page = desk.submit(STEPS)
    assert (page.status, page.path) == (200, f"/cases/{case_id}")
    words = "保密审查：王敏初审，陈晓复审，李建华审签；结论：不涉及国家秘密和其他不得公开的内容，可以公开。"
    assert words in page.one("ol.hist").text


def test_the_lead_approves_a_release_only_after_a_review_that_lets_it_out(
    case_id: int, desk: Desk, sign_in_as: SignInAs
) -> None:
    lead = sign_in_as("lead-ssfb")
    case, review = f"/cases/{case_id}", f"/cases/{case_id}/acts/review_secrecy"
    why = "答复公开了信息，先要完成保密审查（第十七条）：初审、复审、审签"

    def reviewed(conclusion: str) -> None:
        desk.get(review)
        assert desk.submit(STEPS | {"conclusion": conclusion}).status == 200

    page = desk.get(case)
    assert likely(page) == ["保密审查"]
    assert (review, "保密审查") in [(a.attrs["href"], a.text) for a in desk.get("/").all("td.next a")]
    page = lead.get(case)
    assert likely(page) == ["保密审查"]
    assert f"审签：{why}" in page.one("details.shut").text
    page = lead.get(f"{case}/acts/approve_reply")
    assert why in page.text
    assert page.forms() == []
    reviewed("partial")
    contrary = "与答复的结果不符：重新审查，或者退回"
    assert contrary in lead.get(f"{case}/acts/approve_reply").text
    assert likely(desk.get(case)) == ["保密审查"]
    reviewed("open")
    assert likely(desk.get(case)) == []
    assert likely(lead.get(case)) == ["审签"]
    lead.get(f"{case}/acts/approve_reply")
    assert lead.submit().status == 200
    assert row(case_id).draft_approved is True
    assert "答复稿已经审签；要重新审查的，先退回" in desk.get(review).text


def test_the_case_page_names_what_the_folder_lacks_and_leads_to_where_it_is_put_in(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.replied(date(2026, 11, 2), date(2026, 11, 20))
    case = f"/cases/{case_id}"
    page = desk.get(case)
    assert lacking(page) == [
        "答复文书：出具文书，或者存入材料", "发出凭据：存入材料", "保密审查表：出具文书，或者存入材料",
    ]  # fmt: skip
    assert "归档：卷内还缺答复文书、发出凭据、保密审查表" in page.one("details.shut").text
    assert lacking(sign_in_as("supervisor-ssfb").get(case)) == ["答复文书", "发出凭据", "保密审查表"]
    assert f"{case}/letters" in page.links()
    assert desk.get(f"{case}/letters").status == 200
    desk.get(f"{case}/acts/archive")
    assert "卷内还缺答复文书、发出凭据、保密审查表" in desk.page.text  # type: ignore[union-attr]
    links = [link for link in page.links() if link.startswith(f"{case}/files?kind=")]
    assert [link.partition("=")[2] for link in links] == ["reply", "dispatch", "review"]
    for left, link in zip((2, 1, 0), links, strict=True):
        kind = link.partition("=")[2]
        assert values_of(desk.get(link).form("/files"))["kind"] == [kind]
        assert desk.submit({"files": [(io.BytesIO(b"%PDF-1.7 scan"), f"{kind}.pdf")]}).status == 200
        assert len(lacking(desk.get(case))) == left
    assert values_of(desk.get(f"{case}/files?kind=secret").form("/files"))["kind"] == [""]
    desk.get(f"{case}/acts/archive")
    assert "已归档" in desk.submit().text
