"""A folder is whole, or what differs is named: nothing in a zip is believed, and no database is needed."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from caseflow.folders import check
from caseflow.folders.names import MANIFEST
from caseflow.folders.packing import pack
from caseflow.folders.plan import Plan, made

NAMES = ("000-卷内目录.csv", "001-申请材料_𠮷.pdf", "002-办理经过.docx")
Tamper = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three files."""
    path = tmp_path / "案卷.zip"
    with path.open("wb") as out:
        pack(Plan("SSFB", "2026-1", tuple(made(name, f"内容 {name}".encode()) for name in NAMES)), out)
    return path


def again(
    path: Path,
    change: Callable[[dict[str, bytes]], object] = lambda files: None,
    how: int = zipfile.ZIP_STORED,
) -> None:
    """Put the zip together anew with other files in it, by any program."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def bytes_changed(old: bytes, new: bytes, count: int = -1) -> Tamper:
    return lambda path: path.write_bytes(path.read_bytes().replace(old, new, count))


def larger(path: Path) -> None:
    """The directory of the zip claims that its third member, the first paper, has 4 GB."""
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2", 0, content.rindex(b"PK\1\2"))
    content[entry + 24 : entry + 28] = struct.pack("<I", 0xFFFF_FFF0)
    path.write_bytes(content)


def bomb(path: Path) -> None:
    again(path, lambda files: files.update({NAMES[1]: bytes(51 << 20)}))


def bzip2(path: Path) -> None:
    """Few bytes that would take long to read."""
    again(path, lambda files: files.update({NAMES[1]: bytes(49 << 20)}), zipfile.ZIP_BZIP2)


def between(path: Path) -> None:
    """Bytes that no record tells of, between the members and the directory."""
    content, hidden = path.read_bytes(), b"hidden"
    start = content.index(b"PK\1\2")
    content = content[:start] + hidden + content[start:]
    end = content.index(b"PK\5\6") + 16
    path.write_bytes(content[:end] + struct.pack("<L", start + len(hidden)) + content[end + 4 :])


def with_more(**said: bytes) -> Tamper:
    """A member that brings a comment, or an extra field."""

    def tamper(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                info = zipfile.ZipInfo(name)
                for what, value in said.items():
                    setattr(info, what, value)
                archive.writestr(info, content)

    return tamper


def otherwise(path: Path) -> None:
    """The record before a member says another size than the directory: some readers go by it."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rindex(b"PK\3\4") + 22, 1)
    path.write_bytes(content)


