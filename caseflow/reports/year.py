"""The year tables, counted from the case rows of the year and never kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)  # fmt: skip

from ..db import db
from ..law import published
from ..law.applicants import COLUMNS
from ..law.receipt import CHANNELS
from ..law.year_prose import Segment, Year, prose
from ..law.year_table import (
    CARRIED_IN,
    CARRIED_OUT,
    NEW,
    RESULTS_TOTAL,
    Counts,
    Difference,
    YearTable,
    year_table,
)
from ..models import Case, ProceedingRow
from . import on_time, typed
from .cells import in_table4, of_block, state, stretches
from .pages import Clause

FIRST_YEAR = 2008  # the regulation's first
LAST_YEAR = 2100  # further off than any case


@dataclass(frozen=True)
class YearReport:
    """Tables 3 and 4 of a year with the figures that stand beside them."""

    table: YearTable
    channels: Mapping[str, int]
    on_time: on_time.Rate
    typed: typed.RollUp | None = None  # of a roll-up: the tables added that other offices published
    unconfirmed: int = 0  # open requests that are in no cell until both sides have confirmed the receipt

    @property
    def year(self) -> int:
        """The report year."""
        return self.table.year

    @cached_property
    def prose(self) -> tuple[Segment, ...]:
        """The tables in words; the words know of cases, so a sum with typed tables in it has none."""
        if self.typed and self.typed.counted:
            return ()
        rate = self.on_time
        return prose(Year(self.table, self.channels, rate.sent, rate.on_time))


def year_report(office_ids: Iterable[int], year: int, edition: str = "") -> YearReport:
    """Count a year of one office, or of several together; the edition follows the year unless given.

    A request counts as new in the year of its legal receipt and as a result in the year of its reply
    or closing; what is not closed on 31 December is carried out, and the same set is carried in.
    """
    ids = list(office_ids)
    n, rate = _counted(ids, year)
    counts = Counts(
        new=_by_class(n[NEW]),
        carried_in=_by_class(n[CARRIED_IN]),
        results={(result, applicant): count for (applicant, result), count in n[RESULTS_TOTAL].items()},
        carried_out=_by_class(n[CARRIED_OUT]),
        proceedings=n[PROCEEDINGS],
    )
    channels = dict.fromkeys(CHANNELS, 0)  # every channel stands there, if only with 0
    for (_, channel), count in n[NEW].items():
        channels[channel] += count
    table = year_table(counts, year, edition)
    return YearReport(table, channels, rate, unconfirmed=n[UNCONFIRMED].total())


def rolled_up(office_ids: Iterable[int], year: int, edition: str = "") -> YearReport:
    """A year of several offices together: counted from their cases, or typed where an office has none.

    An office with both is counted from its cases; a blank of a typed table adds nothing and is told.
    """
    ids = list(office_ids)
    counted, added = year_report(ids, year, edition), typed.roll_up(ids, year)
    table = published.added(counted.table, [t.figures for t in added.counted])
    return replace(counted, table=table, typed=added)


UNCONFIRMED, PROCEEDINGS = "unconfirmed", "proceedings"
# class of the applicant; channel of a new case, result of one that is closed. Of proceedings: block and state
Key = tuple[str, str]


def _counted(ids: list[int], year: int) -> tuple[dict[str, Counter[Key]], on_time.Rate]:
    """The cases of each row of table 3, the replies among them, the proceedings of table 4: all in one statement."""
    found: dict[str, Counter[Key]] = defaultdict(Counter)
    rate = on_time.NOTHING
    for row, applicant, by, count, sent, good in db.session.execute(_counting(tuple(ids), year)):
        found[row][applicant, by] += count
        rate += on_time.Rate(sent, good)
    return found, rate


@lru_cache(maxsize=64)
def _counting(ids: tuple[int, ...], year: int) -> CompoundSelect[*tuple[Any, ...]]:
    """The statement of ``_counted``: it takes about as long to make as an index to answer it."""
    return union_all(*_arms(ids, year))


def _arms(ids: tuple[int, ...], year: int) -> Iterator[Select[*tuple[Any, ...]]]:
    """One for each stretch of cases that an index answers."""
    sent = on_time.counted_in(year)
    replies = func.count().filter(sent), func.count().filter(sent, on_time.in_time())
    of_class, none = (Case.applicant_class,), (literal(0), literal(0))
    no_receipt = [and_(Case.received_on.is_(None), Case.closed_on.is_(None))]
    rows: tuple[tuple[str, list[Clause], tuple[Any, ...], tuple[Any, ...]], ...] = (
        (NEW, stretches(NEW, year), (*of_class, Case.channel), none),
        (CARRIED_IN, stretches(CARRIED_IN, year), of_class, none),
        (RESULTS_TOTAL, stretches(RESULTS_TOTAL, year), (*of_class, Case.result), replies),
        (CARRIED_OUT, stretches(CARRIED_OUT, year), of_class, none),
        (UNCONFIRMED, no_receipt, (), none),
    )
    for row, parts, by, numbers in rows:
        named = (*by, literal(""), literal(""))[:2]
        for part in parts:
            query = select(literal(row), *named, func.count(), *numbers)
            yield query.where(Case.office_id.in_(ids), part).group_by(*by)
    place = of_block.label("block"), state(year).label("state")
    of_table4 = select(literal(PROCEEDINGS), *place, func.count(), *none)
    yield of_table4.where(ProceedingRow.office_id.in_(ids), in_table4(year)).group_by("block", "state")


def _by_class(counted: Mapping[tuple[str, str], int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (applicant, _), count in counted.items():
        found[applicant] += count
    return dict(found)


def years_with_data(office_ids: Iterable[int]) -> list[int]:
    """The years in which a request was received or closed, oldest first; in each, one case is looked for."""
    ids = list(office_ids)
    every = select(literal(FIRST_YEAR).label("year")).cte("every", recursive=True)
    every = every.union_all(select(every.c.year + 1).where(every.c.year < LAST_YEAR - 1))
    # no EXISTS: PostgreSQL would gather the years of all cases there are, once for all
    one = (
        select(literal(1)).where(Case.office_id.in_(ids), of_year == every.c.year).limit(1).scalar_subquery()
        for of_year in (Case.new_year, Case.result_year)
    )
    found = or_(*(case.is_not(None) for case in one))
    return list(db.session.scalars(select(every.c.year).where(found).order_by(every.c.year)))


def within(year: int, today: date) -> bool:
    """Whether a year can have tables: from the regulation's first to the one after this."""
    return FIRST_YEAR <= year <= today.year + 1


