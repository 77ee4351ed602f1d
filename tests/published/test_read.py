"""Published tables are read as they stand: every kind of file, both editions, whatever variants offices print."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from caseflow.law.applicants import COLUMNS
from caseflow.law.published import BLANK, MISSING, NO_NUMBER, WRONG, Figures, as_json, check, from_json, told
from caseflow.law.year_table import BLOCKS, Counts, Place, YearTable, year_table
from caseflow.ledger.sheet import Unreadable
from caseflow.published.read import read
from caseflow.published.stated_year import stated_year
from tests.law.test_year_table import SHISHI, YEARS
from tests.published.press import (
    VARIANTS,
    WRITERS,
    Box,
    below,
    fourth,
    third,
    to_csv,
    to_docx,
    to_html,
    to_xlsx,
)

PLAIN = "as the form has it"
Cells = dict[Place, int]


def numbers(table: YearTable) -> Cells:
    """Every cell of both tables."""
    cells = {(row, column): table.value(row, column) for row in table.cells for column in COLUMNS}
    return cells | {(b, s): n for b, states in table.proceedings.items() for s, n in states.items()}


SHISHI_2020 = numbers(year_table(SHISHI, 2020))


def tables(cells: Cells, edition: str = "2019", label: str = PLAIN, **odd: str) -> list[list[Box]]:
    """Both tables; ``odd`` are texts in place of numbers, by row__column."""

    def shown(place: Place) -> str:
        return odd.get("__".join(place), str(cells[place]))

    return [third(edition, shown, VARIANTS[label]), fourth(shown)]


def read_cells(figures: Figures) -> dict[Place, int | None]:
    return {place: figures.at(place) for place in figures.places}


# Shrinking writes hundreds of files; the table that failed is small enough as it is.
ONCE = settings(phases=[p for p in Phase if p != Phase.shrink], max_examples=6)


@pytest.mark.parametrize("suffix", [*WRITERS])
@given(
    counts=YEARS,
    edition=st.sampled_from(["2019", "2021"]),
    label=st.sampled_from([*VARIANTS]),
    data=st.data(),
)
@ONCE
@pytest.mark.soak
def test_what_was_published_is_read_back_and_a_changed_cell_is_named(
    suffix: str, counts: Counts, edition: str, label: str, data: st.DataObject
) -> None:
    cells = numbers(year_table(counts, 2023, edition))
    place = data.draw(st.sampled_from(sorted(cells)))
    other = data.draw(st.integers(0, 99).filter(lambda n: n != cells[place]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"年报{suffix}"
        WRITERS[suffix](path, tables(cells, edition, label))
        whole = read(path)
        WRITERS[suffix](path, tables(cells | {place: other}, edition, label), together=False)
        (found,) = check(read(path))
    assert (whole.edition, whole.strangers, check(whole)) == (edition, (), ())
    assert read_cells(whole) == cells
    assert found.kind == WRONG
    if place[0] in BLOCKS:  # one identity alone: its sum is named, whichever of its cells was changed
        assert (found.row, found.column) == (place[0], "total")
    else:
        assert ((found.row, found.column), found.written, found.should) == (place, str(other), cells[place])


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_no_two_cells_are_mistaken_for_each_other_in_any_kind_or_variant(
    tmp_path: Path, edition: str
) -> None:
    places = [*numbers(year_table(SHISHI, 2023, edition))]
    cells = dict(zip(places, random.Random(5).sample(range(1000, 9999), len(places)), strict=True))
    for label in VARIANTS:
        for suffix in (".html", ".csv") if label != PLAIN else WRITERS:
            path = tmp_path / f"t{suffix}"
            WRITERS[suffix](path, tables(cells, edition, label))
            found = read(path)
            assert (read_cells(found), found.edition) == (cells, edition), (label, suffix)


def test_our_own_workbook_is_read_back_without_a_difference(tmp_path: Path) -> None:
    from caseflow.reports.on_time import Rate
    from caseflow.reports.sheets import workbook
    from caseflow.reports.year import YearReport

    for edition in ("2019", "2021"):
        table = year_table(SHISHI, 2020, edition)
        path = tmp_path / "表.xlsx"
        path.write_bytes(workbook(YearReport(table, {}, Rate(7, 7)), "石狮市人民政府办公室"))
        found = read(path)
        assert (read_cells(found), found.edition, check(found)) == (numbers(table), edition, ())


def test_numbers_are_read_as_offices_print_them_and_blanks_stay_blanks(tmp_path: Path) -> None:
    odd = {
        "new__natural_person": "７", "new__total": " 7 件", "granted__natural_person": "2.0",
        "granted__enterprise": "／", "granted__research": "—", "partial__total": "", "carried_out__social": "零",
        "suit_direct__other": "-",
    }  # fmt: skip
    for suffix, write in WRITERS.items():
        path = tmp_path / f"t{suffix}"
        write(path, tables(SHISHI_2020, **odd))
        found = read(path)
        assert [found.at(("new", c)) for c in ("natural_person", "total")] == [7, 7], suffix
        assert found.at(("granted", "natural_person")) == 2
        kinds = {place: found.kind(place) for place in found.blanks}
        assert kinds == {
            ("granted", "enterprise"): BLANK, ("granted", "research"): BLANK, ("partial", "total"): BLANK,
            ("carried_out", "social"): NO_NUMBER, ("suit_direct", "other"): BLANK,
        }  # fmt: skip
    said = told(check(found))
    assert said[0].startswith("（一）予以公开 × 商业企业：空白（表上是“／”），按勾稽应为 0")
    assert any("× 总计：空白，按勾稽应为 0" in line for line in said)
    assert any(line.startswith("四、结转下年度继续办理 × 社会公益组织：“零”不是数") for line in said)


def test_the_year_that_a_report_names_is_read_from_its_title_or_where_its_text_first_names_one(
    tmp_path: Path,
) -> None:
    for text, year in {
        "石狮市人民政府办公室2023年政府信息公开工作年度报告": 2023, "２０２３ 年度　单位：件": 2023, "二〇二三年年度报告": 2023,
        "数据统计期限为2022年1月1日至12月31日": 2022, "按 2021 年版格式，2024年1月5日印发，共 12023 年度": None,
        "（2024年）收到和处理政府信息公开申请情况表": 2024,
    }.items():  # fmt: skip
        assert stated_year(text) == year, text
    page, sheet = tmp_path / "t.html", tmp_path / "t.xlsx"
    to_html(page, tables(SHISHI_2020))
    links = page.read_text(encoding="utf-8").replace("首页", "2025年政府信息公开工作年度报告")
    page.write_text(links, encoding="utf-8")
    assert read(page).year == 2025
    page.write_text(links.replace("<h2>", "<h1>某局<b>2023</b>年年报</h1><h2>", 1), encoding="utf-8")
    assert read(page).year == 2023
    boxes = tables(SHISHI_2020, new__natural_person="7")
    to_xlsx(sheet, [[Box(0, 0, "2022年度"), *below(boxes[0], 1)]])
    assert read(sheet).year == 2022
    to_csv(sheet, boxes)
    assert read(sheet).year is None
    kept = as_json(replace(read(page), year=2023))
    assert (from_json("2019", kept).year, from_json("2019", {**kept, "year": None}).year) == (2023, None)


def test_rows_columns_and_tables_that_are_missing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    to_csv(path, tables(SHISHI_2020)[:1], encoding="utf-8-sig")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    short = [line for line in lines if "重复申请" not in line]
    path.write_text(
        "\n".join([*short[:8], "三、本年度办理结果,（九）另行处理,,1,0,0,0,0,0,1", *short[8:]]),
        encoding="utf-8",
    )
    found = read(path)
    assert found.proceedings == {}
    assert found.strangers == ("三、本年度办理结果 （九）另行处理",)
    assert {place for place in found.blanks if place[0] != "not_processed_repeat"} == set()
    assert [found.kind(place) for place in found.blanks] == [MISSING] * 7
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-8")
    assert {column for _, column in read(path).blanks} == {"total"}


def test_a_report_of_many_tables_gives_the_two_that_count(tmp_path: Path) -> None:
    """Table 2 before it, a table broken by a page with its head repeated, and one that doesn't count."""
    path = tmp_path / "t.html"
    to_html(path, tables(SHISHI_2020))
    page = path.read_text(encoding="utf-8")
    head, row = page.index("<h2>"), page.index("<tr>", page.index("（四）无法提供") - 200)
    second = "<table><tr><td>信息内容</td><td>本年制发件数</td><td>总计</td></tr><tr><td>规章</td><td>5</td><td>5</td></tr></table>"
    assert row > head
    path.write_text(page[:head] + second + page[head:], encoding="gb18030")
    assert read_cells(read(path)) == SHISHI_2020


