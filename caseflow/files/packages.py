"""What stands inside the office formats: a zip (docx, xlsx, ofd) or a compound file (doc, wps, xls, et).

Both are only containers: an installer is a compound file as well, and a zip may stand behind a program.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

Fits = Callable[[bytes, IO[bytes]], str]
"""Head and file -> what is wrong with it, or ""."""

UNPACKED = 500 * 2**20
MEMBERS = 5000
ENTRY = 200  # bytes of a member in the directory of a zip, its name included; 46 at the least
CONTENT_TYPES = "[content_types].xml"
LARGEST_CONTENT_TYPES = 2**20
MACROS = ("macroenabled", "vbaproject")
RUNS = frozenset({".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".scr", ".msi"})
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ParseError, ValueError, NotImplementedError,
    RuntimeError, OSError,
)  # fmt: skip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IN_HEADER = 109  # numbers of FAT sectors that the header of a compound file holds
DIRECTORY = 2000  # sectors; an office document has some ten
STREAM = 2

OTHER = "内容与扩展名不符"
DAMAGED = f"{OTHER}，或者已损坏"
TOO_MUCH = "解压后过大"
WITH_MACROS = "文件里带有宏，去掉宏再上传"
WITH_PROGRAM = "文件里带有可执行的程序"


def package(member: str) -> Fits:
    """A zip of an office format: with its mark, no programs in it, and not blown up beyond reason."""

    def fits(head: bytes, file: IO[bytes]) -> str:
        if not head.startswith(b"PK\3\4"):
            return OTHER
        try:
            if _has_many(file):
                return TOO_MUCH
            with zipfile.ZipFile(file) as opened:
                return _members(opened, member)
        except BROKEN:
            return DAMAGED

    return fits


def _has_many(file: IO[bytes]) -> bool:
    """Whether the end of a zip announces too long a directory: reading that takes its time."""
    size = file.seek(0, 2)
    start = file.seek(max(0, size - 66_000))  # its comment has 65,535 bytes at most
    tail = file.read()
    at = tail.rfind(b"PK\5\6", 0, len(tail) - 18)
    if at < 0:
        return False  # no zip at all, as reading it will say
    counts, lengths = zip(struct.unpack_from("<HL", tail, at + 10), _large(file, start + at), strict=True)
    return any(n > MEMBERS for n in counts) or any(n > MEMBERS * ENTRY for n in lengths)


def _large(file: IO[bytes], end: int) -> tuple[int, int]:
    """The same two numbers from the record of large zips, which is believed more; 0 where there is none."""
    file.seek(max(0, end - 76))
    record = file.read(76)
    return struct.unpack_from("<QQ", record, 32) if record[56:60] == b"PK\6\7" else (0, 0)


def _members(opened: zipfile.ZipFile, member: str) -> str:
    members = opened.infolist()
    paths = {PurePosixPath(info.filename.lower()): info for info in members}
    if member not in {info.filename for info in members}:
        return OTHER
    if len(paths) < len(members):
        return DAMAGED  # which of two of one name is opened, each program decides for itself
    if len(members) > MEMBERS or sum(info.file_size for info in members) > UNPACKED:
        return TOO_MUCH
    if any(path.suffix in RUNS for path in paths):
        return WITH_PROGRAM
    types = paths.get(PurePosixPath(CONTENT_TYPES))
    if types and types.file_size > LARGEST_CONTENT_TYPES:
        return TOO_MUCH
    declared = _declared(opened.read(types)) if types else []
    named = [path.name for path in paths]
    return WITH_MACROS if any(mark in word for word in [*declared, *named] for mark in MACROS) else ""


def _declared(content: bytes) -> list[str]:
    """The content types of all parts: a macro part may have any name, but only one type."""
    return [kind.get("ContentType", "").lower() for kind in fromstring(content, forbid_dtd=True)]


def compound(*streams: str) -> Fits:
    """A compound file that holds one of the streams in which the program keeps its document."""

    def fits(head: bytes, file: IO[bytes]) -> str:
        if not head.startswith(OLE):
            return OTHER
        try:
            return "" if set(streams) & set(_streams(file)) else OTHER
        except (struct.error, IndexError, OSError, OverflowError):
            return DAMAGED

    return fits


def _streams(file: IO[bytes]) -> Iterator[str]:
    """The names of the streams of a compound file ([MS-CFB] 2.6), as far as its directory is whole."""
    file.seek(0)
    header = file.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    sector, (more, _) = struct.unpack_from("<L", header, 48)[0], struct.unpack_from("<LL", header, 68)
    if shift not in (9, 12):
        return
    per = 2**shift // 4
    fat = list(struct.unpack_from(f"<{IN_HEADER}L", header, 76))
    for _ in range(DIRECTORY):
        entries = _sector(file, sector, shift)
        for at in range(0, len(entries), 128):
            (length,) = struct.unpack_from("<H", entries, at + 64)
            if entries[at + 66] == STREAM and 2 <= length <= 64:
                yield entries[at : at + length - 2].decode("utf-16-le", "replace")
        while sector // per >= len(fat) and len(fat) < DIRECTORY * per:  # a file of more than 6.8 MB
            *further, more = struct.unpack(f"<{per}L", _sector(file, more, shift))
            fat += further
        (sector,) = struct.unpack_from("<L", _sector(file, fat[sector // per], shift), sector % per * 4)
        if sector >= 0xFFFFFFFA:  # the end of the chain
            return


def _sector(file: IO[bytes], number: int, shift: int) -> bytes:
    """One sector; the header stands before the first. Raises IndexError beyond the end."""
    file.seek((number + 1) << shift)
    read = file.read(1 << shift)
    if len(read) < 1 << shift:
        raise IndexError(number)
    return read