def fewer(path: Path) -> None:
    """The last record tells of fewer members than there are."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<2H", content, len(content) - 14, 3, 3)
    path.write_bytes(content)


def twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(NAMES[1], "另一个")


def with_link(path: Path) -> None:
    link = zipfile.ZipInfo("003-链接")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")


def overlapping(path: Path) -> None:
    """Every entry of the directory shows the same large content."""
    blob = bytes(4 << 10)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("003-多.bin", blob)
    content = bytearray(path.read_bytes())
    start = content.rindex(b"PK\1\2")
    for _ in range(3):
        content[start:start] = content[start : content.index(b"PK\5\6")]
    end = content.index(b"PK\5\6")
    first = content.index(b"PK\1\2")
    entries = content.count(b"PK\1\2", first)
    struct.pack_into("<HHI", content, end + 8, entries, entries, end - first)
    path.write_bytes(content)


def test_a_folder_as_it_was_made_is_whole_and_so_is_one_put_together_anew(folder: Path) -> None:
    assert list(check.differences(folder)) == []
    again(folder)
    assert list(check.differences(folder)) == []


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda p: again(p, lambda f: f.update({NAMES[1]: b"x"})), f"{NAMES[1]}：内容与清单里的校验值不符"),
        (bytes_changed("内容 001".encode(), "内客 001".encode()), f"{NAMES[1]}：读不出来，已经损坏"),
        (lambda p: again(p, lambda f: f.pop(NAMES[2])), f"{NAMES[2]}：清单里有，压缩包里没有"),
        (lambda p: again(p, lambda f: f.update(多=b"x")), "多：清单里没有，是多出来的"),
        (lambda p: again(p, lambda f: f.pop(MANIFEST)), f"没有校验清单（{MANIFEST}），不是案卷，或者被人改过"),
        (
            lambda p: again(p, lambda f: f.update({MANIFEST: f[MANIFEST] + b"abc\n"})),
            f"{MANIFEST}：第 4 行读不懂，或者重复",
        ),
        (
            lambda p: again(p, lambda f: f.update({MANIFEST: f[MANIFEST] * 2})),
            f"{MANIFEST}：第 4 行读不懂，或者重复",
        ),
        (lambda p: again(p, lambda f: f.update({MANIFEST: b"\xff"})), f"{MANIFEST}：读不出来，已经损坏"),
        (lambda p: again(p, lambda f: f.update({"../x": b"x"})), "../x：路径指到案卷外面"),
        (lambda p: again(p, lambda f: f.update({"/etc/x": b"x"})), "/etc/x：路径指到案卷外面"),
        (lambda p: again(p, lambda f: f.update({"C:x": b"x"})), "C:x：路径指到案卷外面"),
        (lambda p: again(p, lambda f: f.update({"a/b": b"x"})), "a/b：是文件夹或者链接，案卷里没有"),
        (with_link, "003-链接：是文件夹或者链接，案卷里没有"),
        (twice, f"{NAMES[1]}：同一个名称有几个文件"),
        (larger, f"{NAMES[1]}：自称解开后有 4294967280 字节，超过 52428800 字节，没有解开"),
        (bomb, f"{NAMES[1]}：自称解开后有 53477376 字节，超过 52428800 字节，没有解开"),
        (bzip2, f"{NAMES[1]}：经过压缩，案卷里的文件都不压缩，没有解开"),
        (
            lambda p: again(p, how=zipfile.ZIP_DEFLATED),
            f"{MANIFEST}：经过压缩，案卷里的文件都不压缩，没有解开",
        ),
        (between, "压缩包里文件之间有藏着的内容"),
        (with_more(comment=b"x"), f"{NAMES[1]}：文件头与目录不一致，或者带有附加内容"),
        (with_more(extra=struct.pack("<2H", 0xCAFE, 0)), f"{NAMES[1]}：文件头与目录不一致，或者带有附加内容"),
        (otherwise, f"{NAMES[2]}：文件头与目录不一致，或者带有附加内容"),
        (fewer, "压缩包末尾有多出来的内容"),
        (
            lambda p: again(p, lambda f: f.update({"é.PDF": b"x", "e\u0301.pdf": b"x"})),
            "é.PDF：同一个名称有几个文件",
        ),
        (overlapping, "有文件在压缩包里互相重叠"),
        (lambda p: p.write_bytes(p.read_bytes()[:-30]), "打不开：不是压缩包（zip），或者没有传完整、已经损坏"),
        (lambda p: p.write_bytes(b"%PDF-1.7"), "打不开：不是压缩包（zip），或者没有传完整、已经损坏"),
        (lambda p: p.write_bytes(b""), "打不开：不是压缩包（zip），或者没有传完整、已经损坏"),
        (lambda p: p.write_bytes(p.read_bytes() + b"x"), "压缩包末尾有多出来的内容"),
        (lambda p: p.write_bytes(b"x" + p.read_bytes()), "压缩包开头有多出来的内容"),
        (lambda p: again(p, lambda f: f.update({"\x1b[31m": b"x"})), "�[31m：清单里没有，是多出来的"),
    ],
)  # fmt: skip
def test_each_kind_of_tampering_is_named(folder: Path, tamper: Tamper, told: str) -> None:
    tamper(folder)
    assert told in list(check.differences(folder))


def test_a_folder_too_large_for_a_plain_zip_is_whole_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 400)
    again(folder)
    assert b"PK\6\6" in folder.read_bytes()
    assert list(check.differences(folder)) == []


def test_what_overlaps_or_is_compressed_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = folder.read_bytes()
    for tamper in (overlapping, lambda path: again(path, how=zipfile.ZIP_BZIP2)):
        folder.write_bytes(original)
        tamper(folder)
        with monkeypatch.context() as patch:
            patch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("was read"))
            assert list(check.differences(folder))


def test_wherever_it_was_cut_off_or_spoilt_something_is_named(folder: Path) -> None:
    whole, right = folder.read_bytes(), contents(folder)
    for cut in range(0, len(whole), 7):
        folder.write_bytes(whole[:cut])
        assert list(check.differences(folder)), cut
    harmless = 0
    for place in range(len(whole)):
        folder.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        if not list(check.differences(folder)):  # times and rights of a member are not what it holds
            assert contents(folder) == right, place
            harmless += 1
    assert harmless < len(whole) / 4


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