def as_json(report: YearReport, office_code: str) -> dict[str, Any]:
    """The report as `caseflow year-table --format json` prints it."""
    table = report.table
    return {
        "year": table.year,
        "office": office_code,
        "edition": table.edition,
        "columns": list(COLUMNS),
        NEW: list(table.cells[NEW]),
        CARRIED_IN: list(table.cells[CARRIED_IN]),
        "results": {row.key: list(table.cells[row.key]) for row in table.result_rows},
        RESULTS_TOTAL: list(table.cells[RESULTS_TOTAL]),
        CARRIED_OUT: list(table.cells[CARRIED_OUT]),
        "proceedings": {block: dict(states) for block, states in table.proceedings.items()},
        "on_time": {
            "replied": report.on_time.sent,
            "on_time": report.on_time.on_time,
            "rate": report.on_time.percent,
        },
        "channels": dict(report.channels),
        "balanced": table.balanced,
        "differences": [difference_json(d) for d in table.differences],
        **(_typed_json(report.typed) if report.typed else {}),
    }


def typed_words(report: YearReport) -> str:
    """Whose figures of a roll-up were typed, and how many blanks they hold; "" where none were."""
    if not report.typed or not report.typed.counted:
        return ""
    named = (f"{t.office.name}{f'（{t.blanks} 格没有数）' if t.blanks else ''}" for t in report.typed.counted)
    return f"含录入数据：{'、'.join(named)}；受理方式和按时办结率只计办件"


def _typed_json(roll_up: typed.RollUp) -> dict[str, Any]:
    """Of a roll-up alone: whose figures were typed, how many blanks they hold, whose were set aside."""
    return {
        "typed": [
            {
                "office": t.office.code,
                "blanks": t.blanks,
                "wrong": t.wrong,
                "table4": bool(t.figures.proceedings),
            }
            for t in roll_up.counted
        ],
        "typed_aside": [t.office.code for t in roll_up.aside],
    }


def difference_json(difference: Difference) -> dict[str, Any]:
    """One identity that fails: where, which, and both its sides."""
    return {
        "table": difference.table,
        "place": difference.place,
        "label": difference.label,
        "identity": difference.identity,
        "left": difference.left,
        "right": difference.right,
    }
