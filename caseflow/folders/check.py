"""Whether a folder is whole: every file as the manifest in it says, none missing, none added. Needs no database.

Nothing is unpacked and nothing that the zip claims is believed: each member is read in pieces to its end.
A folder is packed without compression, comments or extra fields, its members one after the other. What
leaves room for anything beside them is refused, and so no more is ever read than the file has.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..files.store import PIECE
from ..files.types import LARGEST
from .names import MANIFEST

MEMBERS = 10_000
LONGEST_MANIFEST = 8 << 20  # bytes
LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\r\n]+)")
LOCAL = struct.Struct(
    "<4s2HH4x3L2H"
)  # the record before a member: version, flags, method, crc, sizes, lengths
ENTRY = 46  # bytes of a member's record in the directory, without its name
UTF8 = 0x800  # the flag of a name that isn't ASCII
FEW, SMALL = 0xFFFF, 0xFFFF_FFFF  # what a plain zip can say; of more (zip64), a further record tells
# What a damaged zip can bring its reader to
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, OverflowError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip


def differences(path: Path) -> Iterator[str]:
    """What is wrong with a folder, a line each; nothing where it is whole. Raises OSError where it can't be read."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if len(archive.infolist()) > MEMBERS:
                    yield f"有 {len(archive.infolist())} 个文件，超过 {MEMBERS} 个，不是案卷"
                    return
                yield from _around(archive, file)
                if _overlaps(archive):
                    yield "有文件在压缩包里互相重叠"
                    return
                yield from _wrong(archive)
        except UNREADABLE:
            yield "打不开：不是压缩包（zip），或者没有传完整、已经损坏"


def manifest(path: Path) -> bytes:
    """The manifest of a folder; b"" where there is none to be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(MANIFEST)
            return b"" if _unfit(info) else archive.read(info)
    except UNREADABLE:
        return b""


def _around(archive: zipfile.ZipFile, file: IO[bytes]) -> Iterator[str]:
    """What lies in the zip beside its members, where nobody who opens it would look."""
    members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    if members and members[0].header_offset:
        yield "压缩包开头有多出来的内容"
    ends = [_end(info) for info in members]
    starts = [*(info.header_offset for info in members[1:]), archive.start_dir]
    if any(end < start for end, start in zip(ends, starts, strict=False)):
        yield "压缩包里文件之间有藏着的内容"
    for info in members:
        if not _plain(info, file):
            yield f"{_shown(info.filename)}：文件头与目录不一致，或者带有附加内容"
    length = sum(ENTRY + len(_bytes(info)) + len(_offset(info)) for info in members)
    file.seek(archive.start_dir + length)
    last = _last(len(members), length, archive.start_dir)
    if file.read(len(last) + 1) != last:
        yield "压缩包末尾有多出来的内容"


def _overlaps(archive: zipfile.ZipFile) -> bool:
    """Whether a content is there for several members: few bytes would take for ever to read."""
    members = sorted(archive.infolist(), key=lambda info: info.header_offset)
    starts = [*(info.header_offset for info in members[1:]), archive.start_dir]
    return any(_end(info) > start for info, start in zip(members, starts, strict=False))


def _bytes(info: zipfile.ZipInfo) -> bytes:
    """The name as the zip has it."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437")


def _end(info: zipfile.ZipInfo) -> int:
    """Where a member ends that has nothing beside its name and content."""
    return info.header_offset + LOCAL.size + len(_bytes(info)) + info.compress_size


def _offset(info: zipfile.ZipInfo) -> bytes:
    """The one extra field there may be: where a member begins that lies far back in a large zip."""
    far = info.header_offset > zipfile.ZIP64_LIMIT
    return struct.pack("<2HQ", 1, 8, info.header_offset) if far else b""


