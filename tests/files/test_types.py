"""What files may come in: the ending and the content must agree, and nothing that runs comes in at all."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from caseflow.files import packages
from caseflow.files.types import NotAllowed, base_name, type_of


def package(*names: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, content)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def excel() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def ole(*streams: str, gap: int = 0) -> bytes:
    """A compound file of empty streams, four to a sector; ``gap`` sectors stand before its directory."""
    named = [("Root Entry", 5), *((stream, 2) for stream in streams)]
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HB61x", 2 * len(name) + 2, kind)
        for name, kind in named
    )
    length = -(-len(entries) // 512)
    fats = -(-(gap + length + 1) // 127)
    further = -(-max(0, fats - 109) // 127)
    first = fats + further + gap
    chain = [*range(first + 1, first + length), 0xFFFFFFFE]
    links = [0xFFFFFFFF] * first + chain
    table = struct.pack(f"<{128 * fats}L", *links, *[0xFFFFFFFF] * (128 * fats - len(links)))
    numbers = [*range(fats), *[0xFFFFFFFF] * 500]
    header = packages.OLE + struct.pack("<22xH16xL16xLL", 9, first, fats, further)
    more = b"".join(
        struct.pack("<128L", *numbers[109 + 127 * n :][:127], fats + n + 1) for n in range(further)
    )
    head = header + struct.pack("<109L", *numbers[:109])
    return head + table + more + b"\0" * (512 * gap) + entries.ljust(512 * length, b"\0")


def macros_by_another_name() -> bytes:
    """What Word takes for a macro part is told by its content type, whatever it is called."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<x/>")
        made.writestr("word/theme.bin", "")
        kind = "application/vnd.ms-office.vba&#x50;roject"
        made.writestr(
            "[Content_Types].xml", f'<Types><Default Extension="bin" ContentType="{kind}"/></Types>'
        )
    return out.getvalue()


GOOD = {
    "申请书.pdf": b"%PDF-1.7\n...",
    "签收单.JPG": b"\xff\xd8\xff\xe0rest",
    "身份证.png": b"\x89PNG\r\n\x1a\nrest",
    "传真.tif": b"II*\0rest",
    "答复书.docx": word(),
    "台账.xlsx": excel(),
    "公文.ofd": package("OFD.xml", "Doc_0/Document.xml"),
    "旧文.doc": ole("1Table", "Data", "ObjectPool", "x", "WordDocument"),
    "大文件.doc": ole(
        "1Table", "WordDocument", gap=15_000
    ),  # its directory lies beyond what the header tells
    "公文.wps": ole("WordDocument"),
    "旧表.xls": ole("Book"),
    "表.et": ole("Workbook"),
    "附言.txt": "您好".encode("gb18030"),
    "清单.csv": "序号,名称\n1,批复".encode(),
    "来信.eml": b"From: a@example.cn\r\n\r\nhello",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_an_office_gets_comes_in(name: str) -> None:
    file = io.BytesIO(GOOD[name])
    assert type_of(name, file).label
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("木马.exe", b"MZ\x90", "不能上传：只收"),
        ("木马.pdf", b"MZ\x90\0", "内容与扩展名不符"),
        ("木马.docx", b"MZ\x90\0", "内容与扩展名不符"),
        ("网页.html", b"<script>", "只收"),
        ("图.svg", b"<svg onload=alert(1)>", "只收"),
        ("压缩.zip", package("a.txt"), "只收"),
        ("没有扩展名", b"%PDF-", "只收"),
        ("换名.docx", package("xl/workbook.xml"), "内容与扩展名不符"),
        ("换名.xlsx", word(), "内容与扩展名不符"),
        ("宏.docx", package("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        ("改名的宏.docx", macros_by_another_name(), "带有宏"),
        ("程序在前.docx", b"MZ\x90" + word(), "内容与扩展名不符"),
        ("程序在内.xlsx", package("xl/workbook.xml", "xl/media/Evil.EXE"), "可执行的程序"),
        ("同名.docx", package("word/document.xml", "Word/Document.xml"), "已损坏"),
        ("安装包.doc", ole("\u4840\u3f3f", "SummaryInformation"), "内容与扩展名不符"),
        ("表.doc", ole("Workbook"), "内容与扩展名不符"),
        ("坏.xls", ole("Workbook")[:700], "已损坏"),
        ("坏.docx", word()[:200], "已损坏"),
        ("空.pdf", b"", "是空的"),
        ("二进制.txt", b"abc\0def", "不是文本文件"),
        ("图片.txt", b"\xff\xd8\xff\xe0\xff\xff\x81", "不是文本文件"),
    ],
)
def test_what_may_not_come_in_is_named_with_the_reason(name: str, content: bytes, why: str) -> None:
    with pytest.raises(NotAllowed, match=why) as refused:
        type_of(name, io.BytesIO(content))
    assert name in str(refused.value)


def test_a_zip_that_blows_up_is_refused_by_its_directory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packages.UNPACKED <= 500 * 2**20
    monkeypatch.setattr(packages, "UNPACKED", 5 * 2**20)  # making a larger one takes seconds
    bomb = package("word/document.xml", "word/media/a.bin", content=b"\0" * (3 * 2**20))
    assert len(bomb) < 2**15
    with pytest.raises(NotAllowed, match="解压后过大"):
        type_of("炸弹.docx", io.BytesIO(bomb))


@pytest.mark.parametrize("record_of_large", [False, True])
def test_a_zip_of_too_many_members_is_refused_before_its_directory_is_read(
    monkeypatch: pytest.MonkeyPatch, record_of_large: bool
) -> None:
    count = packages.MEMBERS + 1
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, 0, 0)
    large += struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    told = 1 if record_of_large else count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, told, told, 0, 0, 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(NotAllowed, match="解压后过大"):
        type_of("多.docx", io.BytesIO(b"PK\3\4" + b"\0" * 200 + (large if record_of_large else b"") + end))


def test_a_file_of_more_than_fifty_megabytes_is_refused_before_it_is_read() -> None:
    class Huge(io.BytesIO):
        def tell(self) -> int:
            return 200 * 2**20

    with pytest.raises(NotAllowed, match="超过 50 MB"):
        type_of("扫描件.pdf", Huge(b"%PDF-"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王敏\\申请书.pdf", "申请书.pdf"),
        ("..", ""),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("𠮷田.pdf", "𠮷田.pdf"),
        ("长" * 400 + ".pdf", "长" * 150 + ".pdf"),
        ("", ""),
    ],
)
def test_a_name_is_only_a_name(name: str, kept: str) -> None:
    assert base_name(name) == kept
