"""填报: what to look at before the year is signed; every finding names its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from ..db import db
from ..law.annual import PROACTIVE, PROCEEDINGS
from ..law.applicants import CLASSES, COLUMN_LABELS, COLUMNS
from ..law.year_table import CARRIED_IN, CARRIED_OUT, PENDING
from ..models import Case
from ..reports.cells import alive, filed, stretches
from ..reports.oversight import accounted
from .freeze import Frozen

TABLES_ALONE = frozenset({PROACTIVE, PROCEEDINGS})  # parts of the annual report that need no words
MOST = 50  # cases named under one finding


@dataclass(frozen=True)
class Finding:
    """Something to look at: ``wrong`` has to be put right, anything else to be confirmed."""

    sentence: str
    cases: dict[int, str] = field(default_factory=dict)  # id and number
    wrong: bool = True


def findings(office_id: int, year: int, present: Frozen, last: Frozen | None) -> list[Finding]:
    """All that the year's report has to be asked; ``last`` is the signed report of the year before."""
    return [
        *_identities(present), *_report(present), *_carried(year, present, last), *_cases(office_id, year),
        *_proceedings(office_id, year), *_unconfirmed(office_id, year),
    ]  # fmt: skip


def _identities(present: Frozen) -> Iterator[Finding]:
    for d in present.data["figures"]["differences"]:
        yield Finding(f"{d['label']}：{d['identity']} 不成立，{d['left']} 与 {d['right']}")


def _report(present: Frozen) -> Iterator[Finding]:
    """The words of the annual report that speak against its tables, and what nobody has written yet."""
    report = present.data["report"]
    titles = {part["key"]: part["title"] for part in report["parts"]}
    for d in report["differences"]:
        yield Finding(f"年度报告“{titles[d['part']]}”：{d['sentence']}")
    if empty := [
        part["title"] for part in report["parts"] if not part["text"] and part["key"] not in TABLES_ALONE
    ]:
        yield Finding(f"年度报告还没有写：{'；'.join(empty)}", wrong=False)


def _carried(year: int, present: Frozen, last: Frozen | None) -> Iterator[Finding]:
    """What is carried in is what last year's report carried out, class by class and case by case."""
    if last is None:
        yield Finding(f"{year - 1} 年的报表没有在这里签发过，上年结转请与公布的年报核对", wrong=False)
        return
    now, was = present.data["figures"][CARRIED_IN], last.data["figures"][CARRIED_OUT]
    for key, here, there in zip(COLUMNS, now, was, strict=True):
        mine, theirs = present.behind(CARRIED_IN, key), last.behind(CARRIED_OUT, key)
        odd = {k: n for k, n in (mine | theirs).items() if (k in mine) is not (k in theirs)}
        if here != there or odd:
            yield Finding(
                f"{COLUMN_LABELS[key]}：本年的上年结转 {here}，{year - 1} 年签发的结转下年 {there}", odd
            )


# What looks wrong on a case of the year
ODD: tuple[tuple[str, ColumnElement[bool]], ...] = (
    ("答复早于收到申请", Case.replied_on < Case.received_on),
    ("已经办结，没有办理结果", and_(Case.closed_on.is_not(None), Case.result == "")),
    ("没有申请人类型", Case.applicant_class.not_in(list(CLASSES))),
    ("答复了，没有算得出的到期日", and_(Case.replied_on.is_not(None), Case.due_on.is_(None))),
)
# Replied late, and nobody has said why
UNEXPLAINED = and_(Case.replied_on.is_not(None), Case.on_time.is_(False), ~accounted())


def _cases(office_id: int, year: int) -> Iterator[Finding]:
    mine = _of_year(office_id, year)
    for sentence, condition in ODD:
        if found := _some([*mine, condition]):
            yield Finding(sentence, found)
    if found := _some([*mine, UNEXPLAINED, Case.result_year == year]):
        yield Finding("逾期答复，还没有登记原因和责任追究", found, wrong=False)
    still = [
        Case.office_id == office_id,
        Case.closed_on.is_(None),
        Case.due_on <= date(year, 12, 31),
        ~accounted(),
    ]
    if found := _some([*still, Case.new_year <= year, Case.waiting == ""]):
        yield Finding("年底已经逾期、还没有答复，也没有登记原因", found, wrong=False)


def _of_year(office_id: int, year: int) -> list[ColumnElement[bool]]:
    from_year = [c for row in ("new", CARRIED_IN) for c in stretches(row, year)]
    return [Case.office_id == office_id, or_(*from_year)]


def _proceedings(office_id: int, year: int) -> Iterator[Finding]:
    ids = {p.case_id for p in alive([office_id], year) if filed(p, year)[1] == PENDING}
    if ids:
        yield Finding("复议、诉讼到年底尚未审结，确认是不是这样", _some([Case.id.in_(ids)]), wrong=False)


def _unconfirmed(office_id: int, year: int) -> Iterator[Finding]:
    clauses = [
        Case.office_id == office_id, Case.received_on.is_(None), Case.closed_on.is_(None),
        Case.registered_on <= date(year, 12, 31),
    ]  # fmt: skip
    if found := _some(clauses):
        yield Finding("年底以前登记、还没有确认收到的，不在任何一格", found, wrong=False)


def _some(clauses: Iterable[ColumnElement[bool]]) -> dict[int, str]:
    query = select(Case.id, Case.number).where(*clauses).order_by(Case.id).limit(MOST)
    return {key: number for key, number in db.session.execute(query)}
