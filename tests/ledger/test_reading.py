"""Files as offices send them: what is read, and what is refused with a sentence that says how to mend it."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from caseflow.ledger.columns import LEDGER
from caseflow.ledger.parse import Value, parse
from caseflow.ledger.read import open_book
from caseflow.ledger.sheet import Problem, Unreadable
from tests.ledger.tables import TODAY, book, csv_file, lines, row, text_file


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a ledger, only what is written in them; none may be wrong."""
    found = []
    with open_book(path) as opened:
        for _, values in opened.ledger.rows():
            told, errors = parse(LEDGER, opened.ledger.picked, values, TODAY)
            assert errors == []
            found.append({name: value for name, value in told.items() if value})
    return found


def refused(path: Path) -> list[Problem]:
    """Why a file can't be taken."""
    with pytest.raises(Unreadable) as caught, open_book(path) as opened:
        list(opened.ledger.rows())
    return caught.value.problems


def reason(path: Path) -> str:
    """The one reason why."""
    (problem,) = refused(path)
    return problem.reason


def cell(path: Path, name: str) -> Value:
    """One value of the first row, unchecked."""
    with open_book(path) as opened:
        place = next(index for index, column in opened.ledger.picked if column.name == name)
        values: Sequence[Value] = next(opened.ledger.rows())[1]
        return values[place]


# -- text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_two_encodings_of_chinese_offices_are_read(tmp_path, encoding):
    path = csv_file(tmp_path / "a.csv", [row(申请人="龘𠮷", 备注="镕 ①")], encoding)
    assert read(path)[0]["申请人"] == "龘𠮷"


def test_a_long_file_is_proved_whole_before_it_is_read(tmp_path):
    rows = [row(f"2026-{n}", 备注="字" * 300) for n in range(3000)]  # more than one block of reading
    assert len(read(csv_file(tmp_path / "a.csv", rows, "gb18030"))) == 3000


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "文字编码是 UTF-16，读不了；用表格软件另存为“CSV UTF-8”"),
        ("big5", "打开是乱码的，用表格软件另存为“CSV UTF-8”"),
        ("shift_jis", "用表格软件另存为“CSV UTF-8”"),
    ],
)
def test_any_other_encoding_is_refused_in_plain_words(tmp_path, encoding, said):
    text = "登記編號,受理方式,收到日期,申請人\n1,信函,2026-03-02,林\n".replace(
        "號", "号" if encoding == "shift_jis" else "號"
    )
    assert said in reason(text_file(tmp_path / "a.csv", text, encoding))


def test_bytes_that_are_no_text_are_placed_by_line(tmp_path):
    path = csv_file(tmp_path / "a.csv", [row(), row("2026-6")])
    path.write_bytes(path.read_bytes() + b"2026-7,\xff\xff,x\n")
    assert reason(path) == (
        "文字编码不是 UTF-8，也不是 GB18030（第 4 行起读不出）；用表格软件另存为“CSV UTF-8”或者 .xlsx 后再试"
    )


def test_a_file_cut_off_inside_a_character_is_refused(tmp_path):
    path = csv_file(tmp_path / "a.csv", [row(备注="末")], "utf-8-sig")
    path.write_bytes(path.read_bytes().rstrip()[:-1])
    assert "文字编码不是 UTF-8（第 2 行起读不出）" in reason(path)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_an_empty_file_is_called_empty(tmp_path, name):
    assert reason(text_file(tmp_path / name, "")) == "文件是空的"


@pytest.mark.parametrize("text", ["\n\n\n", ",,,\n , ,\n", "\ufeff"])
def test_a_file_of_blanks_is_called_empty(tmp_path, text):
    assert reason(text_file(tmp_path / "a.csv", text)) == "文件是空的"


def test_a_table_of_something_else_is_no_ledger(tmp_path):
    said = reason(text_file(tmp_path / "a.csv", "姓名,电话\n林国栋,1\n"))
    assert said == "没有找到台账的表头，至少要有：受理方式、收到日期、申请人类型、申请人、申请内容"


def test_an_open_quote_is_named_instead_of_swallowing_the_rest(tmp_path):
    path = text_file(
        tmp_path / "a.csv", '受理方式,收到日期,申请人\n信函,2026-03-02,"林\n' + "网络,2026-03-03,陈\n" * 9000
    )
    assert reason(path) == "第 2 行的引号不成对，后面的内容分不出行"


