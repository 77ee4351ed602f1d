"""A term of somebody outside has lapsed: the case page says so and offers the act, with its article."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.office import row
from tests.support.pages import Page
from tests.web.conftest import MONDAY, SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

RECEIVED = date(2026, 9, 28)
OCTOBER = date(2026, 10, 12)

# act that starts the term, what its form says, who may act on the lapse, the act offered first, what is said
LAPSES: tuple[tuple[str, dict[str, Any], str, str, str], ...] = (
    (
        "request_correction", {"until": date(2026, 10, 30)}, "lead", "逾期不补正",
        "申请人补正的期限（10月30日 周五）已过：可以办理“逾期不补正”（条例第三十条）。",
    ),
    (
        "fee_notice", {"told": OCTOBER}, "lead", "逾期未缴费",
        "缴费的期限（11月9日 周一）已过：可以办理“逾期未缴费”（条例第四十二条）。",
    ),
    (
        "consult_third_party", {"delivered": OCTOBER}, "clerk", "登记意见",
        "征求意见的期限（11月2日 周一）已过：可以办理“登记意见”（条例第三十二条）。第三方未提出意见的，由本机关决定。",
    ),
    (
        "consult_joint_organ", {"delivered": OCTOBER}, "clerk", "登记意见",
        "征求意见的期限（11月2日 周一）已过：可以办理“登记意见”（条例第三十四条）。"
        "共同制作机关未答复的，视为同意公开。",
    ),
    (
        "ask_reasons", {"until": date(2026, 10, 30)}, "clerk", "拟答复",
        "说明理由的期限（10月30日 周五）已过：可以办理“拟答复”（条例第三十五条）。",
    ),
)  # fmt: skip


def waiting(office: DeskOffice, act: str, given: dict[str, Any], today: date = OCTOBER) -> int:
    from tests.stages.drive import do

    received = RECEIVED if today == OCTOBER else today
    case_id = office.accepted(received)
    do(office, case_id, act, today if act != "request_correction" else received, **given)
    return case_id


def likely(page: Page) -> list[str]:
    """The act that is offered before the others."""
    return [a.text for a in page.all("a.btn-primary")]


@pytest.mark.parametrize(("act", "given", "who", "offered", "said"), LAPSES, ids=[line[0] for line in LAPSES])
def test_the_case_page_says_what_the_lapse_lets_the_office_do_and_offers_it_first(
    office: DeskOffice,
    sign_in_as: SignInAs,
    act: str,
    given: dict[str, Any],
    who: str,
    offered: str,
    said: str,
) -> None:
    case_id = waiting(office, act, given)
    page = sign_in_as(f"{who}-ssfb").get(f"/cases/{case_id}")
    assert said in page.text
    assert [words for words in likely(page) if offered in words], likely(page)
    assert row(case_id).closed_on is None
    (link,) = [a for note in page.all("p.note-soon") for a in note.all("a")]
    assert link.text == offered
    assert sign_in_as(f"{who}-ssfb").get(link.attrs["href"]).status == 200


@pytest.mark.parametrize(
    ("act", "given", "other", "said"),
    [
        (
            "request_correction",
            {"until": date(2026, 10, 30)},
            "clerk",
            "由负责人办理“逾期不补正”（条例第三十条）。",
        ),
        ("fee_notice", {"told": OCTOBER}, "supervisor", "由负责人办理“逾期未缴费”（条例第四十二条）。"),
        ("consult_third_party", {"delivered": OCTOBER}, "lead", "由经办人办理“登记意见”（条例第三十二条）。"),
    ],
)
def test_whose_it_is_not_is_told_whose_it_is_and_led_nowhere(
    office: DeskOffice, sign_in_as: SignInAs, act: str, given: dict[str, Any], other: str, said: str
) -> None:
    page = sign_in_as(f"{other}-ssfb").get(f"/cases/{waiting(office, act, given)}")
    assert said in page.text
    assert [a for note in page.all("p.note-soon") for a in note.all("a")] == []


def test_the_silence_of_each_is_told_with_its_own_article_and_in_the_record_too(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from tests.stages.drive import do

    case_id = waiting(office, "consult_third_party", {"delivered": OCTOBER})
    do(office, case_id, "consult_joint_organ", OCTOBER)
    do(office, case_id, "deliver_consultation", OCTOBER, n=2)
    clerk = sign_in_as("clerk-ssfb")
    notes = [note.text for note in clerk.get(f"/cases/{case_id}").all("p.note-soon")]
    assert len([note for note in notes if "已过：" in note]) == 2
    do(office, case_id, "record_opinion", MONDAY, n=2, opinion="silent", delivered=None)
    do(office, case_id, "record_opinion", MONDAY, n=1, opinion="silent", delivered=None)
    third, joint, delivered = [li.text for li in clerk.get(f"/cases/{case_id}").all("ol.hist li")][:3]
    assert "第三方 15 个工作日内没有提出意见，由本机关决定。" in third
    assert "条例第三十二条" in third
    assert "视为同意公开" in joint
    assert "条例第三十四条" in joint
    assert "条例第三十四条" in delivered


def test_an_act_that_is_not_open_yet_is_no_link(office: DeskOffice, sign_in_as: SignInAs) -> None:
    from tests.stages.drive import do

    case_id = waiting(office, "ask_reasons", {"until": date(2026, 10, 30)})
    do(office, case_id, "draft_reply", MONDAY)
    page = sign_in_as("clerk-ssfb").get(f"/cases/{case_id}")
    assert "可以办理“拟答复”（条例第三十五条），现在还不能：案件在“答复”阶段。" in page.text


@pytest.mark.parametrize("act", [line[0] for line in LAPSES])
def test_while_the_term_runs_nothing_of_the_kind_is_said(
    office: DeskOffice, sign_in_as: SignInAs, act: str
) -> None:
    last = {"until": MONDAY} if act in {"request_correction", "ask_reasons"} else {}
    case_id = (
        waiting(office, act, {"delivered": MONDAY, "told": MONDAY} | last, MONDAY)
        if not last
        else (waiting(office, act, last))
    )
    assert "已过：" not in sign_in_as("lead-ssfb").get(f"/cases/{case_id}").text
