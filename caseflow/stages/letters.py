"""出具文书: an official letter numbered, filled in, kept and told by an event, all in one transaction."""

from __future__ import annotations

import io
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..files import store
from ..law.casefile import CaseFile, Entry
from ..law.issuing import Offer, offers
from ..law.letters import BY_CODE
from ..law.letters import Letter as Kind
from ..letters.faults import BadValue, LetterFault, MissingValue
from ..letters.render import render
from ..models import Letter, LetterCounter, Office
from . import numbers, papers, templates
from .checks import LIMITS, fault
from .desk import OpenCase, Work, acting
from .errors import Refused
from .letter_facts import Source, given_number, values

NO_WORD = "机关代字还没有设置，文书编不了号：请系统管理员在“机关”里填写"
NO_TEMPLATE = "这份文书的模板在服务器上找不到了，请系统管理员在“文书”里重新上传，或者恢复为随软件提供的模板"
# Variables that an administrator sets, not whoever issues the letter
OF_THE_OFFICE = {
    "救济途径": "行政复议机关、人民法院（经互联网送达的，还有网上申请行政复议的途径）", "联系人": "联系人", "联系电话": "联系电话", "机关名称": "机关名称",
}  # fmt: skip


def issue(work: Work, case_id: int, seen: int, kind: str, about: int, typed: Mapping[str, str]) -> int:
    """Issue a letter about an entry, or a further version of it; returns the id of its row.

    The first takes the next number of its series and year; a further version keeps it, and voids the one
    before. Raises Refused, naming the field that is missing.
    """
    with acting(work, case_id, seen, "issue_letter") as case:
        offer = offered(case.file, case.past, kind, about)
        source = source_of(case, offer)
        row = _row(case, source, typed)
        row.sha256 = _written(case, source, typed, row.number)
        case.session.add(row)
        case.session.flush()
        case.write({
            "letter": row.id, "kind": row.kind, "about": row.about, "number": row.number,
            "version": row.version, "sha256": row.sha256,
        })  # fmt: skip
        return row.id


def offered(file: CaseFile, entries: list[Entry], kind: str, about: int) -> Offer:
    """The offer of a letter about an entry. Raises Refused where the case has no such letter to issue."""
    for offer in offers(file, entries):
        if (offer.letter.code, offer.about.seq) == (kind, about):
            return offer
    title = f"《{BY_CODE[kind].title}》" if kind in BY_CODE else "这份文书"
    raise Refused(f"按案件现在的情况，不能出具{title}")


def source_of(case: OpenCase, offer: Offer) -> Source:
    """What the letter is written from."""
    office = case.session.get_one(Office, case.row.office_id)
    return Source(
        case.session, case.row, case.file, case.past, offer, office, case.calendar, case.work.today
    )  # fmt: skip


def rendered(source: Source, typed: Mapping[str, str], given: str) -> bytes:
    """The letter under a number, or as it would read. Raises Refused, at the field where it was to be typed."""
    if not (source.office.letter_word or source.offer.issued):  # a further version has its number
        raise Refused(NO_WORD)
    for ask in source.letter.asks:
        if why := fault(typed.get(ask.name, ""), LIMITS["letter"]):
            raise Refused(f"{ask.name}：{why}", ask.name)
    try:
        return render(templates.template_of(source.session, source.letter.code), values(source, typed, given))
    except MissingValue as missing:
        raise Refused(_missing(source.letter, missing.name), missing.name) from missing
    except BadValue as bad:
        raise Refused(str(bad), bad.name) from bad
    except LetterFault as bad:
        raise Refused(f"{bad}。请系统管理员检查模板") from bad
    except store.Missing as gone:
        raise Refused(NO_TEMPLATE) from gone


def _missing(letter: Kind, name: str) -> str:
    for ask in letter.asks:
        if ask.name == name:
            return f"填写{name}：{ask.hint}"
    if name in OF_THE_OFFICE:
        return f"{OF_THE_OFFICE[name]}还没有设置，请系统管理员在“机关”里填写"
    return f"案件里没有“{name}”，文书不能出具：先在案件里登记或者更正"


def _row(case: OpenCase, source: Source, typed: Mapping[str, str]) -> Letter:
    """The row of the letter, but for its content: the next number, or the next version under the same."""
    letter, office, year = source.letter, source.office, case.work.today.year
    said = {ask.name: typed.get(ask.name, "").strip() for ask in letter.asks}
    same = {
        "case_id": case.row.id, "office_id": office.id, "kind": letter.code, "about": source.about.seq,
        "issued_on": case.work.today, "issued_at": case.work.now, "issued_by": case.work.actor_id,
        "typed": {name: text for name, text in said.items() if text},
    }  # fmt: skip
    before = newest(case.session, case.row.id, letter.code, source.about.seq)
    if before:
        return Letter(
            **same, series=before.series, year=before.year, n=before.n, number=before.number,
            version=before.version + 1,
        )  # fmt: skip
    n = numbers.count(case.session, LetterCounter, office_id=office.id, series=letter.series, year=year)
    return Letter(
        **same, series=letter.series, year=year, n=n, version=1, number=given_number(office, letter, year, n)
    )  # fmt: skip


def newest(session: Session, case_id: int, kind: str, about: int) -> Letter | None:
    """The version of a letter that holds."""
    same = (Letter.case_id == case_id, Letter.kind == kind, Letter.about == about)
    return session.scalars(select(Letter).where(*same).order_by(Letter.version.desc()).limit(1)).first()


def _written(case: OpenCase, source: Source, typed: Mapping[str, str], given: str) -> str:
    """Fill it in and keep it; the content is there before any row tells of it."""
    content = rendered(source, typed, given)
    try:
        kept = store.keep(io.BytesIO(content))
    except OSError as error:
        raise Refused(papers.why_not_kept(error)) from error
    papers.know(case.session, kept, case.work.now)
    return kept.sha256
