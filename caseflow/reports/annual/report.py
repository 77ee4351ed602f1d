"""One office's annual report: the figures as they are now, the words that people wrote, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select

from ...db import db
from ...law import annual, annual_tables, annual_two, annual_words
from ...law.annual import PARTS, PROACTIVE, TABLES, Figures
from ...law.annual_tables import Grid
from ...law.annual_two import Amounts
from ...law.year_prose import Year
from ...models import AnnualDraft, Office, Person
from ...stages.annual import find, newest, newest_of
from ..offices import office_ids
from ..year import YearReport, rolled_up, typed_words, year_report
from .fees import fees
from .paper import DRAFT, Paper, Part, State


@dataclass(frozen=True)
class AnnualReport:
    """The report of one office and year, by one version of its draft; or of an office ``together`` with those under it."""

    office: Office
    counted: YearReport
    figures: Figures
    draft: AnnualDraft | None  # none: nobody wrote anything
    last_two: Amounts | None  # last year's part two, as far as this edition has its figures
    below: int = 0  # how many offices under it are added
    lacking: int = 0  # of all of them, how many haven't typed in all of part two

    @property
    def year(self) -> int:
        """The report year."""
        return self.counted.year

    @property
    def edition(self) -> str:
        """2019 or 2021."""
        return self.figures.edition

    @property
    def version(self) -> int:
        """Of the draft; 0 where there is none."""
        return self.draft.version if self.draft else 0

    @property
    def whose(self) -> str:
        """The office, and how many under it."""
        return f"{self.office.name}（含下级机关 {self.below} 个）" if self.below else self.office.name

    @property
    def title(self) -> str:
        """What stands over it."""
        return annual.title(self.whose, self.year)

    @property
    def note(self) -> str:
        """Of what a report of several offices is added up; "" for that of one."""
        if not self.below:
            return ""
        lacking = f"，{self.lacking} 个机关没有填全" if self.lacking else ""
        told = typed_words(self.counted)
        return f"本报告由 {self.below + 1} 个机关的数字相加；第二部分是各机关所填之和{lacking}。{f'{told}。' if told else ''}"

    def paper(self, state: State = DRAFT) -> Paper:
        """The report as it goes out."""
        return Paper(self.whose, self.year, self.title, self.preamble, self.parts, state, self.note)

    @property
    def preamble(self) -> str:
        """The paragraph before part one."""
        office = self.office
        known = (("地址", office.address), ("邮编", office.postcode), ("电话", office.phone))
        reach = "，".join(f"{name}：{value}" for name, value in known if value)
        return annual.preamble(office.name, self.figures, reach if office.phone or office.address else "")

    @cached_property
    def generated(self) -> Mapping[str, str]:
        """The texts as the figures alone give them."""
        typed = self.counted.typed
        return annual.generated(self.figures, bool(typed and typed.counted))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """Tables two, three and four."""
        table = self.counted.table
        return annual_tables.two(self.edition, self.figures.two), *tables(table)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The six parts in order."""
        return tuple(self._part(key) for key in PARTS)

    def part(self, key: str) -> Part:
        """One part. Raises KeyError for no part."""
        return {part.key: part for part in self.parts}[key]

    def _part(self, key: str) -> Part:
        grid = {g.number: g for g in self.grids}.get(TABLES.get(key, 0))
        if key == PROACTIVE:
            found = annual_two.check(self.edition, self.figures.two, self.last_two)
            return Part(
                key,
                PARTS[key],
                "",
                bool(self.draft and self.draft.figures),
                (),
                found,
                (),
                grid,
                self.edition,
            )
        kept = self.draft.texts if self.draft else {}
        text = kept.get(key, self.generated[key])
        return self.read(key, text, key in kept, grid)

    def read(self, key: str, text: str, written: bool, grid: Grid | None = None) -> Part:
        """A text as this part, held against the figures, whether it was kept or not."""
        differing = annual_words.differences(text, self.figures)
        lacks = tuple(annual.lacks(key, text, self.figures.fees))
        return Part(key, PARTS[key], text, written, differing, (), lacks, grid, self.edition)


def tables(table: Any) -> tuple[Grid, Grid]:
    """Tables three and four."""
    return annual_tables.three(table), annual_tables.four(table)


