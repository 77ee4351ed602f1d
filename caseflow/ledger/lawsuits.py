"""The sheet 复议诉讼: each row goes to the case of its number, whether that comes in now or stands already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law.casefile import CaseFile
from ..law.replay import replay
from ..law.workdays import Calendar
from ..models import Case
from ..stages import desk, record
from .columns import NUMBER, OFFICE, PROCEEDINGS, Row, shown
from .events import proceeding_steps
from .organs import Organs
from .parse import Unusable, parse
from .rows import proceeding_rows
from .sheet import Problem, Sheet

BROUGHT = ("类型", "是否经过复议", "提起日期")  # what makes two rows the same proceeding


@dataclass
class Suit:
    """One row of the sheet; ``office_id`` is None where it doesn't say whose."""

    line: int
    row: Row
    office_id: int | None
    taken: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """The proceeding it tells of, within its case."""
        return tuple(self.row[name] for name in BROUGHT)


@dataclass
class Suits:
    """All rows of the sheet by case number."""

    errors: list[Problem] = field(default_factory=list)
    by_number: dict[str, list[Suit]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong with a row of this sheet."""
        self.errors.append(Problem(line, f"{PROCEEDINGS.title}·{column}", reason))

    def take(self, office_id: int, number: str, received: str) -> list[Row]:
        """The rows of a case that comes in now."""
        mine = [suit for suit in self.by_number.get(number, ()) if suit.office_id in (None, office_id)]
        for suit in mine:
            if suit.taken:
                self.refuse(suit.line, NUMBER, f"有两个机关的编号都是 {number}；加一列“机关”写明")
            suit.taken = True
            self.is_after_receipt(suit, received)
        return [suit.row for suit in mine]

    def is_after_receipt(self, suit: Suit, received: str) -> bool:
        """Whether it was brought on or after the legal receipt of its case; refused where it wasn't."""
        brought = suit.row["提起日期"]
        if not received or brought < received:
            why = f"提起日期（{brought}）早于收到日期（{received}）" if received else "这件还没有确认收到"
            self.refuse(suit.line, "提起日期", why)
            return False
        return True

    def left(self) -> Iterator[tuple[str, list[Suit]]]:
        """Rows that no incoming case has taken."""
        for number, suits in self.by_number.items():
            if rest := [suit for suit in suits if not suit.taken]:
                yield number, rest


def read(sheets: Iterable[Sheet], organs: Organs, today: date) -> Suits:
    """Read and check the rows of the sheet."""
    suits = Suits()
    for sheet in sheets:
        missing = sheet.missing()
        for problem in missing:
            suits.refuse(problem.line, problem.column, problem.reason)
        for line, values in () if missing else sheet.rows():
            row, errors = parse(PROCEEDINGS, sheet.picked, values, today)
            for column, reason in errors:
                suits.refuse(line, column, reason)
            if not errors:
                _keep(suits, organs, line, row)
    return suits


def _keep(suits: Suits, organs: Organs, line: int, row: Row) -> None:
    row["是否经过复议"] = row["是否经过复议"] or "no"
    office_id = organs.chosen
    if office_id is None and row[OFFICE]:
        try:
            office_id = organs.of(row[OFFICE])
        except Unusable as unusable:
            suits.refuse(line, OFFICE, str(unusable))
            return
    suit = Suit(line, row, office_id)
    same = [s for s in suits.by_number[row[NUMBER]] if (s.key, s.office_id) == (suit.key, office_id)]
    if same:
        suits.refuse(line, "提起日期", f"与第 {same[0].line} 行是同一件")
    suits.by_number[row[NUMBER]].append(suit)


# -- cases that stand already --------------------------------------------------------------------


@dataclass(frozen=True)
class Pen:
    """Who writes, when, by which calendar; nothing is written in a dry run."""

    actor_id: int | None
    now: datetime
    calendar: Calendar
    dry_run: bool


def settle(session: Session, suits: Suits, organs: Organs, spoilt: set[str], pen: Pen) -> int:
    """Add to cases that stand already what they don't know yet; returns how many rows said something new.

    ``spoilt`` are numbers whose own row is wrong: their proceedings wait until that is mended.
    """
    news = 0
    for number, rows in suits.left():
        for suit in rows:
            cases = [] if number in spoilt else _cases(session, number, suit.office_id, organs)
            if len(cases) == 1:
                news += _settle_one(session, suits, cases[0], suit, pen)
            elif number not in spoilt:
                why = "不止一个机关有这个编号；加一列“机关”写明" if cases else "没有这个编号的办件"
                suits.refuse(suit.line, NUMBER, f"{number}：{why}")
    return news


def _cases(session: Session, number: str, office_id: int | None, organs: Organs) -> list[tuple[int, int]]:
    """Case and organ of a number, among the organs of this file."""
    query = select(Case.id, Case.office_id).where(Case.number == number)
    among = {office_id} if office_id is not None else organs.met or set(organs.by_code.values())
    return [(row.id, row.office_id) for row in session.execute(query.where(Case.office_id.in_(among)))]


def _settle_one(session: Session, suits: Suits, case: tuple[int, int], suit: Suit, pen: Pen) -> bool:
    file = replay(record.entries(session, case[0]))
    known = proceeding_rows(file)
    same = [n for n, row in enumerate(known, 1) if tuple(row[name] for name in BROUGHT) == suit.key]
    n = same[0] if same else len(known) + 1
    if same and (known[n - 1]["审结日期"] or not suit.row["审结日期"]):
        _compare(suits, suit, known[n - 1])
        return False
    if not suits.is_after_receipt(suit, file.received.isoformat() if file.received else ""):
        return False
    steps = list(proceeding_steps([suit.row], n))[1 if same else 0 :]
    if not (pen.dry_run or suits.errors):
        _append(session, case, file, steps, pen)
    return True


def _compare(suits: Suits, suit: Suit, known: Row) -> None:
    """A row may know less than the record (not yet closed), but nothing else."""
    for name in ("审结日期", "结果"):
        if suit.row[name] and suit.row[name] != known[name]:
            column = PROCEEDINGS.by_name[name]
            told = (shown(column, known[name]), shown(column, suit.row[name]))
            suits.refuse(suit.line, name, f"已经登记为“{told[0]}”，文件里是“{told[1]}”")


def _append(
    session: Session,
    case: tuple[int, int],
    file: CaseFile,
    steps: Iterable[tuple[str, str, dict[str, object]]],
    pen: Pen,
) -> None:
    row = desk.lock(session, *case)
    for act, on, details in steps:
        record.append(
            session, row, act, date.fromisoformat(on), details, actor_id=pen.actor_id, at=pen.now,
            calendar=desk.calendar_for(row, act, pen.calendar), source="ledger",
        )  # fmt: skip
