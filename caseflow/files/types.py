"""What files may come in: by the ending of the name and by what the content really is.

A closed list: whatever an office gets and gives in a case, and nothing that runs. A file whose content isn't
what its ending says is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from .packages import OTHER, Fits, compound, package

LARGEST = 50 * 2**20
"""Bytes of one file; a scan of some hundred pages has a tenth of it."""
HEAD = 4096


@dataclass(frozen=True)
class FileType:
    """One kind of file: ``inline`` ones may be shown in the browser, all others are only handed over."""

    media: str
    label: str
    fits: Fits
    inline: bool = False


class NotAllowed(ValueError):
    """A file that may not come in; the message says why, to whoever sent it."""


def _begins(*marks: bytes) -> Fits:
    return lambda head, file: "" if head.startswith(marks) else OTHER


def _tiff(head: bytes, file: IO[bytes]) -> str:
    return "" if head[:4] in (b"II*\0", b"MM\0*") else OTHER


def _text(head: bytes, file: IO[bytes]) -> str:
    """Text in one of the two codes that offices use; no other content passes for text."""
    file.seek(0)
    content = file.read()
    if b"\0" in content:
        return "不是文本文件"
    for code in ("utf-8-sig", "gb18030"):
        try:
            content.decode(code)
        except UnicodeDecodeError:
            continue
        return ""
    return "不是文本文件"


TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", "PDF", _begins(b"%PDF-"), inline=True),
    "jpg": FileType("image/jpeg", "图片", _begins(b"\xff\xd8\xff"), inline=True),
    "jpeg": FileType("image/jpeg", "图片", _begins(b"\xff\xd8\xff"), inline=True),
    "png": FileType("image/png", "图片", _begins(b"\x89PNG\r\n\x1a\n"), inline=True),
    "tif": FileType("image/tiff", "图片", _tiff),
    "tiff": FileType("image/tiff", "图片", _tiff),
    "docx": FileType(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档",
        package("word/document.xml"),
    ),
    "xlsx": FileType(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格",
        package("xl/workbook.xml"),
    ),
    "ofd": FileType("application/ofd", "OFD 版式文件", package("OFD.xml")),
    "doc": FileType("application/msword", "Word 文档", compound("WordDocument")),
    "wps": FileType("application/vnd.ms-works", "WPS 文档", compound("WordDocument")),
    "xls": FileType("application/vnd.ms-excel", "Excel 表格", compound("Workbook", "Book")),
    "et": FileType("application/vnd.ms-excel", "WPS 表格", compound("Workbook")),
    "txt": FileType("text/plain", "文本", _text),
    "csv": FileType("text/csv", "文本", _text),
    "eml": FileType("message/rfc822", "电子邮件", _text),
}  # fmt: skip

ENDINGS = "、".join(ending.upper() for ending in TYPES)


def type_of(name: str, file: IO[bytes]) -> FileType:
    """The type of a file by its name and content. Raises NotAllowed; the file is left at its beginning."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    found = TYPES.get(ending)
    if found is None:
        raise NotAllowed(f"“{shown(name)}”不能上传：只收 {ENDINGS}")
    file.seek(0, 2)
    size = file.tell()
    if size == 0:
        raise NotAllowed(f"“{shown(name)}”是空的")
    if size > LARGEST:
        raise NotAllowed(f"“{shown(name)}”超过 {LARGEST // 2**20} MB")
    file.seek(0)
    why = found.fits(file.read(HEAD), file)
    file.seek(0)
    if why:
        raise NotAllowed(f"“{shown(name)}”不能上传：{why}")
    return found


def base_name(name: str) -> str:
    """The name a file came with, without folders and what can't be printed: shown, and sent in a header."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if dot else kept[:160]


def shown(name: str) -> str:
    """The name as a sentence about it has it."""
    return base_name(name) or "没有名称的文件"


def media_of(name: str) -> FileType | None:
    """The type that a kept file's name says; it was checked when it came in."""
    return TYPES.get(name.rpartition(".")[2].lower())
