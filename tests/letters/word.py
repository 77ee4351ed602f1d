"""Word files of the tests: small ones written by python-docx, and parts of others exchanged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import docx

from caseflow.letters import shipped

MAIN = "word/document.xml"

# A case of the tests' own, with what spoils careless templates: signs of xml, a surname outside GB2312
CASE: dict[str, str | list[str]] = {
    "文号": "测公开〔2026〕第7号",
    "收件人": "𠮷野<花>&子",
    "登记编号": "DJ-0007",
    "收到日期": "2026年3月2日",
    "申请内容": "甲河防洪堤“一期”<设计>&概算",
    "机关名称": "某某县水利局",
    "成文日期": "2026年3月20日",
    "联系人": "丁一",
    "联系电话": "555-0101",
    "机关地址": "堤上路1号",
    "邮政编码": "100001",
    "代理人": "戊二",
    "补正事项": ["（一）身份证明", "（二）文号或者特征"],
    "补正期限": "2026年3月31日",
    "延期理由": "案卷正在修复",
    "延期工作日": "13",
    "原到期日": "2026年3月30日",
    "到期日": "2026年4月17日",
    "征求内容": "施工单位报价",
    "征求日期": "2026年3月9日",
    "计收方式": "按件计收之方式",
    "计收标准": "每件一百元之标准",
    "计收数量": "十二件之数",
    "收费金额": "1200元",
    "缴纳方式": "柜台二号",
    "说明事项": "为何一月内提出五十件",
    "说明期限": "2026年3月27日",
    "延迟理由": "数量甚多",
    "延迟答复日期": "2026年6月30日",
    "办理结果": "（结果）",
    "依据条款": "第九十九条",
    "办理情况": "查了三个库房",
    "理由": "理由在此",
    "公开内容": "概算批复",
    "提供方式": "光盘邮寄",
    "获取途径": "县政府网站公报栏",
    "不予公开部分": "附表三",
    "附件": "概算批复一份",
    "查询途径": "登记大厅查询",
    "负责机关": "某某县发展和改革局",
    "办理渠道": "县信访局窗口",
    "前次答复": "测公开〔2025〕第3号",
    "告知日期": "2026年3月5日",
    "届满日期": "2026年4月1日",
    "送达文书": ["告知书一份", "附件一份"],
    "初审人": "己三",
    "初审日期": "2026年3月16日",
    "复审人": "庚四",
    "复审日期": "2026年3月17日",
    "审签人": "辛五",
    "审签日期": "2026年3月18日",
    "审查结论": "可以公开之结论",
    "救济途径": "救济的一段话",
}


def blank() -> docx.document.Document:
    """An empty document; the one that python-docx brings is large, and slow to read."""
    document = docx.Document(str(shipped.path("receipt")))
    body = document.element.body
    for child in list(body)[:-1]:  # the last is the section
        body.remove(child)
    return document


def written(*paragraphs: str | list[str]) -> bytes:
    """A Word file; a list is a paragraph in several runs."""
    document = blank()
    for paragraph in paragraphs:
        made = document.add_paragraph()
        for run in [paragraph] if isinstance(paragraph, str) else paragraph:
            made.add_run(run)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """A document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """The members of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Mapping[str, bytes]) -> bytes:
    """A package of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def changed(content: bytes, change: Callable[[str], str], part: str = MAIN) -> bytes:
    """A package with one part rewritten; the change must change it."""
    members = parts(content)
    before = members[part].decode()
    after = change(before)
    assert after != before
    return packed(members | {part: after.encode()})


def replaced(content: bytes, old: str, new: str, part: str = MAIN) -> bytes:
    """A package with a piece of one part exchanged."""
    return changed(content, lambda text: text.replace(old, new), part)


def said(content: bytes) -> str:
    """All the words of the body, tables included, read by python-docx alone."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
