"""A Word file as a package of parts: opened with limits, refused where it could hold or fetch anything active.

Nothing here trusts the file's own word: sizes are those of the directory of the zip, and reading stops there.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from docx.oxml.ns import qn
from lxml import etree

MAX_BYTES = 1 << 20  # of the file as uploaded
MAX_UNPACKED = 8 << 20
MAX_PART = 1 << 20  # of one xml part
MAX_ELEMENTS = 30_000  # of one xml part; a page of a letter has some 300
MAX_MEMBERS = 100

MAIN = "word/document.xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PARTS = (".xml", ".rels", ".png", ".jpg", ".jpeg")  # of a letter: text, and a picture in its head
UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
)  # fmt: skip
# Relationships that bring in something that runs, or another document
ACTIVE = {"oleobject", "package", "control", "activexcontrolbinary", "afchunk", "subdocument", "frame",
          "vbaproject", "wordvbadata", "keymapcustomizations", "attachedtoolbars", "font"}  # fmt: skip
FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "MERGEFORMAT", "ARABIC", "ARABICDASH"}  # page numbers only
# Read as Word and WPS write it: UTF-8, so that nothing is declared behind another encoding
DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")


def open_parts(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The parts of a Word file and what forbids it; no parts where it is no Word file at all."""
    if len(content) > MAX_BYTES:
        return {}, [f"文件有 {len(content) // 1024} KB，超过 {MAX_BYTES // 1024} KB：请删去模板里的大图片"]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if fault := _unfit(archive.infolist()):
                return {}, [fault]
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except UNREADABLE:
        return {}, ["这不是 Word 文档（.docx），或者文件已经损坏：请在 Word 或 WPS 里另存为 .docx 再上传"]
    if MAIN not in parts or "[Content_Types].xml" not in parts:
        return {}, ["这不是 Word 文档（.docx）：里面没有正文"]
    return parts, list(_forbidden(parts))


def _unfit(members: list[zipfile.ZipInfo]) -> str:
    """Why a zip is not even unpacked; "" if it may be."""
    names = [info.filename for info in members]
    unpacked = sum(info.file_size for info in members)
    xml = max((i.file_size for i in members if i.filename.endswith((".xml", ".rels"))), default=0)
    if any(info.flag_bits & 1 for info in members):
        return "文档设了密码：请取消密码再上传"
    if len(names) > MAX_MEMBERS or len({name.lower() for name in names}) < len(names):
        return f"文档里的部件太多（最多 {MAX_MEMBERS} 个）或者重名，不是正常的 Word 文档"
    if unpacked > MAX_UNPACKED or xml > MAX_PART:
        return f"文档解压后太大（{unpacked >> 10} KB），不是一份文书的模板"
    if any(name.startswith(("/", "\\")) or ".." in name or "\\" in name for name in names):
        return "文档里有指向别处的路径，不是正常的 Word 文档"
    return ""


def _forbidden(parts: Mapping[str, bytes]) -> Iterator[str]:
    odd = sorted(name for name in parts if not name.lower().endswith(PARTS))
    if any("vba" in name.lower() or name.lower().endswith(".bin") for name in odd):
        yield "文档里有宏或者嵌入的对象：模板只能有文字、表格和图片"
    elif odd:
        yield f"文档里有模板用不着的部件（{'、'.join(odd[:3])}）：模板只能有文字、表格和 PNG、JPG 图片，不要嵌入字体和对象"
    for name in sorted(parts):
        if name.lower().endswith((".xml", ".rels")):
            yield from _forbidden_in(name, parts[name])


def _forbidden_in(name: str, content: bytes) -> Iterator[str]:
    root = parsed(content)
    if root is None:
        yield f"文档的部件 {name} 读不出来"
    elif sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        yield f"文档太长（{name}），不是一份文书的模板"
    elif name == "[Content_Types].xml":
        main = [part.get("ContentType") for part in root if part.get("PartName") == f"/{MAIN}"]
        if main != [MAIN_TYPE]:
            yield "这不是普通的 Word 文档：不要用带宏的文档（.docm）和 Word 模板（.dotx），请另存为 .docx"
    elif name.endswith(".rels"):
        yield from _links(root)
    elif foreign := _field_words(root) - FIELDS:
        yield f"文档里有域（{'、'.join(sorted(foreign)[:3])}）：除页码以外，请把域转换成普通文字"


def parsed(content: bytes) -> etree._Element | None:
    """An xml part; None where it can't be read or declares a document type, and with it entities."""
    declared = DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    marks = content.replace(b"<!--", b"").replace(b"<![CDATA[", b"")
    if b"\0" in content or b"<!" in marks or (declared and declared[1].lower() != b"utf-8"):
        return None
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _links(root: etree._Element) -> Iterator[str]:
    for link in root:
        kind = str(link.get("Type", "")).rpartition("/")[2].lower()
        if str(link.get("TargetMode", "")).lower() == "external":
            yield f"文档里有指向外面的链接（{str(link.get('Target'))[:60]}）：请取消超链接和外部模板，只留文字"
        elif kind in ACTIVE:
            yield "文档里有嵌入的对象、控件、字体或者别的文档：模板只能有文字、表格和图片"


def _field_words(root: etree._Element) -> set[str]:
    """The words of all field codes, whatever runs they are cut into."""
    codes: dict[object, str] = {}
    for code in root.iter(qn("w:instrText")):
        home = next(code.iterancestors(qn("w:p")), root)
        codes[home] = codes.get(home, "") + (code.text or "")
    simple = [str(field.get(qn("w:instr"))) for field in root.iter(qn("w:fldSimple"))]
    return {word.upper() for said in (*codes.values(), *simple) for word in re.findall(r"[^\s\\*]+", said)}
