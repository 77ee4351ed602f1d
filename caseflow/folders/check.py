"""Whether a folder is whole: every file as the manifest in it says, none missing, none added. Needs no database.

Nothing is unpacked and nothing that the zip claims is believed: each member is read in pieces to its end.
"""

from __future__ import annotations

import hashlib
import os
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
END = b"PK\5\6" + bytes(18)  # a zip's last record, without a comment
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
                yield from _around(archive, file)
                yield from _wrong(archive)
        except UNREADABLE:
            yield "打不开：不是压缩包（zip），或者没有传完整、已经损坏"


def manifest(path: Path) -> bytes:
    """The manifest of a folder; b"" where there is none to be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(MANIFEST)
            return archive.read(info) if info.file_size <= LONGEST_MANIFEST else b""
    except UNREADABLE:
        return b""


def _around(archive: zipfile.ZipFile, file: IO[bytes]) -> Iterator[str]:
    """What lies in the zip beside its members, where nobody who opens it would look."""
    members = archive.infolist()
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(END)))
    if file.read(4) != END[:4] or archive.comment:
        yield "压缩包末尾有多出来的内容"
    if min((info.header_offset for info in members), default=0):
        yield "压缩包开头有多出来的内容"
    if sum(info.compress_size for info in members) > size:
        yield "有文件在压缩包里互相重叠"


def _wrong(archive: zipfile.ZipFile) -> Iterator[str]:
    members = archive.infolist()
    if len(members) > MEMBERS:
        yield f"有 {len(members)} 个文件，超过 {MEMBERS} 个，不是案卷"
        return
    unfit = {info.filename: why for info in members if (why := _unfit(info))}
    times = Counter(info.filename for info in members)
    unfit |= {name: "同一个名称有几个文件" for name, count in times.items() if count > 1}
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
    return ""


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
