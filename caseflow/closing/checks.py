"""填报: what to look at before the year is signed; every finding names its cases, the first of them and how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, literal, literal_column, or_, select, union_all

from ..db import db
from ..law import annual_two
from ..law.annual import PROACTIVE, Fees, lacks
from ..law.applicants import CLASSES, COLUMN_LABELS, COLUMNS
from ..law.year_table import CARRIED_IN, CARRIED_OUT, NEW, PENDING
from ..models import Case, Office, ProceedingRow
from ..models.cases import ODD
from ..reports.annual.report import last_two
from ..reports.cells import in_table4, state, stretches
from ..reports.oversight import accounted, missed
from ..reports.pages import Clause, how_many
from .freeze import Frozen, freeze

MOST = 50  # cases named under one finding; its list holds them all
CARRIED = "carried-"  # before the class whose carried-in cases aren't those carried out


@dataclass(frozen=True)
class Finding:
    """Something to look at: ``wrong`` has to be put right, anything else to be confirmed."""

    sentence: str
    wrong: bool = True
    key: str = ""  # of the list of its cases; "" where it has none
    cases: dict[int, str] = field(default_factory=dict)  # id and number, MOST at most
    total: int = 0  # how many cases


@dataclass(frozen=True)
class Asked:
    """Which year of which office is looked at, and on which day."""

    office_id: int
    year: int
    today: date

    @property
    def first(self) -> date:
        """The year's first day."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """And its last."""
        return date(self.year, 12, 31)


def findings(asked: Asked, present: Frozen, last: Frozen | None) -> list[Finding]:
    """All that the year's report has to be asked; ``last`` is the signed report of the year before."""
    return [
        *_identities(present), *_report(asked, present), *_carried(asked.year, present, last), *_listed(asked),
    ]  # fmt: skip


def _identities(present: Frozen) -> Iterator[Finding]:
    for d in present.data["figures"]["differences"]:
        yield Finding(f"{d['label']}：{d['identity']} 不成立，{d['left']} 与 {d['right']}")


def _report(asked: Asked, present: Frozen) -> Iterator[Finding]:
    """What of the annual report speaks against its tables or against last year's, and what nobody has written yet."""
    report = present.data["report"]
    titles = {part["key"]: part["title"] for part in report["parts"]}
    for d in report["differences"]:
        yield Finding(f"年度报告“{titles[d['part']]}”：{d['sentence']}")
    two = annual_two.from_json(report["two"], present.form)
    odd = annual_two.check(present.form, two, last_two(asked.office_id, asked.year, present.form))
    for one in odd:
        if one.kind == annual_two.WRONG:
            yield Finding(f"年度报告“{titles[PROACTIVE]}”：{one.sentence}")
    blanks, fees = sum(one.kind == annual_two.BLANK for one in odd), Fees(**report["fees"])
    lacking = {p["title"]: lacks(p["key"], p["text"], fees) for p in report["parts"]}
    lacking[titles[PROACTIVE]] = [f"{blanks} 格空白"] if blanks else []
    if told := [f"{title}（{'，'.join(lacks_)}）" for title, lacks_ in lacking.items() if lacks_]:
        yield Finding(f"年度报告还没有写全：{'；'.join(told)}", wrong=False)


def _carried(year: int, present: Frozen, last: Frozen | None) -> Iterator[Finding]:
    """What is carried in is what last year's report carried out, class by class and case by case."""
    if last is None:
        yield Finding(f"{year - 1} 年的报表没有在这里签发过，上年结转请与公布的年报核对", wrong=False)
        return
    now, was = present.data["figures"][CARRIED_IN], last.data["figures"][CARRIED_OUT]
    for key, here, there in zip(COLUMNS, now, was, strict=True):
        odd = _odd(present, last, key)
        if here != there or odd:
            sentence = f"{COLUMN_LABELS[key]}：本年的上年结转 {here}，{year - 1} 年签发的结转下年 {there}"
            yield Finding(sentence, True, f"{CARRIED}{key}", dict(list(odd.items())[:MOST]), len(odd))


def _odd(present: Frozen, last: Frozen, column: str) -> dict[int, str]:
    """The cases of a class that are carried on one side only."""
    mine, theirs = present.behind(CARRIED_IN, column), last.behind(CARRIED_OUT, column)
    return {k: n for k, n in (mine | theirs).items() if (k in mine) is not (k in theirs)}


