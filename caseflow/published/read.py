"""What kind of file it is, by its content whatever it is called, and its tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

from ..law.published import Figures
from ..ledger.read import OLD_EXCEL, ZIP
from ..ledger.read_csv import UTF16
from ..ledger.read_xlsx import BROKEN
from ..ledger.sheet import Unreadable
from . import docx, html, layout, plain, xlsx
from .grid import Budget, Grid
from .stated_year import stated_year

SUFFIXES = (".xlsx", ".docx", ".html", ".htm", ".csv")
MEGABYTE = 1 << 20
LARGEST = 10 * MEGABYTE  # of a file
LARGEST_TEXT = 4 * MEGABYTE  # of a page or a text: their elements take a hundred times that in memory
MOST_UNPACKED = 16 * MEGABYTE  # of the parts that are read, pictures apart
MOST_PARTS = 5000
KINDS = "只读 .xlsx、.docx、.html 和 .csv 文件"

# What begins a file of another kind, and what to do about it
STRANGE = (
    (OLD_EXCEL, "这是旧版 .xls、.doc，或者设了密码的文件；另存为不设密码的 .xlsx 或者 .docx 后再试"),
    (b"%PDF", "PDF 里的表读不准；请原机关发 .xlsx、.docx，或者保存公开的网页"),
    (b"MZ", f"这是程序，不是年报；{KINDS}"),
)
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|table|meta|\?xml|div|p|!--)", re.IGNORECASE)

Reader = Callable[[Path, Budget], Iterator[Grid]]
PACKAGES: dict[str, Reader] = {"xl/workbook.xml": xlsx.grids, docx.PART: docx.grids}


def read(path: Path) -> Figures:
    """Tables 3 and 4 of a file, and the year it says it is of. Raises Unreadable with a sentence that says why not."""
    found = list(_grids(path))
    return replace(layout.figures(found), year=stated_year(_words(path, found)))


def _words(path: Path, found: list[Grid]) -> str:
    """What a file says, its titles first; of a workbook what stands in its sheets."""
    with path.open("rb") as file:
        package = file.read(8).startswith(ZIP)
    if package and _package(path) is docx.grids:
        return docx.words(path)
    if package:
        return "\n".join(grid.texts[place] for grid in found for place in sorted(grid.texts))
    text = _decoded(path.read_bytes())
    return html.words(text) if _is_page(text) else text


def _grids(path: Path) -> Iterator[Grid]:
    size = path.stat().st_size
    if not size:
        raise Unreadable("文件是空的")
    if size > LARGEST:
        raise Unreadable(
            f"文件太大（{size // MEGABYTE} 兆），最多 {LARGEST // MEGABYTE} 兆；只留表三、表四再试"
        )
    with path.open("rb") as file:
        start = file.read(8)
    for begin, why in STRANGE:
        if start.startswith(begin):
            raise Unreadable(why)
    budget = Budget()
    if start.startswith(ZIP):
        yield from _package(path)(path, budget)
        return
    if size > LARGEST_TEXT:
        raise Unreadable(f"网页或者文本太大，最多 {LARGEST_TEXT // MEGABYTE} 兆；只留表三、表四再试")
    text = _decoded(path.read_bytes())
    yield from (html if _is_page(text) else plain).grids(text, budget)


def _is_page(text: str) -> bool:
    return bool(_PAGE.match(text)) or "<table" in text.lower()


def _package(path: Path) -> Reader:
    """The reader of a zip by the part that marks it. Raises Unreadable for other zips and for one that swells."""
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
    except BROKEN as error:
        raise Unreadable("打不开：文件已经损坏") from error
    for mark, reader in PACKAGES.items():
        if any(part.filename == mark for part in parts):
            opened = [p.file_size for p in parts if p.filename == mark or _is_read(reader, p.filename)]
            if len(parts) > MOST_PARTS or sum(opened) > MOST_UNPACKED:
                raise Unreadable("文件展开后太大；只留表三、表四再试")
            return reader
    raise Unreadable(f"这是压缩包，不是年报；解开后再试，{KINDS}")


def _is_read(reader: Reader, part: str) -> bool:
    """Whether a part is opened at all: of a workbook all but its pictures, of a document its main part alone."""
    return reader is xlsx.grids and part.lower().endswith((".xml", ".rels"))


def _decoded(content: bytes) -> str:
    """Text in UTF-8 or GB18030. Raises Unreadable."""
    if content.startswith(UTF16):
        raise Unreadable("文字编码是 UTF-16，读不了；另存为 UTF-8 后再试")
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return codecs.decode(content, encoding)
            except UnicodeDecodeError:
                continue
    raise Unreadable(f"不是能读的文件；{KINDS}")