@pytest.mark.parametrize("cell", ["林" * 140_000, '"' + "林\n" * 70_000 + '"'])
def test_a_cell_that_is_too_long_is_called_so(tmp_path, cell):
    path = text_file(
        tmp_path / "a.csv", f"受理方式,收到日期,申请人\n信函,2026-03-02,{cell}\n网络,2026-03-03,陈\n"
    )
    assert reason(path) == "第 2 行有一格太长，一格最多 100000 个字"


def test_lines_count_as_the_spreadsheet_shows_them(tmp_path):
    path = csv_file(tmp_path / "a.csv", [row(备注="一\n二\n三"), row("2026-6")])
    with open_book(path) as opened:
        assert [line for line, _ in opened.ledger.rows()] == [2, 3]


def test_a_number_saved_by_the_equals_trick_is_the_number(tmp_path):
    path = text_file(
        tmp_path / "a.csv", '受理方式,收到日期,证件号码\n信函,2026-03-02,"=""000000199001011234"""\n'
    )
    assert cell(path, "证件号码") == "000000199001011234"


# -- head and rows -------------------------------------------------------------------------------


def test_the_head_may_stand_under_titles_and_in_any_order(tmp_path):
    names = list(row())
    text = "石狮市依申请公开台账\n\n" + ",".join(reversed(names)) + "\n"
    text += ",".join(row()[name] for name in reversed(names)) + "\n"
    assert read(text_file(tmp_path / "a.csv", text))[0]["申请人"] == "林国栋"


def test_heads_are_known_with_blanks_line_breaks_and_stars(tmp_path):
    text = '受理 方式*,收到日期＊,"申请人\n类型",申请人,申请内容\n信函,2026-03-02,自然人,林,某报告\n'
    assert read(text_file(tmp_path / "a.csv", text))[0]["申请人类型"] == "natural_person"


def test_columns_nobody_knows_are_named(tmp_path):
    with open_book(csv_file(tmp_path / "a.csv", [row(用途="生产", 传真="1")])) as opened:
        assert opened.ledger.unknown == ("用途", "传真")


def test_a_column_that_comes_twice_is_refused(tmp_path):
    path = text_file(tmp_path / "a.csv", "受理方式,收到日期,申请人,收到日期\n")
    assert refused(path) == [Problem(1, "收到日期", "这一列出现了两次")]


def test_blank_rows_anywhere_are_no_requests(tmp_path):
    told = lines([row(), row("2026-6")])
    path = book(tmp_path / "a.xlsx", 台账=[[], *told[:2], [None, "", "  "], [], told[2], [], [None]])
    assert [told["登记编号"] for told in read(path)] == ["2026-5", "2026-6"]
    with open_book(path) as opened:
        assert [line for line, _ in opened.ledger.rows()] == [3, 6]


def test_short_lines_are_filled_up(tmp_path):
    path = text_file(
        tmp_path / "a.csv", ",".join(row(备注="x")) + "\n2026-5,信函,2026-03-02,自然人,林,某报告\n"
    )
    assert "备注" not in read(path)[0]


# -- workbooks -----------------------------------------------------------------------------------


def test_cells_of_every_kind_read_as_what_they_show(tmp_path):
    told = row(
        收到日期=dt.datetime(2026, 3, 2, 9, 30), 答复日期=dt.date(2026, 3, 20), 办理结果="予以公开",
        联系电话=10012345678, 登记编号=20260001, 延期批准日期=46090, 延期工作日="15", 归档日期=20260401,
    )  # fmt: skip
    found = read(book(tmp_path / "a.xlsx", 台账=lines([told])))[0]
    assert found["收到日期"] == "2026-03-02"
    assert found["答复日期"] == "2026-03-20"
    assert found["联系电话"] == "10012345678"
    assert found["登记编号"] == "20260001"
    assert found["延期批准日期"] == "2026-03-09"  # a date in a format that only Chinese Excel knows
    assert found["延期工作日"] == "15"
    assert found["归档日期"] == "2026-04-01"