def _of_year(asked: Asked) -> Clause:
    return or_(*(c for row in (NEW, CARRIED_IN) for c in stretches(row, asked.year)))


def _late(asked: Asked) -> list[Clause]:
    sent = and_(Case.result_year == asked.year, Case.replied_on.is_not(None), Case.on_time.is_(False))
    return [_of_year(asked), sent, ~accounted()]


def _withdrawn_late(asked: Asked) -> list[Clause]:
    return [Case.closed_on.between(asked.first, asked.last), missed(), ~accounted()]


def _overdue(asked: Asked) -> list[Clause]:
    late = and_(Case.due_on <= asked.last, Case.due_on < asked.today, Case.waiting == "")
    return [Case.closed_on.is_(None), late, ~accounted()]


def _pending(asked: Asked) -> list[Clause]:
    of_office = select(ProceedingRow.case_id).where(ProceedingRow.office_id == asked.office_id)
    return [Case.id.in_(of_office.where(in_table4(asked.year), state(asked.year) == PENDING))]


def _unconfirmed(asked: Asked) -> list[Clause]:
    return [Case.received_on.is_(None), Case.closed_on.is_(None), Case.registered_on <= asked.last]


def _among(*clauses: Clause) -> Callable[[Asked], list[Clause]]:
    """Cases that the year's tables count, with something odd: found by the index of all that is."""
    # word for word as the index says it, or SQLite doesn't see it
    return lambda asked: [literal_column(f"({ODD})"), _of_year(asked), *clauses]


# What may be odd about cases: what is said of it, whether it has to be put right, and which cases it is
LISTS: dict[str, tuple[str, bool, Callable[[Asked], list[Clause]]]] = {
    "before_receipt": ("答复早于收到申请", True, _among(Case.replied_on < Case.received_on)),
    "no_result": ("已经办结，没有办理结果", True, _among(Case.closed_on.is_not(None), Case.result == "")),
    "no_class": ("没有申请人类型", True, _among(Case.applicant_class.not_in(list(CLASSES)))),
    "no_due_day": (
        "答复了，没有算得出的到期日", True, _among(Case.replied_on.is_not(None), Case.due_on.is_(None)),
    ),
    "late": ("逾期答复，还没有登记原因和责任追究", False, _late),
    "withdrawn_late": ("逾期以后未作答复办结，还没有登记原因和责任追究", False, _withdrawn_late),
    "overdue": ("到期日不晚于年底，逾期还没有答复，也没有登记原因", False, _overdue),
    "pending": ("复议、诉讼到年底尚未审结，确认是不是这样", False, _pending),
    "unconfirmed": ("年底以前登记、还没有确认收到的，不在任何一格", False, _unconfirmed),
}  # fmt: skip


def _listed(asked: Asked) -> Iterator[Finding]:
    lists = {key: [Case.office_id == asked.office_id, *which(asked)] for key, (_, _, which) in LISTS.items()}
    first = _first(lists)
    for key, (sentence, wrong, _) in LISTS.items():
        if cases := first.get(key):
            total = how_many(lists[key]) if len(cases) == MOST else len(cases)
            yield Finding(sentence, wrong, key, cases, total)


def _first(lists: Mapping[str, list[Clause]]) -> dict[str, dict[int, str]]:
    """The first MOST cases of each list, in one statement; empty ones are left out."""
    arms = []
    for key, clauses in lists.items():
        some = select(literal(key), Case.id, Case.number).where(*clauses).order_by(Case.id).limit(MOST)
        arms.append(select(some.subquery()))
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for key, case_id, number in sorted(tuple(row) for row in db.session.execute(union_all(*arms))):
        found[key][case_id] = number
    return found


def behind(key: str, asked: Asked, office: Office, last: Frozen | None) -> tuple[str, list[Clause]]:
    """What is found under a key, and all its cases. Raises KeyError for a key under which nothing can be found."""
    if key in LISTS:
        sentence, _, which = LISTS[key]
        return sentence, [Case.office_id == asked.office_id, *which(asked)]
    present = freeze(office, asked.year)
    sentence = {found.key: found.sentence for found in _carried(asked.year, present, last)}[key]
    odd = _odd(present, last, key.removeprefix(CARRIED)) if last else {}
    return sentence, [Case.id.in_(odd)]
