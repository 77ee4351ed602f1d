"""From a number to its cases, and from a case to its cells."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.reports.register import case, keep, replied, shishi_2020
from tests.support.office import row

if TYPE_CHECKING:
    from tests.support.office import DeskOffice


def behind(office: DeskOffice, year: int, key: str, column: str, edition: str = "") -> list[str]:
    from caseflow.reports.cells import cell, cell_cases

    page = cell_cases([office.id], cell(year, key, column, edition))
    return [c.number for c in page.cases]


def proceeding(office: DeskOffice, case_id: int, n: int, opened: date, **columns: Any) -> Any:
    from caseflow.models import ProceedingRow

    plain: dict[str, Any] = {"kind": "reconsideration", "after_reconsideration": False}
    closed = columns.get("closed_on")
    years = {"new_year": opened.year, "result_year": closed.year if closed else None}
    return ProceedingRow(
        case_id=case_id, n=n, office_id=office.id, opened_on=opened, **plain | years | columns
    )


def table4(office: DeskOffice, year: int) -> dict[tuple[str, str], int]:
    """The cells of table 4 that aren't 0, without the totals."""
    from caseflow.reports.year import year_report

    blocks = year_report([office.id], year).table.proceedings
    return {(b, s): n for b, states in blocks.items() for s, n in states.items() if n and s != "total"}


def test_the_cases_behind_the_cells_of_2020_are_those_of_the_published_table(office: DeskOffice) -> None:
    shishi_2020(office.id)
    assert behind(office, 2020, "new", "natural_person") == [f"2020-{n}" for n in range(1, 8)]
    assert behind(office, 2020, "granted", "total") == ["2020-1", "2020-5"]
    assert behind(office, 2020, "unavailable", "total") == ["2020-2", "2020-3", "2020-4", "2020-6"]
    assert behind(office, 2020, "suit_direct", "pending") == ["2020-2"]
    assert behind(office, 2020, "channels", "in_person") == ["2020-3"]
    assert behind(office, 2020, "on_time", "replied") == behind(office, 2020, "on_time", "on_time")
    assert behind(office, 2020, "on_time", "late") == behind(office, 2020, "new", "enterprise") == []


def test_other_processing_of_2020_holds_what_three_rows_hold_from_2021(office: DeskOffice) -> None:
    for n, code in enumerate(("other_correction_lapsed", "other_fee_unpaid", "other")):
        keep(case(office.id, f"{n}", result=code, result_year=2020, closed_on=date(2020, 5, 6)))
    assert behind(office, 2020, "other", "total") == ["0", "1", "2"]
    assert behind(office, 2020, "other", "total", "2021") == ["2"]
    assert behind(office, 2020, "otherwise", "total", "2021") == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("key", "column"),
    [
        ("new", "upheld"), ("granted", ""), ("nothing", "total"), ("", ""), ("reconsideration", "natural_person"),
        ("channels", "total"), ("on_time", "total"), ("other_fee_unpaid", "total"), ("suit", "total"),
    ],
)  # fmt: skip
def test_a_cell_that_the_form_of_2020_does_not_have_is_unknown(key: str, column: str) -> None:
    from caseflow.reports.cells import cell

    with pytest.raises(KeyError):
        cell(2020, key, column)


# -- table 4: every proceeding alive in the year, in the state it had on 31 December -----------------


def test_a_proceeding_stands_in_every_year_it_lives_and_closes_in_one(office: DeskOffice) -> None:
    (case_id,) = keep(replied(office.id, "1", date(2022, 3, 1), date(2022, 3, 9), date(2022, 3, 29)))
    keep(proceeding(office, case_id, 1, date(2022, 12, 30), closed_on=date(2024, 1, 2), result="corrected"))
    assert [table4(office, y) for y in range(2021, 2026)] == [
        {},
        {("reconsideration", "pending"): 1},
        {("reconsideration", "pending"): 1},
        {("reconsideration", "corrected"): 1},
        {},
    ]


def test_closing_on_31_december_is_still_this_year_and_on_1_january_the_next(office: DeskOffice) -> None:
    (case_id,) = keep(replied(office.id, "1", date(2022, 3, 1), date(2022, 3, 9), date(2022, 3, 29)))
    keep(
        proceeding(office, case_id, 1, date(2022, 6, 1), closed_on=date(2022, 12, 31), result="upheld"),
        proceeding(office, case_id, 2, date(2022, 6, 1), closed_on=date(2023, 1, 1), result="upheld"),
    )
    assert table4(office, 2022) == {("reconsideration", "upheld"): 1, ("reconsideration", "pending"): 1}
    assert table4(office, 2023) == {("reconsideration", "upheld"): 1}


def test_a_suit_after_reconsideration_has_its_own_block(office: DeskOffice) -> None:
    (case_id,) = keep(replied(office.id, "1", date(2022, 3, 1), date(2022, 3, 9), date(2022, 3, 29)))
    keep(
        proceeding(office, case_id, 1, date(2022, 4, 1), closed_on=date(2022, 5, 30), result="upheld"),
        proceeding(office, case_id, 2, date(2022, 6, 1), kind="suit", after_reconsideration=True),
        proceeding(office, case_id, 3, date(2022, 6, 1), kind="suit"),
    )
    assert table4(office, 2022) == {
        ("reconsideration", "upheld"): 1,
        ("suit_after_reconsideration", "pending"): 1,
        ("suit_direct", "pending"): 1,
    }


