"""What the files of a published reply say: the text of Word, Excel and plain files, with where each piece stands.

More is read than a reader sees: deleted and hidden text, comments and who wrote them, the facts of the file. What the
program can't read, a picture, a scan, an older format, two people look through page by page.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from ..files.packages import BROKEN
from .scan import Piece

MOST = 40 * 2**20  # bytes of unpacked xml
MOST_TEXT = 2_000_000  # characters of one file: a thousand pages
XML = (".xml", ".rels", ".vml")
HARMLESS = ("printersettings", "docprops/thumbnail")  # of the printer it last went to; too small to be read
ELSEWHERE = "文件属性、批注等处"
IN_PARAGRAPHS = frozenset({"t", "delText", "instrText"})
IN_CELLS = frozenset({"v", "f", "t"})


@dataclass(frozen=True)
class Said:
    """The text of a file; ``by_hand``: not all that it says could be read."""

    pieces: tuple[Piece, ...] = ()
    by_hand: bool = False


UNREAD = Said(by_hand=True)


def read(name: str, file: IO[bytes]) -> Said:
    """What a file says, by the ending of its name; nothing that is too large or broken is guessed at."""
    reader = READERS.get(name.rpartition(".")[2].lower())
    if reader is None:
        return UNREAD
    try:
        file.seek(0)
        said = reader(file)
    except (*BROKEN, etree.XMLSyntaxError, UnicodeDecodeError, LookupError):
        return UNREAD
    return said if sum(len(piece.text) for piece in said.pieces) <= MOST_TEXT else UNREAD


def _plain(file: IO[bytes]) -> Said:
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return Said(
        tuple(Piece(f"第 {n} 行", line) for n, line in enumerate(text.splitlines(), 1) if line.strip())
    )


def _word(file: IO[bytes]) -> Said:
    with zipfile.ZipFile(file) as archive:
        names, by_hand = _readable(archive)
        pieces = [piece for name in names for piece in _of_word(archive, name)]
    return Said(tuple(pieces), by_hand)


def _of_word(archive: zipfile.ZipFile, name: str) -> Iterator[Piece]:
    """The paragraphs of a part, then the words that stand elsewhere in it."""
    if not name.startswith("word/") or name.endswith(".rels"):
        yield from _anything(archive, name)
        return
    place, n = ("正文" if name == "word/document.xml" else "页眉、页脚、注释"), 0
    with archive.open(name) as part:
        for paragraph in _ends(part, "p"):
            text = "".join(_words(paragraph))
            if text.strip():
                n += 1
                yield Piece(f"{place}第 {n} 段", text)
    yield from _anything(archive, name, IN_PARAGRAPHS)


def _words(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter():
        match _local(node):
            case name if name in IN_PARAGRAPHS:
                yield node.text or ""
            case "tab" | "br" | "cr":
                yield " "
            case "noBreakHyphen":
                yield "-"


def _sheet(file: IO[bytes]) -> Said:
    with zipfile.ZipFile(file) as archive:
        names, by_hand = _readable(archive)
        shared = _shared(archive, names)
        pieces = [Piece(ELSEWHERE, text) for text in shared]
        sheets = {name: title for name, title in _titles(archive).items() if name in names}
        for name, title in sheets.items():
            pieces += _cells(archive, name, title, shared)
        for name in sorted(set(names) - {*sheets, SHARED}):
            pieces += _anything(archive, name)
    told = {piece.text for piece in pieces if piece.place != ELSEWHERE}
    return Said(tuple(p for p in pieces if p.place != ELSEWHERE or p.text not in told), by_hand)


BOOK, LINKS, SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The titles of the sheets by their parts, in the order of the book."""
    with archive.open(LINKS) as part:
        parts = {link.get("Id"): link.get("Target", "") for link in _ends(part, "Relationship")}
    with archive.open(BOOK) as part:
        titles = {parts.get(sheet.get(LINK), ""): sheet.get("name", "") for sheet in _ends(part, "sheet")}
    return {
        part.removeprefix("/") if part[:1] == "/" else f"xl/{part}": title for part, title in titles.items()
    }


def _shared(archive: zipfile.ZipFile, names: list[str]) -> list[str]:
    if SHARED not in names:
        return []
    with archive.open(SHARED) as part:
        return ["".join(t.text or "" for t in item.iter("{*}t")) for item in _ends(part, "si")]


def _cells(archive: zipfile.ZipFile, name: str, title: str, shared: list[str]) -> Iterator[Piece]:
    with archive.open(name) as part:
        for cell in _ends(part, "c"):
            of_strings = cell.get("t") == "s"
            for node in cell.iter("{*}v", "{*}f", "{*}t"):
                text = node.text or ""
                if of_strings and _local(node) == "v":
                    text = shared[int(text)]
                elif cell.get("t", "n") == "n":
                    text = _number(text)
                if text.strip():
                    yield Piece(f"“{title}”{cell.get('r', '')}", text)
    yield from _anything(archive, name, IN_CELLS)


def _number(text: str) -> str:
    """1.3812345678E10 is 13812345678, as the sheet shows it."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if abs(value) < 1e15 and value.is_integer() else text


def _anything(archive: zipfile.ZipFile, name: str, told: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """Every text of a part but those of elements that are ``told`` already, and attributes that may name somebody."""
    with archive.open(name) as part:
        for _, node in etree.iterparse(part, resolve_entities=False, no_network=True):
            if node.text and node.text.strip() and _local(node) not in told:
                yield Piece(ELSEWHERE, node.text)
            for value in node.attrib.values():
                if "@" in value or any("\u4e00" <= c <= "\u9fff" for c in value) or value.startswith("tel:"):
                    yield Piece(ELSEWHERE, value)
            node.clear(keep_tail=True)


def _ends(part: IO[bytes], local: str) -> Iterator[Any]:
    """The elements of a name, one after the other; what was told is let go."""
    depth = 0
    for event, node in etree.iterparse(
        part, events=("start", "end"), tag=f"{{*}}{local}", resolve_entities=False, no_network=True
    ):
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 0:  # one within another is told with it
            yield node
            node.clear(keep_tail=True)


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _readable(archive: zipfile.ZipFile) -> tuple[list[str], bool]:
    """The parts that hold text, and whether others may say something too. Raises ValueError for too large a file."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    xml = [info for info in members if info.filename.lower().endswith(XML)]
    if sum(info.file_size for info in xml) > MOST:
        raise ValueError("too large")
    names = {info.filename for info in xml}
    others = [info.filename.lower() for info in members if info.filename not in names]
    return sorted(names), any(not any(word in name for word in HARMLESS) for name in others)


READERS = {"docx": _word, "xlsx": _sheet, "txt": _plain, "csv": _plain}