def _plain(info: zipfile.ZipInfo, file: IO[bytes]) -> bool:
    """Whether both records of a member say the same, and nothing more than its name and content."""
    name = _bytes(info)
    file.seek(info.header_offset)
    sign, _, flags, method, *rest = LOCAL.unpack(file.read(LOCAL.size))
    told = (flags, method, *rest, file.read(len(name)))
    meant = (
        info.flag_bits & UTF8, info.compress_type, info.CRC, info.compress_size, info.file_size, len(name), 0, name,
    )  # fmt: skip
    return sign == b"PK\3\4" and told == meant and info.extra == _offset(info) and not info.comment


def _last(count: int, length: int, start: int) -> bytes:
    """What ends a zip whose directory has so many entries and bytes and begins at ``start``."""
    far = b""
    if start > zipfile.ZIP64_LIMIT:
        far = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, start)
        far += struct.pack("<4sLQL", b"PK\6\7", 0, start + length, 1)
    few = min(count, FEW)
    return far + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, length, min(start, SMALL), 0)


def _wrong(archive: zipfile.ZipFile) -> Iterator[str]:
    members = archive.infolist()
    unfit = {info.filename: why for info in members if (why := _unfit(info))}
    times = Counter(info.filename for info in members)
    alike = Counter(_folded(name) for name in times.elements())
    unfit |= {name: "同一个名称有几个文件" for name in times if alike[_folded(name)] > 1}
    yield from (f"{_shown(name)}：{why}" for name, why in unfit.items())
    if MANIFEST in unfit:
        return
    if MANIFEST not in times:
        yield f"没有校验清单（{MANIFEST}），不是案卷，或者被人改过"
        return
    told, faults = _told(archive)
    yield from faults
    yield from (f"{_shown(name)}：清单里有，压缩包里没有" for name in told if name not in times)
    for info in members:
        if info.filename in unfit or info.filename == MANIFEST:
            continue
        if info.filename not in told:
            yield f"{_shown(info.filename)}：清单里没有，是多出来的"
        elif why := _differs(archive, info, told[info.filename]):
            yield f"{_shown(info.filename)}：{why}"


def _unfit(info: zipfile.ZipInfo) -> str:
    """Why a member isn't even read; "" if it may be."""
    name = info.filename
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        return "路径指到案卷外面"
    if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or "/" in name or "\\" in name:
        return "是文件夹或者链接，案卷里没有"
    if info.flag_bits & 1:
        return "设了密码，读不出来"
    largest = LONGEST_MANIFEST if name == MANIFEST else LARGEST
    if info.file_size > largest:
        return f"自称解开后有 {info.file_size} 字节，超过 {largest} 字节，没有解开"
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        return "经过压缩，案卷里的文件都不压缩，没有解开"
    return ""


def _folded(name: str) -> str:
    """A name as systems compare it that know no case, nor how a letter is composed: unpacked, one takes the other's place."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _told(archive: zipfile.ZipFile) -> tuple[dict[str, str], list[str]]:
    """What the manifest says, by name, and which of its lines can't be read."""
    try:
        lines = archive.read(MANIFEST).decode().removesuffix("\n").split("\n")
    except UNREADABLE:  # a text that isn't UTF-8 is a ValueError
        return {}, [f"{MANIFEST}：读不出来，已经损坏"]
    found: dict[str, str] = {}
    faults = []
    for n, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        if match is None or match[2] in found:
            faults.append(f"{MANIFEST}：第 {n} 行读不懂，或者重复")
        else:
            found[match[2]] = match[1]
    return found, faults


def _differs(archive: zipfile.ZipFile, info: zipfile.ZipInfo, expected: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(info) as member:
            while piece := member.read(PIECE):
                digest.update(piece)
    except UNREADABLE:
        return "读不出来，已经损坏"
    return "" if digest.hexdigest() == expected else "内容与清单里的校验值不符"


def _shown(name: str) -> str:
    """A name as a terminal can show it."""
    return "".join("�" if unicodedata.category(c)[0] == "C" else c for c in name)[:200]
