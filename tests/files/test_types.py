"""What files may come in: the ending and the content must agree, and nothing that runs comes in at all."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from caseflow.files import types
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


OLE = types.OLE + b"\0" * 600
GOOD = {
    "申请书.pdf": b"%PDF-1.7\n...",
    "签收单.JPG": b"\xff\xd8\xff\xe0rest",
    "身份证.png": b"\x89PNG\r\n\x1a\nrest",
    "传真.tif": b"II*\0rest",
    "答复书.docx": word(),
    "台账.xlsx": excel(),
    "公文.ofd": package("OFD.xml", "Doc_0/Document.xml"),
    "旧文.doc": OLE,
    "旧表.xls": OLE,
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


def test_a_zip_that_blows_up_is_refused_by_its_directory_alone() -> None:
    bomb = package("word/document.xml", "word/media/a.bin", content=b"\0" * (300 * 2**20))
    assert len(bomb) < 2**20
    with pytest.raises(NotAllowed, match="解压后过大"):
        type_of("炸弹.docx", io.BytesIO(bomb))


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
