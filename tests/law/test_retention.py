"""保存期限: from which 1 January on the personal data of an archived case are no longer kept."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.law import guards
from caseflow.law.retention import is_due
from tests.law.days import CALENDAR
from tests.law.histories import Told, accepted, case, registered

SENT: Told = ("send_reply", "周三 2026-10-14", {"result": "granted", "how": "ems"})
ARCHIVED = (registered(), accepted(), SENT, ("archive", "周四 2026-12-31"))
OPENED: Told = ("open_proceeding", "周一 2027-03-01", {"n": 1, "kind": "suit"})
CLOSED: Told = ("close_proceeding", "周五 2028-12-29", {"n": 1, "result": "upheld"})
MASKED: Told = ("mask_personal", "周一 2029-01-01", {"years": 2})

EVE, NEW_YEAR = date(2028, 12, 31), date(2029, 1, 1)


@pytest.mark.parametrize(
    ("steps", "today", "years", "due"),
    [
        # archived on the last day of 2026, two whole years: 2027 and 2028
        (ARCHIVED, EVE, 2, False),
        (ARCHIVED, NEW_YEAR, 2, True),
        (ARCHIVED, date(2035, 6, 5), 2, True),  # a missed year is caught up
        (ARCHIVED, NEW_YEAR, 3, False),
        (ARCHIVED[:-1], date(2050, 1, 1), 1, False),  # never archived
        # a suit keeps it as long as it runs, and then for as many whole years again
        ((*ARCHIVED, OPENED), date(2050, 1, 1), 2, False),
        ((*ARCHIVED, OPENED, CLOSED), date(2030, 12, 31), 2, False),
        ((*ARCHIVED, OPENED, CLOSED), date(2031, 1, 1), 2, True),
        # a reply voided after the archiving opens the case again
        ((*ARCHIVED, ("void_reply", "周一 2027-01-04")), date(2050, 1, 1), 1, False),
        # masked: not again, unless something came since
        ((*ARCHIVED, MASKED), date(2050, 1, 1), 2, False),
        ((*ARCHIVED, MASKED, ("open_proceeding", "周二 2029-01-02", {"n": 1, "kind": "suit"})), date(2050, 1, 1), 2, False),
        (
            (*ARCHIVED, MASKED, ("open_proceeding", "周二 2029-01-02", {"n": 1, "kind": "suit"}),
             ("close_proceeding", "周三 2029-01-03", {"n": 1, "result": "upheld"})),
            date(2032, 1, 1), 2, True,
        ),
    ],
)  # fmt: skip
def test_a_case_is_due_once_whole_years_have_passed_after_the_last_that_was_done(
    steps: tuple[Told, ...], today: date, years: int, due: bool
) -> None:
    assert is_due(case(*steps), today, years) is due


def test_masking_says_nothing_of_the_case_s_own_course() -> None:
    before, after = case(*ARCHIVED), case(*ARCHIVED, MASKED)
    assert (after.masked, after.masked_at, after.seq) == (date(2029, 1, 1), 5, 5)
    assert (after.latest, after.stage, after.result) == (before.latest, before.stage, before.result)


def test_what_was_masked_takes_nothing_more_but_the_proceedings_that_table_4_counts() -> None:
    desk = guards.Desk(case(*ARCHIVED, MASKED), None, CALENDAR, date(2029, 2, 1), 3, "lead")
    for act in ("correct", "add_files", "void_reply"):
        assert (
            guards.refusal(desk, act)
            == "个人信息已于 2029年1月1日 星期一 隐去，只能登记复议、诉讼和审结，撤下公开的答复"
        )
    assert guards.refusal(desk, "open_proceeding") == ""
