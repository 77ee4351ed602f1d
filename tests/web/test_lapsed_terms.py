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
        "征求意见的期限（11月2日 周一）已过：可以办理“登记意见”（条例第三十二、三十四条）。",
    ),
    (
        "consult_joint_organ", {"delivered": OCTOBER}, "clerk", "登记意见",
        "征求意见的期限（11月2日 周一）已过：可以办理“登记意见”（条例第三十二、三十四条）。",
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