def test_two_tables_3_that_differ_are_refused_and_the_same_twice_is_not(tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    to_docx(path, [tables(SHISHI_2020)[0], tables(SHISHI_2020)[0]])
    assert read(path).at(("new", "total")) == 7
    to_docx(path, [tables(SHISHI_2020)[0], tables(SHISHI_2020 | {("new", "total"): 8})[0]])
    with pytest.raises(Unreadable, match="不止一张表三"):
        read(path)


def deep(path: Path) -> None:
    path.write_text("<table><tr><td>" * 20_000 + "<b>" * 200_000, encoding="utf-8")


def wide(path: Path) -> None:
    path.write_text(
        "<table>" + '<tr><td colspan="99999" rowspan="99999">自然人</td></tr>' * 1000, encoding="utf-8"
    )


def long(path: Path) -> None:
    path.write_text("<table>" + "<tr><td>1</td><td>2</td></tr>" * 100_000, encoding="utf-8")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"<a>" + b" " * (80 << 20))


def swollen_sheet(path: Path) -> None:
    to_xlsx(path, tables(SHISHI_2020))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings2.xml", b" " * (80 << 20))


def laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>')


def torn(path: Path) -> None:
    to_xlsx(path, tables(SHISHI_2020))
    path.write_bytes(path.read_bytes()[:3000])


