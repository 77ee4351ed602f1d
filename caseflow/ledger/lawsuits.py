"""The sheet 复议诉讼: each row goes to the case of its number, whether that comes in now or stands already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law.replay import OPENS, next_number, replay
from ..law.workdays import Calendar
from ..models import Case
from ..stages import desk, record
from .columns import NUMBER, OFFICE, PROCEEDINGS, Row, shown
from .events import Step, proceeding_steps
from .organs import Organs
from .parse import Unusable, parse
from .rows import proceeding_rows
from .sheet import Problem, Sheet

BROUGHT = ("类型", "是否经过复议", "提起日期")  # what makes two rows the same proceeding


@dataclass(eq=False)
class Suit:
    """One row of the sheet; ``office_id`` is None where it doesn't say whose."""

    line: int
    row: Row
    office_id: int | None
    taken: bool = False


@dataclass
class Suits:
    """All rows of the sheet by case number."""

    errors: list[Problem] = field(default_factory=list)
    by_number: dict[str, list[Suit]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong with a row of this sheet."""
        self.errors.append(Problem(line, "·".join(filter(None, [PROCEEDINGS.title, column])), reason))

    def take(self, office_id: int, number: str, received: str) -> list[Row]:
        """The rows of a case that comes in now."""
        mine = [suit for suit in self.by_number.get(number, ()) if suit.office_id in (None, office_id)]
        for suit in mine:
            if suit.taken:
                self.refuse(suit.line, NUMBER, f"有两个机关的编号都是 {number}；加一列“机关”写明")
            suit.taken = True
        self.check_new(mine, received)
        return [suit.row for suit in mine]

    def check_new(self, mine: Sequence[Suit], received: str) -> None:
        """Refuse proceedings that can't be added to a case received on that day."""
        for index, suit in enumerate(mine):
            brought = suit.row["提起日期"]
            if not received:
                self.refuse(suit.line, "提起日期", "这件还没有确认收到")
            elif brought < received:
                self.refuse(suit.line, "提起日期", f"提起日期（{brought}）早于收到日期（{received}）")
            if same := [other for other in mine[:index] if other.row == suit.row]:
                self.refuse(suit.line, "", f"与第 {same[0].line} 行完全相同")

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
    suits.by_number[row[NUMBER]].append(Suit(line, row, office_id))


# -- cases that stand already --------------------------------------------------------------------


HELD = 500  # cases looked up together


@dataclass(frozen=True)
class Pen:
    """Who writes, when, by which calendar; nothing is written in a dry run."""

    actor_id: int | None
    now: datetime
    calendar: Calendar
    dry_run: bool


def hold(session: Session, suits: Suits) -> None:
    """Hold the cases that the proceedings may go to before anything is written: the chain of their events is held
    from the first row on, and whoever acts on a case comes to it with the case already held."""
    numbers = [number for number, _ in suits.left()]
    for start in range(0, len(numbers), HELD):
        some = select(Case.id).where(Case.number.in_(numbers[start : start + HELD]))
        session.execute(some.order_by(Case.id).with_for_update()).all()


def settle(session: Session, suits: Suits, organs: Organs, spoilt: set[str], pen: Pen) -> int:
    """Add to cases that stand already what they don't know yet; returns how many rows said something new.

    ``spoilt`` are numbers whose own row is wrong: their proceedings wait until that is mended.
    """
    news = 0
    for number, rows in suits.left():
        if number in spoilt:
            continue
        by_case: dict[tuple[int, int], list[Suit]] = defaultdict(list)
        for suit in rows:
            cases = _cases(session, number, suit.office_id, organs)
            if len(cases) == 1:
                by_case[cases[0]].append(suit)
            else:
                why = "不止一个机关有这个编号；加一列“机关”写明" if cases else "没有这个编号的办件"
                suits.refuse(suit.line, NUMBER, f"{number}：{why}")
        news += sum(_settle_one(session, suits, case, mine, pen) for case, mine in by_case.items())
    return news


def _cases(session: Session, number: str, office_id: int | None, organs: Organs) -> list[tuple[int, int]]:
    """Case and organ of a number, among the organs of this file."""
    query = select(Case.id, Case.office_id).where(Case.number == number)
    among = {office_id} if office_id is not None else organs.met or set(organs.by_code.values())
    return [(row.id, row.office_id) for row in session.execute(query.where(Case.office_id.in_(among)))]


def _settle_one(session: Session, suits: Suits, case: tuple[int, int], mine: Sequence[Suit], pen: Pen) -> int:
    """Hold the rows of one case against its proceedings; write what is new."""
    past = record.entries(session, case[0])
    file = replay(past)
    known = proceeding_rows(file)
    pairs = _paired(known, mine)
    closed = [(n, suit) for n, suit in pairs.items() if suit.row["审结日期"] and not known[n]["审结日期"]]
    for n, suit in pairs.items():
        _compare(suits, suit, known[n])
    new = [suit for suit in mine if suit not in pairs.values()]
    suits.check_new(new, file.received.isoformat() if file.received else "")
    numbers = [proceeding.n for proceeding in file.proceedings]
    steps = [step for n, suit in closed for step in list(proceeding_steps([suit.row], numbers[n]))[1:]]
    steps += proceeding_steps([suit.row for suit in new], next_number(past, OPENS))
    if steps and not (pen.dry_run or suits.errors):
        _append(session, case, steps, pen)
    return len(closed) + len(new)


def _paired(known: Sequence[Row], mine: Sequence[Suit]) -> dict[int, Suit]:
    """Which known proceeding each row tells of: equal ones first, then those not closed on one side,
    last those that disagree. Two may well be of one kind and day."""
    pairs: dict[int, Suit] = {}
    for nearness in (_equal, _growing, _alike):
        for suit in mine:
            if suit in pairs.values():
                continue
            free = (n for n, row in enumerate(known) if n not in pairs and nearness(row, suit.row))
            if (n := next(free, None)) is not None:
                pairs[n] = suit
    return pairs


def _alike(known: Row, told: Row) -> bool:
    return all(known[name] == told[name] for name in BROUGHT)


def _equal(known: Row, told: Row) -> bool:
    return all(value == told[name] for name, value in known.items())


def _growing(known: Row, told: Row) -> bool:
    return _alike(known, told) and not (known["审结日期"] and told["审结日期"])


def _compare(suits: Suits, suit: Suit, known: Row) -> None:
    """A row may know less than the record (not yet closed) or more, but nothing else."""
    for name in ("审结日期", "结果"):
        if suit.row[name] and known[name] and suit.row[name] != known[name]:
            column = PROCEEDINGS.by_name[name]
            told = (shown(column, known[name]), shown(column, suit.row[name]))
            suits.refuse(suit.line, name, f"已经登记为“{told[0]}”，文件里是“{told[1]}”")


def _append(session: Session, case: tuple[int, int], steps: Iterable[Step], pen: Pen) -> None:
    row = desk.lock(session, *case)
    for act, on, details in steps:
        record.append(
            session, row, act, date.fromisoformat(on), details, actor_id=pen.actor_id, at=pen.now,
            calendar=desk.calendar_for(row, act, pen.calendar), source="ledger",
        )  # fmt: skip