def annual_report(office: Office, year: int, edition: str = "") -> AnnualReport:
    """The report by the newest version of its draft; the edition follows the year unless given."""
    return _report(office, year_report([office.id], year, edition), newest(db.session(), office.id, year))


def together(office: Office, year: int, edition: str = "") -> AnnualReport:
    """The report of an office and all under it as one: every figure added up, the words as the figures give them.

    Tables 3 and 4 are those of the roll-up, typed tables in them; part two is the sum of what the offices typed in,
    a blank of all a blank. Nobody's words are in it: each office writes and signs its own report.
    """
    ids = office_ids(office.id, with_subordinates=True)
    counted = rolled_up(ids, year, edition)
    edition = counted.table.edition
    drafts = newest_of(db.session(), ids, year)
    each = [annual_two.from_json(drafts[i].figures if i in drafts else {}, edition) for i in ids]
    two = {place: _sum(typed[place] for typed in each) for place in each[0]}
    rate = counted.on_time
    facts = Year(counted.table, counted.channels, rate.sent, rate.on_time)
    lacking = sum(any(amount is None for amount in typed.values()) for typed in each)
    return AnnualReport(
        office, counted, Figures(facts, two, fees(ids, year)), None, None, len(ids) - 1, lacking
    )  # fmt: skip


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """What was given, added up; None where nobody gave anything."""
    given = [amount for amount in amounts if amount is not None]
    return sum(given, Decimal(0)) if given else None


def older_report(office: Office, year: int, version: int) -> AnnualReport | None:
    """The report with the words of one version, 0 for none of anybody's; None where there is no such version.

    The figures of the cases are those of now, whatever the version: a draft keeps words.
    """
    draft = find(db.session(), office.id, year, version) if version else None
    return None if version and draft is None else _report(office, year_report([office.id], year), draft)


def _report(office: Office, counted: YearReport, draft: AnnualDraft | None) -> AnnualReport:
    rate, edition, year = counted.on_time, counted.table.edition, counted.year
    facts = Year(counted.table, counted.channels, rate.sent, rate.on_time)
    typed = annual_two.from_json(draft.figures if draft else {}, edition)
    figures = Figures(facts, typed, fees([office.id], year))
    return AnnualReport(office, counted, figures, draft, last_two(office.id, year, edition))


def last_two(office_id: int, year: int, edition: str) -> Amounts | None:
    """Last year's part two, as far as this edition has its figures; None where there is none."""
    draft = newest(db.session(), office_id, year - 1)
    if draft is None or not draft.figures:
        return None
    return annual_two.from_json(draft.figures, edition)


def with_figures(report: AnnualReport, amounts: Amounts) -> AnnualReport:
    """The same report with other figures in part two: what it would say."""
    return replace(report, figures=replace(report.figures, two=amounts))


def last_text(office: Office, year: int, part: str) -> str:
    """What the office wrote in this part last year; "" where it wrote nothing."""
    draft = newest(db.session(), office.id, year - 1)
    return draft.texts.get(part, "") if draft else ""


def versions(office_id: int, year: int) -> list[tuple[AnnualDraft, str]]:
    """Every version with who made it; the newest first."""
    query = select(AnnualDraft, Person.name).join(Person, Person.id == AnnualDraft.author_id)
    query = query.where(AnnualDraft.office_id == office_id, AnnualDraft.year == year)
    return [(row, by) for row, by in db.session.execute(query.order_by(AnnualDraft.version.desc()))]


def as_data(report: AnnualReport) -> dict[str, Any]:
    """All words and typed figures of the report, as they would be printed now: for whoever freezes or compares them."""
    fee = report.figures.fees
    return {
        "office": report.office.code,
        "year": report.year,
        "edition": report.edition,
        "version": report.version,
        "title": report.title,
        "preamble": report.preamble,
        "parts": [
            {"key": part.key, "title": part.title, "text": part.text, "written": part.written}
            for part in report.parts
        ],
        "two": annual_two.as_json(report.figures.two),
        "fees": {"notices": fee.notices, "payments": fee.payments, "yuan": fee.yuan, "unknown": fee.unknown},
        "differences": [
            {"part": part.key, "sentence": one.sentence, "said": one.said}
            for part in report.parts
            for one in part.differences
        ],
    }