HOSTILE = {
    "a program renamed": ("t.xlsx", lambda p: p.write_bytes(b"MZ\x90\0" + bytes(500)), "这是程序"),
    "an old workbook": ("t.xlsx", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(500)), "旧版"),
    "a pdf": ("t.pdf", lambda p: p.write_bytes(b"%PDF-1.7 ..."), "PDF"),
    "nothing": ("t.csv", lambda p: p.write_bytes(b""), "空的"),
    "noise": ("t.csv", lambda p: p.write_bytes(bytes(range(256)) * 9), "不是能读的文件"),
    "UTF-16": ("t.csv", lambda p: p.write_bytes("自然人".encode("utf-16")), "UTF-16"),
    "a huge file": ("t.html", lambda p: p.write_bytes(b"<table>" + b" " * (11 << 20)), "文件太大"),
    "a text without a table": (
        "t.csv",
        lambda p: p.write_text("一,二\n三,四", encoding="utf-8"),
        "没有找到表三",
    ),
    "an open quote": ("t.csv", lambda p: p.write_text('"' + "x" * 200_000, encoding="utf-8"), "引号"),
    "a page too deep": ("t.html", deep, "没有"),
    "cells too wide": ("t.html", wide, "表太大"),
    "a page too long": ("t.html", long, "表太大"),
    "a row too long": (
        "t.html",
        lambda p: p.write_text("<table><tr>" + "<td>" * 900_000, encoding="utf-8"),
        "表太大",
    ),
    "a page too large": (
        "t.html",
        lambda p: p.write_text("<p>" + " " * (5 << 20), encoding="utf-8"),
        "网页或者文本太大",
    ),
    "a swelling document": ("t.docx", bomb, "展开后太大"),
    "a swelling workbook": ("t.xlsx", swollen_sheet, "展开后太大"),
    "entities upon entities": ("t.docx", laughs, "没有找到表三|损坏"),
    "a torn workbook": ("t.xlsx", torn, "损坏"),
    "another zip": ("t.docx", lambda p: zipfile.ZipFile(p, "w").writestr("a.txt", "x"), "压缩包"),
}


@pytest.mark.parametrize("what", [*HOSTILE])
def test_what_is_no_report_is_refused_with_a_sentence(tmp_path: Path, what: str) -> None:
    name, make, said = HOSTILE[what]
    make(tmp_path / name)
    with pytest.raises(Unreadable, match=said):
        read(tmp_path / name)
