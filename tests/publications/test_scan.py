"""Personal data are found however they are written, and what only looks like them is left alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from caseflow.publications.contents import read
from caseflow.publications.scan import (
    CHECKS,
    PROVINCES,
    WEIGHTS,
    Found,
    Own,
    Piece,
    findings,
    is_certificate,
    paragraphs,
    sentence,
)

OWN = Own((("申请人姓名或者名称", "林国栋"), ("通信地址", "学府路12号")), frozenset({"059588880000"}))


def told(text: str) -> list[tuple[str, str]]:
    return [(found.what, found.shown) for found in findings(paragraphs(text), OWN)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证350581199001011024。", ("身份证号码", "3505**********1024")),
        ("证号 3505811990 0101 102-4", ("身份证号码", "3505**********1024")),
        ("2026 350581199001011024", ("身份证号码", "3505**********1024")),  # another number right before
        ("老证350581900101123号", ("身份证号码", "3505*******1123")),
        ("13812345678", ("手机号码", "138****5678")),
        ("打１３８－１２３４－５６７８找他", ("手机号码", "138****5678")),
        ("+86 138 1234 5678", ("手机号码", "138****5678")),
        ("(0595)88881234", ("电话号码", "059*****1234")),
        ("+86 595 8888 1234", ("电话号码", "059*****1234")),
        ("办公电话：88881234", ("电话号码", "8*****34")),
        ("写信到lin.guodong@example.cn吧", ("电子邮箱", "l***@example.cn")),
        ("林 国　栋先生", ("申请人姓名或者名称", "林**")),
        ("住学府路 12 号", ("通信地址", "学***2号")),
    ],
)  # fmt: skip
def test_what_leads_to_somebody_is_found_and_shown_masked(text: str, found: tuple[str, str]) -> None:
    assert told(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91350581MA2Y12345X",
        "本机关电话 0595-88880000，工作日接听；传真 88880000",
        "狮建〔2020〕58号，2020-03-02 印发，共 12345678 元",
        "合同价15000000000元，折合 15000000000 元整",
        "开户行账号6222021402001234567",
        "350581199001011025",  # no check digit of anybody
        "350581199013011025",  # no month of anybody
        "项目代码2020-350581-48-03-012345",
        "某先生、林某",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert told(text) == []


def checked(seventeen: str) -> str:
    return seventeen + CHECKS[sum(int(c) * w for c, w in zip(seventeen, WEIGHTS, strict=True)) % 11]


BORN = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
CERTIFICATES = st.builds(
    lambda where, born, n: checked(f"{where}0581{born}{n:03}"),
    st.sampled_from(sorted(PROVINCES)), BORN, st.integers(0, 999),
)  # fmt: skip
WORDS = st.text(alphabet="的申请人于某年月日在办公室提交材料，。（）", max_size=12)
BREAKS = st.lists(st.sampled_from(["", "", "", " ", "-"]), min_size=17, max_size=17)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(CERTIFICATES, WORDS, WORDS, BREAKS, st.booleans())
def test_every_certificate_is_found_wherever_it_stands_and_however_it_is_spaced(
    number: str, before: str, after: str, breaks: list[str], wide: bool
) -> None:
    spaced = number[0] + "".join(gap + c for gap, c in zip(breaks, number[1:], strict=True))
    text = before + (spaced.translate(WIDE) if wide else spaced) + after
    assert ("身份证号码", f"{number[:4]}**********{number[-4:]}") in told(text)


CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODES = st.builds(
    lambda kind, where, organ, last: f"{kind}{where}{organ}{last}",
    st.sampled_from(["91", "12", "52", "11"]), st.just("350581"),
    st.text(alphabet=CREDIT, min_size=9, max_size=9), st.sampled_from(CREDIT),
)  # fmt: skip


@given(CODES.filter(lambda code: not is_certificate(code) if code[:17].isdecimal() else True), WORDS)
def test_no_credit_code_is_taken_for_a_certificate(code: str, around: str) -> None:
    assert [what for what, _ in told(f"{around}{code}{around}") if what == "身份证号码"] == []


def test_the_sentence_says_what_and_where_and_never_the_number_itself() -> None:
    found = findings(paragraphs("结算报告见附件\n\n找林国栋，13812345678\n再找13812345678"), OWN)
    said = sentence(found)
    assert said == (
        "有个人信息，删去或者遮盖以后再提交：第 2 段的手机号码 138****5678、"
        "第 2 段的申请人姓名或者名称 林**、第 3 段的手机号码 138****5678"
    )
    many = [Found(f"第 {n} 行", "手机号码", "138****5678") for n in range(9)]
    assert sentence(many).endswith("等 9 处")
    assert sentence([]) == ""


# -- files ----------------------------------------------------------------------------------------


def word() -> io.BytesIO:
    """Names and numbers in every place of a Word file."""
    made, kept = Document(), io.BytesIO()
    made.add_paragraph("结算报告")
    broken = made.add_paragraph("手机138")
    broken.add_run("1234")
    broken.add_run("5678")
    made.add_table(1, 1).cell(0, 0).text = "350581199001011024"
    made.sections[0].header.paragraphs[0].text = "林国栋"
    made.core_properties.author = "0595-88881234"
    made.save(kept)
    return kept


def book() -> io.BytesIO:
    """The same of a workbook: texts, numbers, a comment, a second sheet."""
    made, kept = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.title = "名单"
    sheet["B3"], sheet["C3"], sheet["A1"] = "林国栋", 13812345678, "结算"
    sheet["A1"].comment = Comment("0595-88881234", "x")
    made.create_sheet("另一张")["A2"] = "350581199001011024"
    sheet.oddFooter.center.text = "lin@example.cn"
    made.save(kept)
    return kept


@pytest.mark.parametrize(
    ("name", "file", "found"),
    [
        (
            "a.docx", word, {
                ("正文第 2 段", "手机号码"), ("正文第 3 段", "身份证号码"), ("页眉、页脚、注释第 1 段", "申请人姓名或者名称"),
                ("文件属性、批注等处", "电话号码"),
            },
        ),
        (
            "a.XLSX", book, {
                ("“名单”B3", "申请人姓名或者名称"), ("“名单”C3", "手机号码"), ("“另一张”A2", "身份证号码"),
                ("文件属性、批注等处", "电话号码"), ("文件属性、批注等处", "电子邮箱"),
            },
        ),
        ("a.csv", lambda: io.BytesIO("姓名,电话\n林国栋,1".encode("gb18030")), {("第 2 行", "申请人姓名或者名称")}),
    ],
)  # fmt: skip
def test_a_file_is_read_to_its_last_corner(
    name: str, file: Callable[[], io.BytesIO], found: set[tuple[str, str]]
) -> None:
    said = read(name, file())
    assert {(one.place, one.what) for one in findings(said.pieces, OWN)} == found
    assert not said.by_hand


def test_what_can_not_be_read_is_left_to_people() -> None:
    pictured, kept = Document(), io.BytesIO()
    pictured.add_picture(io.BytesIO(PIXEL))
    pictured.save(kept)
    assert read("a.docx", kept).by_hand
    broken = io.BytesIO(word().getvalue()[:-50])
    for name, file in (
        ("a.pdf", io.BytesIO(b"%PDF-1.7")),
        ("a.docx", broken),
        ("a.doc", word()),
        ("a", word()),
    ):
        assert read(name, file).by_hand, name
    assert findings([Piece("文件名", "林国栋.pdf")], OWN)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
