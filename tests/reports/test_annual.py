"""年度报告: the seed's report anew, in three kinds of file with the same figures; drafts with versions; fees."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from lxml import html

from caseflow.law import annual_two
from caseflow.law.annual import OTHER, PARTS, PROBLEMS, REQUESTS
from caseflow.letters.page import MADE
from tests.law.test_annual import PUBLISHED, SEED_TWO
from tests.reports.register import shishi_2020
from tests.support.office import seq

if TYPE_CHECKING:
    from docx.table import Table
    from lxml.etree import _Element

    from caseflow.law.annual_tables import Grid
    from caseflow.reports.annual.report import AnnualReport
    from caseflow.stages.annual import Draft
    from tests.support.office import DeskOffice

SEED = json.loads((Path(__file__).parent / "shishi-2020-year-table.json").read_text(encoding="utf-8"))
PROBLEM = "一年来，公开的内容还不够细。\n下一步，每季度核对一次目录 <清单> & 说明。"


def draft(office: DeskOffice, seen: int, year: int = 2020, who: str = "clerk") -> Draft:
    from caseflow.stages.annual import Draft

    return Draft(office.people[who], office.id, year, seen, datetime(2021, 1, 5, 1, tzinfo=UTC))


def report(office: DeskOffice, year: int, edition: str = "", version: int | None = None) -> AnnualReport:
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.reports.annual.report import annual_report, older_report

    db.session.rollback()
    whose = db.session.get_one(Office, office.id)
    found = annual_report(whose, year, edition) if version is None else older_report(whose, year, version)
    assert found is not None
    return found


def written(office: DeskOffice) -> None:
    """The office's words and part two of 2020, the seed's figures."""
    from caseflow.stages import annual

    annual.save_text(draft(office, 0), PROBLEMS, PROBLEM)
    annual.save_figures(draft(office, 1), SEED_TWO)


# --- what the three files say, each read by itself -----------------------------------------------


def of_word(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def of_sheet(sheet: Any) -> list[list[str]]:
    rows = [
        [sheet.cell(r, c).value for c in range(1, sheet.max_column + 1)] for r in range(3, sheet.max_row + 1)
    ]
    for area in sheet.merged_cells.ranges:
        for r in range(max(area.min_row, 3), area.max_row + 1):
            for c in range(area.min_col, area.max_col + 1):
                rows[r - 3][c - 1] = sheet.cell(area.min_row, area.min_col).value
    return [["" if value is None else str(value) for value in row] for row in rows]


def of_page(table: _Element) -> list[list[str]]:
    found: dict[tuple[int, int], str] = {}
    lines = table.findall(".//tr")
    for r, line in enumerate(lines):
        c = 0
        for cell in line:
            while (r, c) in found:
                c += 1
            for over in range(int(cell.get("rowspan", "1"))):
                for beside in range(int(cell.get("colspan", "1"))):
                    found[r + over, c + beside] = cell.text_content()
    width = max(c for _, c in found) + 1
    return [[found[r, c] for c in range(width)] for r in range(len(lines))]


def of_form(grid: Grid) -> list[list[str]]:
    return [[grid.at(r, c).text for c in range(len(grid.widths))] for r in range(grid.height)]


def heads_of(root: Any, row: _Element) -> list[str]:
    """What the first figure of a row says it stands under and beside."""
    names = row.findall("td")[0].get("headers") or ""
    return [root.get_element_by_id(name).text_content() for name in names.split()]


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_word_sheet_and_page_hold_the_same_tables_and_words_cell_by_cell(
    office: DeskOffice, edition: str
) -> None:
    from caseflow.reports.annual import website, word, workbook

    shishi_2020(office.id)
    written(office)
    found = report(office, 2020, edition)
    forms = [of_form(grid) for grid in found.grids]
    assert [len(form) for form in forms] == ([18, 26, 4] if edition == "2019" else [14, 28, 4])

    document = docx.Document(io.BytesIO(word.report_file(found.paper())))
    assert [of_word(table) for table in document.tables] == forms
    told = [p.text for p in document.paragraphs if p.text]
    assert told[:2] == ["石狮市人民政府办公室 2020 年政府信息公开工作年度报告", found.preamble]
    assert [text for text in told if text in PARTS.values()] == list(PARTS.values())
    assert told[told.index(PARTS[PROBLEMS]) + 1 :][:2] == PROBLEM.split("\n")

    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(found.paper())))
    assert book.properties.modified == MADE  # no clock
    assert book.sheetnames == ["表二", "表三", "表四"]
    assert [of_sheet(sheet) for sheet in book] == forms
    assert {type(book["表三"].cell(6, c).value) for c in range(4, 11)} == {int}  # values, not formulas

    root = html.document_fromstring(website.website(found.paper()).decode())
    assert [of_page(table) for table in root.iter("table")] == forms
    assert [h.text_content() for h in root.iter("h2")] == list(PARTS.values())
    assert [p for p in PROBLEM.split("\n") if p not in {e.text_content() for e in root.iter("p")}] == []
    names = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(names)) == len(names)
    for cell in root.iter("td"):
        assert set((cell.get("headers") or "").split()) <= set(names)
    assert not [e for e in root.iter("script", "link", "img", "iframe") if e is not None]
    rows = {
        label: next(r for r in root.iter("tr") if label in r.text_content())
        for label in ("规范性文件", "（一）予以公开")
    }
    normative, granted = (heads_of(root, row) for row in rows.values())
    assert (normative[0], normative[-1]) == ("第二十条第（一）项", rows["规范性文件"][0].text_content())
    assert len(normative) == 3
    assert granted == ["申请人情况", "自然人", "三、本年度办理结果", "（一）予以公开"]

    for make in (word.report_file, workbook.workbook, website.website):
        assert make(found.paper()) == make(report(office, 2020, edition).paper()), (
            "the same figures, the same bytes"
        )


def test_the_report_of_2020_is_the_published_one_cell_by_cell_and_its_paragraph_agrees(
    office: DeskOffice,
) -> None:
    from caseflow.published.docx import grids
    from caseflow.published.grid import Budget
    from caseflow.published.layout import figures
    from caseflow.reports.annual import word
    from caseflow.reports.annual.report import as_data

    shishi_2020(office.id)
    written(office)
    found = report(office, 2020)
    table = found.counted.table
    assert table.edition == SEED["edition"]
    for row in ("new", "carried_in", "results_total", "carried_out"):
        assert list(table.cells[row]) == SEED[row]
    assert {row.key: list(table.cells[row.key]) for row in table.result_rows} == SEED["results"]
    assert {block: dict(states) for block, states in table.proceedings.items()} == SEED["proceedings"]
    two = of_form(found.grids[0])
    assert [row[1:] for row in two if row[0] in ("规章", "规范性文件")] == [
        ["0", "0", "0"],
        ["17", "17", "30"],
    ]
    assert {text for row in two[4:] for text in row if text.isdigit()} == {"0"}
    assert found.read("general", PUBLISHED, True).differences == ()
    assert found.part(OTHER).text == "无。"
    assert [(p.key, p.wrong, p.blank) for p in found.parts if p.wrong or p.blank] == []

    data = as_data(found)
    assert json.loads(json.dumps(data)) == data
    assert [part["title"] for part in data["parts"]] == list(PARTS.values())
    file: Any = io.BytesIO(word.report_file(found.paper()))
    read = figures(grids(file, Budget()))  # as check-report would read it
    assert read.blanks == ()
    assert {key: tuple(values) for key, values in read.cells.items()} == dict(table.cells)


def test_every_save_is_a_version_an_older_one_comes_back_as_a_new_one_and_nothing_else_is_written(
    office: DeskOffice,
) -> None:
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.reports.annual.report import last_text, versions
    from caseflow.stages import annual
    from caseflow.stages.errors import Changed, Forbidden, NotFound, Refused

    assert annual.save_text(draft(office, 0), PROBLEMS, "初稿") == 1
    assert annual.save_text(draft(office, 1, who="lead"), PROBLEMS, "二稿") == 2
    assert annual.save_text(draft(office, 2), PROBLEMS, "二稿") == 2  # nothing changed: no version
    assert annual.save_figures(draft(office, 2), {"normative.made": Decimal(3)}) == 3
    # 陈晓 still sees version 2: another part does no harm, the same part does
    assert annual.save_text(draft(office, 2, who="colleague"), OTHER, "无。") == 4
    with pytest.raises(Changed):
        annual.save_text(draft(office, 1, who="colleague"), PROBLEMS, "三稿")
    with pytest.raises(Changed):
        annual.save_figures(draft(office, 2), {"normative.made": Decimal(4)})
    with pytest.raises(Changed):
        annual.save_text(draft(office, 9), PROBLEMS, "三稿")
    with pytest.raises(Changed):
        annual.restore(draft(office, 3), 1)
    assert annual.restore(draft(office, 4), 1) == 5
    assert report(office, 2020).part(PROBLEMS).text == "初稿"
    assert report(office, 2020, version=2).part(PROBLEMS).text == "二稿"
    assert annual.restore(draft(office, 5), 0) == 6
    assert report(office, 2020).part(PROBLEMS).text == ""
    with pytest.raises(Refused):
        annual.restore(draft(office, 6), 0)
    for other in (draft(office, 6, who="supervisor"), draft(office, 6, who="admin")):
        with pytest.raises(Forbidden):
            annual.save_text(other, PROBLEMS, "不该写进去")
    with pytest.raises(Refused):
        annual.save_text(draft(office, 6), PROBLEMS, "字" * 20_001)
    with pytest.raises(NotFound):
        annual.restore(draft(office, 6), 99)
    db.session.rollback()
    assert [(row.version, by, row.restored) for row, by in versions(office.id, 2020)][:2] == [
        (6, "王敏", 0),
        (5, "王敏", 1),
    ]
    annual.restore(draft(office, 6), 2)
    assert last_text(db.session.get_one(Office, office.id), 2021, PROBLEMS) == "二稿"


def test_part_two_is_held_against_last_years_of_the_same_edition(office: DeskOffice) -> None:
    from caseflow.stages import annual

    typed: dict[str, Decimal | None] = {cell.place: Decimal(0) for cell in annual_two.cells("2021")}
    annual.save_figures(draft(office, 0, 2021), typed | {"normative.valid": Decimal(30)})
    annual.save_figures(
        draft(office, 0, 2022), typed | {"normative.made": Decimal(4), "normative.valid": Decimal(33)}
    )
    (found,) = (f for f in report(office, 2022).part("proactive").findings if f.kind == annual_two.WRONG)
    assert found.sentence == "行政规范性文件：现行有效 33，应为 34（上年 30 ＋ 制发 4 － 废止 0）"
    # 2021 is the first year of its edition: what 2020 counted is something else
    annual.save_figures(draft(office, 0, 2020), SEED_TWO)
    assert {f.kind for f in report(office, 2021).part("proactive").findings} == {annual_two.UNCHECKED}


def test_the_fees_of_a_year_are_those_paid_in_it_and_a_void_one_is_none(office: DeskOffice) -> None:
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.reports.annual.fees import fees
    from caseflow.stages import archive, correct
    from caseflow.stages import fees as acts

    day, paid, january = date(2026, 9, 28), date(2026, 10, 12), date(2027, 1, 12)
    ids = [office.accepted(date(2026, 9, 21)) for _ in range(2)]
    for case_id in ids:
        acts.fee_notice(office.work("clerk", day), case_id, seq(case_id), day, "pages", 50, day)
    acts.pay_fee(office.work("clerk", paid), ids[0], seq(ids[0]), paid)
    found = report(office, 2026)
    assert (found.figures.fees.notices, found.figures.fees.payments, found.figures.fees.yuan) == (2, 1, 200)
    text = "2026 年，依据《政府信息公开信息处理费管理办法》收取信息处理费 200 元（发出收费通知 2 件，缴费 1 件）。"
    assert found.part(OTHER).text == text
    assert [d.said for d in found.read(OTHER, text.replace("200", "300"), True).differences] == [
        "收取信息处理费：写的是 300 元，表上是 200 元"
    ]
    assert fees([office.id], 2027) == type(found.figures.fees)()
    assert found.part(REQUESTS).text.startswith("2026 年，本年新收政府信息公开申请 2 件")
    correct.void(office.work("lead", paid), ids[0], seq(ids[0]), seq(ids[0]), "记错了")
    again = report(office, 2026).figures.fees
    assert (again.notices, again.payments, again.yuan) == (2, 0, 0)

    sign.sign(office.work("lead", january), 2026, freeze(found.office, 2026).hash)
    acts.pay_fee(office.work("clerk", january), ids[0], seq(ids[0]), paid)  # told of only now
    assert fees([office.id], 2026) == again  # what was signed stands; the money is in the next report
    later = fees([office.id], 2027)
    assert (later.notices, later.payments, later.yuan) == (0, 1, 200)
    archive.withdraw(office.work("clerk", january), ids[0], seq(ids[0]), date(2026, 12, 31), "来电撤回")
    assert (
        fees([office.id], 2027) == later
    )  # nor does it go when the case is closed with a day of the signed year