def test_a_case_with_two_proceedings_in_one_cell_stands_there_once_and_counts_twice(
    office: DeskOffice,
) -> None:
    from caseflow.reports.cells import cell, count_proceedings

    (case_id,) = keep(replied(office.id, "1", date(2022, 3, 1), date(2022, 3, 9), date(2022, 3, 29)))
    keep(proceeding(office, case_id, 1, date(2022, 4, 1)), proceeding(office, case_id, 2, date(2022, 5, 1)))
    assert behind(office, 2022, "reconsideration", "pending") == ["1"]
    assert count_proceedings([office.id], cell(2022, "reconsideration", "pending")) == 2


# -- pages -----------------------------------------------------------------------------------------


def test_pages_of_a_cell_follow_each_other_without_loss_and_lead_back(office: DeskOffice) -> None:
    from caseflow.reports.cells import cell, cell_cases

    keep(*(case(office.id, f"{n}") for n in range(120)))
    where, pages, after = cell(2020, "new", "total"), [], 0
    while True:
        page = cell_cases([office.id], where, after)
        pages.append(page)
        if page.after is None:
            break
        after = page.after
    assert [len(p.cases) for p in pages] == [50, 50, 20]
    assert [c.number for p in pages for c in p.cases] == [f"{n}" for n in range(120)]
    assert [p.words for p in pages] == [
        f"第 {a}–{z} 件，共 120 件" for a, z in ((1, 50), (51, 100), (101, 120))
    ]
    assert pages[0].before is None
    back = cell_cases([office.id], where, before=pages[2].before or 0)
    assert [c.id for c in back.cases] == [c.id for c in pages[1].cases]


def test_offset_paging_would_miss_a_case_when_one_before_it_leaves_its_cell(office: DeskOffice) -> None:
    """Rivals page with LIMIT and OFFSET: cases moving in between are missed or doubled."""
    from caseflow.db import transaction
    from caseflow.models import Case
    from caseflow.reports.cells import cell, cell_cases

    ids = keep(*(case(office.id, f"{n}") for n in range(60)))
    where = cell(2020, "new", "natural_person")
    first = cell_cases([office.id], where)
    with transaction() as session:
        session.get_one(Case, ids[0]).applicant_class = "enterprise"
    second = cell_cases([office.id], where, first.after or 0)
    assert [c.number for c in second.cases] == [f"{n}" for n in range(50, 60)]
    assert second.words == "第 50–59 件，共 59 件"


def test_a_page_whose_place_is_gone_begins_anew(office: DeskOffice) -> None:
    from caseflow.reports.cells import cell, cell_cases

    keep(case(office.id, "1"))
    page = cell_cases([office.id], cell(2020, "new", "total"), after=10**12)
    assert [c.number for c in page.cases] == ["1"]


# -- from a case to its cells ----------------------------------------------------------------------


def uses(case_id: int, today: date) -> list[tuple[str, int, str]]:
    from caseflow.reports.cells import cells_of

    found = cells_of(row(case_id), today, row(case_id).proceedings)
    return [(use.when, use.year, use.label) for use in found]


def test_an_open_case_says_where_it_counts_and_where_it_will(office: DeskOffice) -> None:
    case_id = office.accepted(date(2026, 11, 2))
    assert uses(case_id, date(2026, 11, 22)) == [
        ("已计入", 2026, "一、本年新收 × 自然人"),
        ("答复后计入", 2026, "三、本年度办理结果，按结果 × 自然人"),
        ("跨年未办结计入", 2026, "四、结转下年度 × 自然人"),
    ]


def test_a_case_carried_over_says_so_in_both_years(office: DeskOffice) -> None:
    case_id = office.replied(
        date(2024, 12, 20), date(2025, 1, 10), "refused_process", applicant_class="research"
    )
    assert uses(case_id, date(2026, 11, 22)) == [
        ("已计入", 2024, "一、本年新收 × 科研机构"),
        ("已计入", 2024, "四、结转下年度 × 科研机构"),
        ("已计入", 2025, "二、上年结转 × 科研机构"),
        ("已计入", 2025, "三（三）不予公开 6. 属于四类过程性信息 × 科研机构"),
    ]


def test_a_case_says_which_cells_of_table_4_its_proceedings_stand_in(office: DeskOffice) -> None:
    case_id = office.replied(date(2024, 3, 1), date(2024, 3, 11))
    keep(proceeding(office, case_id, 1, date(2024, 4, 1), closed_on=date(2025, 1, 6), result="corrected"))
    assert uses(case_id, date(2026, 11, 22))[2:] == [
        ("已计入", 2024, "表四 行政复议 × 尚未审结"),
        ("已计入", 2025, "表四 行政复议 × 结果纠正"),
    ]


def test_a_request_not_yet_received_by_law_feeds_no_cell(office: DeskOffice) -> None:
    (case_id,) = keep(case(office.id, "1", received_on=None))
    assert uses(case_id, date(2026, 11, 22)) == []


def test_every_cell_a_case_says_it_stands_in_has_it(office: DeskOffice) -> None:
    from caseflow.reports.cells import COUNTED, cell, cell_cases, cells_of

    today = date(2026, 11, 22)
    ids = shishi_2020(office.id)
    ids.append(office.replied(date(2024, 12, 20), date(2025, 1, 10), "partial"))
    ids.append(office.accepted(date(2025, 12, 29)))
    for case_id in ids:
        for use in cells_of(row(case_id), today, row(case_id).proceedings):
            if use.when == COUNTED:
                page = cell_cases([office.id], cell(use.year, use.row, use.column))
                assert case_id in [c.id for c in page.cases], use
