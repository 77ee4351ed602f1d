"""What stands already: in the register, and earlier in the same file."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import String, column, select, values
from sqlalchemy.orm import Session

from ..law.applicants import alike, masked
from ..models import Case, Identity, Person
from .columns import LEDGER, NUMBER, Row, shown
from .events import PARTICULARS
from .parse import Errors
from .rows import NUMBERS, content_hash, differing, rows_of

MADE = re.compile(r"(\d{4})-补(\d+)")  # numbers given to rows that came without one
NOBODY = -1
OF_THIS_RUN = secrets.token_bytes(32)
SHOWN = 24  # characters of a value in a message
PERSONAL = frozenset(PARTICULARS.values())  # what is gone of a case once it was masked (隐去个人信息)


class Told:
    """A row of the file as it was read; ``office_id`` is NOBODY where it isn't clear whose it is."""

    __slots__ = ("content", "errors", "exact", "line", "numbers", "office_id", "row")

    def __init__(self, line: int, row: Row, errors: Errors, office_id: int = NOBODY) -> None:
        self.line, self.row, self.errors, self.office_id = line, row, errors, office_id
        self.content = content_hash(row)
        self.numbers = tuple(row[name] for name in NUMBERS.values())
        # two rows of one file that differ in a hidden digit are two; told apart by what means nothing elsewhere
        self.exact = (
            self.content
            + blake2b(
                "\0".join(self.numbers).encode(errors="surrogatepass"), digest_size=16, key=OF_THIS_RUN
            ).hexdigest()
        )

    def tells_of(self, standing: Found[Any]) -> bool:
        """Whether a case of the same content has the same certificate and telephone; what was masked is not asked."""
        kept = (getattr(standing, field) for field in NUMBERS)
        return bool(standing.masked_seq) or all(map(alike, self.numbers, kept))


@dataclass(frozen=True)
class Known:
    """A row against what stands: equal (then passed over), or at odds with it."""

    equal: bool = False
    errors: Errors = field(default_factory=list)


class Seen:
    """The numbers and contents of the file so far, beside memory: a million of them weigh no more than a thousand."""

    def __init__(self) -> None:
        # a file that nobody else sees, gone when it is closed
        self.kept = sqlite3.connect("", isolation_level=None)
        self.kept.execute("CREATE TABLE seen (office, told, line, PRIMARY KEY (office, told)) WITHOUT ROWID")
        self.kept.execute("BEGIN")

    def first(self, office_id: int, told: str, line: int) -> int:
        """The line that told it first, now this one if none did."""
        key = office_id, told.encode(errors="surrogatepass")  # whatever a broken cell holds
        if self.kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (*key, line)).rowcount:
            return line
        return int(
            self.kept.execute("SELECT line FROM seen WHERE office = ? AND told = ?", key).fetchone()[0]
        )


