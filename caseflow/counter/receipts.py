"""申请回执: what an applicant takes away, on the page and as a Word file. Nobody keeps it: it holds the code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from sqlalchemy.orm import Session

from ..law.words import in_full
from ..letters import page, styles
from ..models import Case, Office, Ticket
from . import tickets
from .tickets import Given

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE = "政府信息公开申请回执"
ONCE = "查询码只显示这一次，请抄下或者打印。查询进度、补正、撤回、变更联系方式，都要同时用查询号和查询码。"
WIDTHS = (2400, 6400)  # of the table, in twips


@dataclass(frozen=True)
class Receipt:
    """What it says."""

    organ: str
    address: str
    phone: str
    number: str  # 登记编号
    submitted: date
    query_number: str
    code: str
    electronic: bool

    @property
    def next(self) -> tuple[str, ...]:
        """What happens now, sentence by sentence."""
        served = "文书在“查询进度”页送达：您打开的那一天就是送达之日，请常来看看。" if self.electronic else (
            "文书按您写的方式送给您，在“查询进度”页也能看到办到哪一步。"
        )  # fmt: skip
        return (
            "机关会按您留的联系方式与您确认收到申请；双方确认之日是法定收到之日（条例第三十一条）。",
            "自法定收到之日起 20 个工作日内答复；需要延长的，最多延长 20 个工作日，并会告知您（条例第三十三条）。",
            "内容不明确的，机关会在 7 个工作日内一次告知您补正，期限从收到补正之日重新计算（条例第三十条）。",
            served,
        )


def receipt(session: Session, case_id: int, given: Given) -> Receipt:
    """The receipt of a request, for whoever holds both its number and its code."""
    case = session.get_one(Case, case_id)
    office, ticket = session.get_one(Office, case.office_id), session.get_one(Ticket, case_id)
    return Receipt(
        office.name, office.address, office.phone, case.number, case.registered_on,
        given.query_number, given.code, ticket.electronic,
    )  # fmt: skip


def rows(told: Receipt) -> Iterator[tuple[str, str]]:
    """What it says in lines, each with its name; the page has number and code larger, above these."""
    yield "受理机关", told.organ
    if told.address:
        yield "机关地址", told.address
    if told.phone:
        yield "机关电话", told.phone
    yield "提交日期", in_full(told.submitted)
    yield "登记编号", told.number


def file(told: Receipt) -> bytes:
    """The receipt as a Word file."""
    codes = (("查询号", tickets.grouped(told.query_number)), ("查询码", tickets.grouped(told.code)))
    lines = [_paragraph(text) for text in (ONCE, *told.next)]
    blocks = [
        _paragraph(TITLE, styles.TITLE, styles.TITLE_FONT),
        _paragraph("", styles.CELL),
        page.table([*codes, *rows(told)], WIDTHS),
        _paragraph("", styles.CELL),
        *lines,
    ]
    document = page.blank(TITLE)
    body = document.element.body
    for block in blocks:
        body[-1].addprevious(parse_xml(block))
    return page.saved(document)


def _paragraph(text: str, style: str = styles.TEXT, font: str = styles.BODY_FONT) -> str:
    words = page.run(page.readable(text), font)
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}</w:p>'
