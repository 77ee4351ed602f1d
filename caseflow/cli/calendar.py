"""The command that enters a year's holiday notice."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from .. import moment
from ..calendars import store
from ..calendars.store import EnteredYear
from ..law import notice as notices
from ..law.holidays import Unreadable
from ..law.terms import BY_CODE as TERMS
from ..law.words import with_weekday
from ..law.workdays import FIRST, LAST, Calendar, days_between
from ..stages import calendar as stage
from ..stages.calendar import Draft
from ..stages.errors import Changed, Refused
from ..stages.redate import Change
from . import with_database
from .refusals import reason

LARGEST = 1_000_000  # bytes; a notice has some thousands
FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


@click.group()
def calendar() -> None:
    """The working-day calendar."""


@calendar.command()
@click.argument("file", type=FILE)
@click.option(
    "--year", type=click.IntRange(FIRST.year, LAST.year), help="By the notice's title unless given."
)
@click.option("--document", metavar="TEXT", help="Title and number; by the notice itself unless given.")
@click.option("--dry-run", is_flag=True, help="Show what it would do; write nothing.")
@with_database
def load(file: Path, year: int | None, document: str | None, dry_run: bool) -> None:
    """Enter a year's holiday notice from a text file and date the open cases anew. Exit 1 if it can't be read.

    FILE holds the State Council's own sentences; a notice entered twice changes nothing. Until all seven
    festivals stand the year stays provisional.
    """
    words = _text(file)
    year = year or notices.year_of(words) or _year_of(file)
    if year is None:
        raise click.UsageError("看不出是哪一年的通知，用 --year 写明年度")
    title = document or notices.document_of(words, year)
    try:
        draft = stage.draft(words, year, title)
        _show(draft, stage.impact(draft))
        if draft.same or dry_run or (draft.counts_the_same and not document):
            return  # another title is taken only where it was asked for
        entered = stage.enter(
            lambda: stage.draft(words, year, title), actor_id=None, today=moment.today(), now=moment.now(),
            seen=draft.old.version,
        )  # fmt: skip
    except Unreadable as unreadable:
        _refuse([f"{fault}" for fault in unreadable.faults], file)
    except Refused as refused:
        _refuse([refused.reason + ("，用 --document 写明" if refused.field == "document" else "")], file)
    except Changed as changed:
        raise click.ClickException("刚才有人录入了新的一版日历，没有写入；再运行一次") from changed
    else:
        click.echo(f"已录入日历第 {entered.version} 版")


def _text(file: Path) -> str:
    """The words of the file, in either of the encodings that offices use."""
    try:
        content = file.read_bytes()[:LARGEST]
    except OSError as error:
        raise click.ClickException(f"读不了 {file}：{reason(error)}") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.ClickException(f"{file} 不是文本文件")


def _year_of(file: Path) -> int | None:
    """The year in the name of the file."""
    found = re.search(r"(?<!\d)20\d\d(?!\d)", file.stem)
    return int(found[0]) if found else None


def _refuse(faults: list[str], file: Path) -> None:
    for line in faults:
        click.echo(line, err=True)
    click.echo(f"{file}：有 {len(faults)} 处要改，没有写入", err=True)
    sys.exit(1)


# -- what is shown -------------------------------------------------------------------------------


def _show(draft: Draft, changes: list[Change]) -> None:
    if draft.same:
        click.echo("与现在的日历相同，没有改动")
        return
    if draft.counts_the_same:
        told = "、".join(dict.fromkeys(y.document for y in draft.years))
        click.echo(f"日期没有变化，只有名称或文件不同（{told}）；只改文件的，用 --document 写明")
        return
    lines = [line for year in draft.years for line in _year(draft, year)]
    if draft.notice and draft.lacking:
        year = draft.notice.year
        lines.append(f"还缺：{'、'.join(draft.lacking)}。录齐以前 {year} 年仍为暂定，法定的固定假日照常放假")
    elif draft.notice and draft.notice.missing:
        lines.append(f"没有写到：{'、'.join(draft.notice.missing)}，照原来的安排不变")
    click.echo("\n".join([*lines, *_impact(changes)]))


def _year(draft: Draft, year: EnteredYear) -> Iterator[str]:
    before, after = _working(draft.old, year.year), _working(draft.new, year.year)
    yield f"{year.year} 年：{after} 个工作日（现在 {before} 个）"
    old = {day.day: day.works for day in store.year(year.year).days}
    for day in year.days:
        mark = "" if draft.old.is_working(day.day) == day.works else "　新"
        yield f"  {with_weekday(day.day)}　{'班' if day.works else '休'}　{day.name}{mark}"
    for gone in sorted(old.keys() - {day.day for day in year.days}):
        yield f"  {with_weekday(gone)}　取消原来的安排"


def _working(calendar: Calendar, year: int) -> int:
    return sum(map(calendar.is_working, days_between(date(year, 1, 1), date(year, 12, 31))))


def _impact(changes: Iterable[Change]) -> Iterator[str]:
    told = list(changes)
    moving = [change for change in told if change.moves]
    yield f"本次将改变 {len(moving)} 件在办件的到期日"
    for c in moving:
        old, new = (with_weekday(day) if day else "没有到期日" for day in (c.old, c.new))
        yield f"  {c.number}　{old} → {new}{'（暂定）' if c.provisional else ''}"
    if confirmed := sum(c.was_provisional and not c.provisional for c in told if not c.moves):
        yield f"另有 {confirmed} 件到期日不变，由暂定改为正式"
    terms = [(c.number, term) for c in told for term in c.terms]
    if terms:
        yield f"改变 {len({number for number, _ in terms})} 件的其他期限"
    for number, term in terms:
        old, new = (with_weekday(day) if day else "没有期限" for day in (term.old, term.new))
        yield f"  {number}　{TERMS[term.term].label}　{old} → {new}"


COMMANDS: list[click.Command] = [calendar]