class Standing:
    """Numbers and contents already there, looked up chunk by chunk."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.seen = Seen()
        self.made: dict[tuple[int, str], int] = {}  # (organ, year): last number made for a row
        self.by_number: dict[tuple[int, str], Found[Any]] = {}
        self.by_hash: dict[tuple[int, str], list[Found[Any]]] = {}  # content: the cases it stands under
        self.rows: dict[int, Row] = {}
        self.had: dict[int, bool] = {}  # by organ: whether it had cases before

    def close(self) -> None:
        """Let go of what the file said."""
        self.seen.kept.close()

    def look_up(self, rows: Iterable[Told]) -> None:
        """Find what stands of these rows, in a few statements for all of them."""
        by_office: dict[int, list[Told]] = {}
        for told in rows:
            by_office.setdefault(told.office_id, []).append(told)
        self.by_number, self.by_hash, changed = {}, {}, []
        for office_id, mine in by_office.items():
            if self._had_none(office_id):
                continue
            told_of = {told.row[NUMBER]: told for told in mine}
            for found in self._among(office_id, Case.number, told_of):
                self.by_number[office_id, found.number] = found
                if not _stands(found, told_of[found.number]):
                    changed.append(found.id)
            for found in self._among(office_id, Case.ledger_hash, {told.content for told in mine}):
                self.by_hash.setdefault((office_id, found.ledger_hash), []).append(found)
        self.rows = rows_of(self.session, changed) if changed else {}

    def _had_none(self, office_id: int) -> bool:
        """Whether the office had no case before this file: then only the file itself is to be compared."""
        if office_id not in self.had:
            first = select(Case.id).where(Case.office_id == office_id).limit(1)
            self.had[office_id] = self.session.scalar(first) is not None
        return not self.had[office_id]

    def _among(self, office_id: int, field: Any, wanted: Iterable[str]) -> Iterable[Found[Any]]:
        """The cases with one of these values; joined, because PostgreSQL plans long lists badly."""
        listed = values(column("wanted", String), name="listed").data([(one,) for one in wanted]).cte()
        query = (
            select(Case.id, Case.number, Case.ledger_hash, Case.masked_seq)
            .add_columns(*(getattr(Identity, name) for name in NUMBERS))
            .join(listed, field == listed.c.wanted)
            .join(Identity, Identity.particulars_id == Case.particulars_id)
        )
        return self.session.execute(query.where(Case.office_id == office_id))

    def known(self, told: Told) -> Known:
        """What stands of this row, here or earlier in its file."""
        office_id, number = told.office_id, told.row[NUMBER]
        cases = self.by_hash.get((office_id, told.content), ())
        under = next((case.number for case in cases if told.tells_of(case)), "")
        if not number:
            if under:
                return Known(equal=True)
            return self._twice(told, told.exact, "", "内容与第 {} 行相同；确是两件的，写上编号")
        twice = self._twice(told, number, NUMBER, "与第 {} 行的编号相同")
        if twice.errors:
            return twice
        if standing := self.by_number.get((office_id, number)):
            return self._compared(standing, told)
        return Known(equal=bool(MADE.fullmatch(under)))  # came in before without its number

    def _twice(self, told: Told, key: str, column: str, reason: str) -> Known:
        first = self.seen.first(told.office_id, key, told.line)
        return Known() if first == told.line else Known(errors=[(column, reason.format(first))])

    def _compared(self, standing: Found[Any], told: Told) -> Known:
        """A row against the case of its number; what was masked there is not brought back, whatever it says."""
        if _stands(standing, told):
            return Known(equal=True)
        old, gone = self.rows[standing.id], PERSONAL if standing.masked_seq else ()
        names = [name for name in differing(old, told.row) if name not in gone]
        return Known(equal=not names, errors=[_at_odds(old, told.row, name) for name in names])

    def next_number(self, told: Told) -> str:
        """A number for a row without one: 2019-补3. Kept apart from those of the desk."""
        year = told.row["收到日期"][:4]
        key = (told.office_id, year)
        if key not in self.made:
            self.made[key] = self._last_made(*key)
        while True:
            self.made[key] += 1
            number = f"{year}-补{self.made[key]}"
            if self.seen.first(told.office_id, number, told.line) == told.line:
                return number

    def _last_made(self, office_id: int, year: str) -> int:
        query = select(Case.number).where(Case.office_id == office_id, Case.number.like(f"{year}-补%"))
        found = (MADE.fullmatch(number) for number in self.session.scalars(query))
        return max((int(match[2]) for match in found if match), default=0)


def _stands(standing: Found[Any], told: Told) -> bool:
    """Whether a row says what the row said that its case came from."""
    return standing.ledger_hash == told.content and told.tells_of(standing)


def _at_odds(old: Row, new: Row, name: str) -> tuple[str, str]:
    column = LEDGER.by_name[name]
    if column.field in NUMBERS and masked(old[name]) == masked(new[name]):
        return name, f"这个编号已经登记，与文件里的“{masked(new[name])}”在隐去的几位上不同"
    hide = masked if column.private else _short
    before, now = (hide(shown(column, row[name])) for row in (old, new))
    was = f"原为“{before}”" if before else "原来空着"
    says = f"文件里是“{now}”" if now else "文件里空着"
    return name, f"这个编号已经登记，{was}，{says}"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class Clerks:
    """The clerks in service by name; a name that two of them bear stays only a name."""

    def __init__(self, session: Session) -> None:
        query = select(Person.office_id, Person.name, Person.id)
        self.ids: dict[tuple[int, str], list[int]] = {}
        for office_id, name, person_id in session.execute(
            query.where(Person.role == "clerk", Person.disabled.is_(False))
        ):
            self.ids.setdefault((office_id, name), []).append(person_id)

    def of(self, office_id: int, name: str) -> int | None:
        """The id of the clerk of that name, if exactly one is in service."""
        found = self.ids.get((office_id, name), [])
        return found[0] if len(found) == 1 else None