def spoilt(path: Path, name: str, value: Any) -> tuple[str, str]:
    """The column and reason of the one thing wrong with a row that has this value in this column."""
    with open_book(book(path, 台账=lines([row(**{name: value})]))) as opened:
        ((_, values),) = opened.ledger.rows()
        _, errors = parse(LEDGER, opened.ledger.picked, values, TODAY)
    ((column, why),) = errors
    return column, why


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("收到日期", "=B2+20", "是公式，不是数值；复制后“选择性粘贴—数值”再导入"),
        ("申请人", "=A1&B1", "是公式，不是数值；复制后“选择性粘贴—数值”再导入"),
        ("备注", "#REF!", "是错误值 #REF!"),
        ("收到日期", dt.time(9, 30), "是时刻，不是日期"),
        ("证件号码", 350581199001011234, "末几位已经丢失"),
        ("登记编号", dt.date(2020, 1, 1), "表格软件把编号当成了日期（2020-01-01）"),
    ],
)
def test_a_cell_that_holds_no_plain_value_says_so(tmp_path, name, value, said):
    column, why = spoilt(tmp_path / "a.xlsx", name, value)
    assert column == name
    assert said in why


def test_text_that_looks_like_a_formula_but_is_text_is_taken(tmp_path):
    made = Workbook()
    for line in lines([row(备注="x")]):
        made.active.append(line)
    told = made.active.cell(2, len(row(备注="x")))
    told.value, told.data_type = "=1+1", "s"
    made.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[0]["备注"] == "=1+1"


def test_merged_cells_are_named_by_place(tmp_path):
    path = book(tmp_path / "a.xlsx", 台账=[["石狮市台账"], *lines([row(), row("2026-6")])])
    made = load_workbook(path)
    made["台账"].merge_cells("A1:F1")  # a title does no harm
    made["台账"].merge_cells("E3:E4")
    made.save(path)
    assert refused(path) == [Problem(3, "申请人", "E3:E4 是合并单元格，取消合并后每格各填各的")]


def test_the_sheet_of_proceedings_is_not_the_ledger(tmp_path):
    suits = [["登记编号", "类型", "提起日期"], ["2026-5", "行政诉讼", "2026-05-01"]]
    path = book(tmp_path / "a.xlsx", 复议诉讼=suits, 第一季度=lines([row()]), 说明=[["填表说明"]])
    with open_book(path) as opened:
        assert opened.ledger.title == "第一季度"
        assert opened.unread == ("说明",)
        assert [sheet.title for sheet in opened.proceedings] == ["复议诉讼"]


def test_two_sheets_that_are_ledgers_are_not_half_read(tmp_path):
    path = book(tmp_path / "a.xlsx", **{"2024": lines([row()]), "2025": lines([row()])})
    assert reason(path) == "有几张工作表都是台账：2024、2025；一次导入一张，其余的先移走"


def test_a_sheet_named_ledger_is_taken_before_others(tmp_path):
    path = book(tmp_path / "a.xlsx", 旧=lines([row("2026-1")]), 台账=lines([row("2026-2")]))
    assert read(path)[0]["登记编号"] == "2026-2"


def test_the_kind_of_file_shows_in_its_first_bytes_not_in_its_name(tmp_path):
    made = book(tmp_path / "a.xlsx", 台账=lines([row()]))
    assert read(made.rename(tmp_path / "a.csv"))[0]["登记编号"] == "2026-5"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"not a zip", "打不开：不是有效的 .xlsx 文件，或者文件已经损坏"),
        ("a.xlsx", b"PK\x03\x04 cut off", "打不开：不是有效的 .xlsx 文件，或者文件已经损坏"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "这是旧版 .xls，或者设了密码的文件；另存为不设密码的 .xlsx 后再试",
        ),
        ("a.pdf", b"%PDF-1.7", "只读 .csv 和 .xlsx 文件"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    assert reason(path) == said


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one of its parts replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, kept in {**parts, part: content}.items():
            new.writestr(name, kept)
    return path


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "content",
    [
        b"<broken",
        b"",
        b"<x/>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    ],
)
def test_a_forged_or_damaged_workbook_is_refused_not_crashed_on(tmp_path, part, content):
    path = rewritten(book(tmp_path / "a.xlsx", 台账=lines([row()])), part, content)
    assert refused(path)[0].reason in {
        "打不开：不是有效的 .xlsx 文件，或者文件已经损坏",
        "文件是空的",
    }


def test_a_workbook_that_swells_is_not_unpacked(tmp_path):
    path = book(tmp_path / "a.xlsx", 台账=lines([row()]))
    content = bytearray(path.read_bytes())
    size = content.rindex(b"PK\x01\x02") + 24  # in the directory: what the last part says it swells to
    content[size : size + 4] = (0xF000_0000).to_bytes(4, "little")
    path.write_bytes(content)
    assert reason(path) == "工作簿展开后太大，拆成几个文件，再分别导入"
