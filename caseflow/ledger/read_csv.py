"""Ledgers as comma-separated text, in UTF-8 or GB18030: the encoding is proved, never guessed."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from .columns import Shape
from .sheet import Line, Sheet, Unreadable, find, is_empty

BLOCK = 1 << 20
LONGEST_CELL = 100_000
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# What a spreadsheet takes for a formula when a cell begins with it, the full-width ones too.
# Writing puts an apostrophe before them, reading takes it away.
FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")

EXACT = re.compile(r'="(\w*)"')

SAVE_AS = "用表格软件另存为“CSV UTF-8”或者 .xlsx 后再试"


def guarded(text: str) -> str:
    """A text as csv may hold it: nothing in it is ever computed. ``unguarded`` gives it back."""
    start = text.lstrip("'")[:1]
    return f"'{text}" if start in FORMULA_STARTS and text else text


def unguarded(text: str) -> str:
    """A cell without the apostrophe that ``guarded`` or a spreadsheet put before a formula sign."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in FORMULA_STARTS else text


def open_csv(path: Path, shape: Shape) -> Sheet:
    """The file's one sheet. Raises Unreadable for another encoding, an empty file, a file without our head."""
    encoding, total = _encoding(path)

    def lines() -> Iterator[Line]:
        return _lines(path, encoding)

    if is_empty(lines):
        raise Unreadable("文件是空的")
    if sheet := find(path.stem, shape, lines, total):
        return sheet
    names = "、".join(shape.required)
    odd = f"；打开是乱码的，{SAVE_AS}" if encoding == "gb18030" else ""
    raise Unreadable(f"没有找到{shape.title}的表头，至少要有：{names}{odd}")


def _encoding(path: Path) -> tuple[str, int]:
    """The encoding that the whole file stands in, and its number of lines. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(UTF16):
        raise Unreadable(f"文字编码是 UTF-16，读不了；{SAVE_AS}")
    marked = start.startswith(codecs.BOM_UTF8)
    farthest = 0
    for encoding in ("utf-8-sig",) if marked else ("utf-8-sig", "gb18030"):
        lines, whole = _decodes(path, encoding)
        if whole:
            return encoding, lines
        farthest = max(farthest, lines)
    known = "UTF-8" if marked else "UTF-8，也不是 GB18030"
    raise Unreadable(f"文字编码不是 {known}（第 {farthest + 1} 行起读不出）；{SAVE_AS}")


def _decodes(path: Path, encoding: str) -> tuple[int, bool]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    lines = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n"), False
            lines += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines, False
    return lines, True


def _lines(path: Path, encoding: str) -> Iterator[Line]:
    """Records numbered as a spreadsheet shows them: a cell with line breaks is still one row."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        number, reader = 0, csv.reader(file, strict=True)
        while True:
            number, before = number + 1, reader.line_num
            try:
                cells = next(reader, None)
            except csv.Error:
                raise Unreadable(f"第 {number} 行{_fault(path, encoding, before)}") from None
            if cells is None:
                return
            yield number, [_cell(cell) if cell[:1] in "'=" else cell for cell in cells]


def _fault(path: Path, encoding: str, before: int) -> str:
    """Why the record after so many lines can't be read: read again, a cell that is only long has an end."""
    csv.field_size_limit(path.stat().st_size)
    try:
        with path.open(encoding=encoding, newline="") as file:
            next(csv.reader(islice(file, before, None), strict=True))
    except csv.Error:
        return "的引号不成对，后面的内容分不出行"
    finally:
        csv.field_size_limit(LONGEST_CELL)
    return f"有一格太长，一格最多 {LONGEST_CELL} 个字"


def _cell(cell: str) -> str:
    """What was meant: '=… is text, and so is ="350581…", by which other programs save long numbers."""
    exact = EXACT.fullmatch(cell)
    return exact[1] if exact else unguarded(cell)
