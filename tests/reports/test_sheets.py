"""The workbook: merged as the form is printed, every cell the table's, nothing that runs."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from caseflow.law.applicants import COLUMNS
from caseflow.law.year_table import BLOCKS, CORNER, STATE_LABELS, TITLES, year_table
from tests.law.test_year_table import SHISHI

if TYPE_CHECKING:
    from caseflow.reports.year import YearReport

OFFICE = "石狮市人民政府办公室"


def report(edition: str = "") -> YearReport:
    """The year 2020 with no two cells of a row alike."""
    from caseflow.reports.on_time import Rate
    from caseflow.reports.year import YearReport

    table = year_table(SHISHI, 2020, edition)
    cells = {key: tuple(n + i for i, n in enumerate(row)) for key, row in table.cells.items()}
    return YearReport(replace(table, cells=cells), {}, Rate(7, 7))


def reopened(found: YearReport, name: str = OFFICE) -> Any:
    from caseflow.reports.sheets import workbook

    return openpyxl.load_workbook(io.BytesIO(workbook(found, name)))


def merged(sheet: Any) -> set[str]:
    return {str(area) for area in sheet.merged_cells.ranges}


@pytest.mark.parametrize(("edition", "rows"), [("2019", 23), ("2021", 25)])
def test_table_3_is_the_table_cell_by_cell(edition: str, rows: int) -> None:
    found = report(edition)
    sheet = reopened(found)["表三"]
    assert sheet["A1"].value == TITLES[3]
    assert (sheet["A2"].value, sheet["F2"].value) == (OFFICE, "2020 年度　单位：件")
    assert sheet["A3"].value == CORNER
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert [sheet.cell(4 if i in (0, 6) else 5, 4 + i).value for i in range(7)] == heads
    assert (sheet["D3"].value, sheet["E4"].value) == ("申请人情况", "法人或其他组织")
    lines = found.table.lines
    assert len(lines) == rows
    for index, line in enumerate(lines):
        values = [sheet.cell(6 + index, 4 + i).value for i in range(len(COLUMNS))]
        assert values == list(line.values)
        assert all(type(value) is int for value in values)
        words = [sheet.cell(6 + index, c).value for c in (1, 2, 3)]
        assert [w for w in words if w] == [head.text for head in line.heads]
    assert sheet.max_row == 5 + rows


@pytest.mark.parametrize(
    ("edition", "areas"),
    [
        ("2019", {"A3:C5", "D3:J3", "D4:D5", "E4:I4", "J4:J5", "A6:C6", "A7:C7", "A8:A27", "B8:C8", "B9:C9",
                  "B10:B17", "B18:B20", "B21:B25", "B26:C26", "B27:C27", "A28:C28"}),
        ("2021", {"A8:A29", "B10:B17", "B18:B20", "B21:B25", "B26:B28", "B29:C29", "A30:C30"}),
    ],
)  # fmt: skip
def test_the_heads_of_table_3_are_merged_as_printed(edition: str, areas: set[str]) -> None:
    assert areas <= merged(reopened(report(edition))["表三"])


def test_table_4_is_the_table_cell_by_cell() -> None:
    found = report()
    sheet = reopened(found)["表四"]
    assert sheet["A1"].value == TITLES[4]
    assert {"A3:E4", "F3:O3", "F4:J4", "K4:O4"} <= merged(sheet)
    heads = [sheet[place].value for place in ("A3", "F3", "F4", "K4")]
    assert heads == ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
    flat = [(label, found.table.proceedings[b][s]) for b in BLOCKS for s, label in STATE_LABELS.items()]
    assert [(sheet.cell(5, c).value, sheet.cell(6, c).value) for c in range(1, 16)] == flat
    assert (sheet.max_row, sheet.max_column) == (6, 15)


@pytest.mark.parametrize("name", ["表三", "表四"])
def test_every_cell_of_the_form_has_its_four_edges_merged_ones_too(name: str) -> None:
    sheet = reopened(report())[name]
    bare = []
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            area = next((a for a in sheet.merged_cells.ranges if cell.coordinate in a), None)
            edges = {
                "left": area is None or cell.column == area.min_col,
                "right": area is None or cell.column == area.max_col,
                "top": area is None or cell.row == area.min_row,
                "bottom": area is None or cell.row == area.max_row,
            }
            bare += [
                (cell.coordinate, e)
                for e, outer in edges.items()
                if outer and not getattr(cell.border, e).style
            ]
    assert bare == []


@pytest.mark.parametrize("name", ["表三", "表四"])
def test_each_sheet_prints_on_one_landscape_a4_page(name: str) -> None:
    sheet = reopened(report())[name]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9  # A4
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)


@pytest.mark.parametrize("name", ["=1+1", "+办公室", "-办公室", "@SUM(A1)", '=HYPERLINK("x","y")', "\t=1+1"])
def test_an_office_name_never_becomes_a_formula(name: str) -> None:
    found = report()
    for sheet in reopened(found, name):
        assert (sheet["A2"].value, sheet["A2"].data_type) == (name, "s")
        assert sheet["A2"].quotePrefix
        assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert not reopened(found, OFFICE)["表三"]["A2"].quotePrefix


def test_a_control_character_in_an_office_name_is_left_out() -> None:
    assert reopened(report(), "办公\x07室")["表三"]["A2"].value == "办公室"
