"""Commands that answer without a page: the tables of a year, the working of a due day."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from .. import moment
from ..calendars import seed
from ..db import db
from ..law.applicants import COLUMN_LABELS
from ..law.clock import Clock, clock
from ..law.facts import EXTENSION_DAYS, Consultation, Extension, Facts, Pause
from ..law.receipt import CHANNELS, IN_FORCE
from ..law.words import with_weekday
from ..law.workdays import OutsideCalendar
from ..law.year_prose import plain
from ..law.year_table import BLOCKS, STATE_LABELS, TITLES, YearTable, row_label
from ..models import Office
from ..reports import sheets
from ..reports.annual import word
from ..reports.offices import office_ids
from ..reports.year import FIRST_YEAR, YearReport, as_json, rolled_up, typed_words, within, year_report
from ..stages.checks import day_of
from . import with_database
from .refusals import reason

# What is no text needs a file of its own
FILES = {"xlsx": sheets.workbook, "docx": word.tables_file}


class BadInput(click.ClickException):
    """What was typed can't be used: one line that says why."""

    exit_code = 2


# -- year-table -----------------------------------------------------------------------------------


@click.command("year-table")
@click.argument("year", type=int)
@click.option("--office", "code", metavar="CODE", help="Which office, where there are several.")
@click.option("--with-subordinates", is_flag=True, help="Together with all offices under it.")
@click.option("--edition", type=click.Choice(["2019", "2021"]), help="Follows the year unless given.")
@click.option("--format", "shape", type=click.Choice(["text", "json", *FILES]), default="text")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@with_database
def year_table(
    year: int, code: str | None, with_subordinates: bool, edition: str | None, shape: str, out: Path | None
) -> None:
    """Tables 3 and 4 of a year (表三、表四), counted from the cases."""
    today = moment.today()
    if not within(year, today):
        raise BadInput(f"年度应在 {FIRST_YEAR} 至 {today.year + 1} 之间")
    if shape in FILES and out is None:
        raise BadInput(f"{shape} 要用 --out 写明文件")
    office = the_office(code)
    count = rolled_up if with_subordinates else year_report
    report = count(office_ids(office.id, with_subordinates), year, edition or "")
    if make := FILES.get(shape):
        whose = f"{office.name}（含下级机关）" if with_subordinates else office.name
        content = make(report, whose)
    else:
        told = _dumped(as_json(report, office.code)) if shape == "json" else _text(report, office.name)
        content = f"{told}\n".encode()
    deliver(content, out)


def the_office(code: str | None) -> Office:
    """The office of that code; the only one, where none is named. Raises BadInput."""
    offices = db.session.scalars(select(Office).order_by(Office.code)).all()
    if not offices:
        raise BadInput("还没有机关：先运行 caseflow init，或者导入台账")
    fitting = [office for office in offices if code in (None, office.code)]
    if len(fitting) == 1:
        return fitting[0]
    known = "、".join(f"{office.code}（{office.name}）" for office in offices)
    raise BadInput(f"没有机关 {code}，现有：{known}" if code else f"机关不止一个，用 --office 写明：{known}")


def deliver(content: bytes, out: Path | None) -> None:
    """Write to the file, or to the terminal where none is named. Raises BadInput."""
    if out is None:
        click.echo(content, nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(f"写不进 {out}：{reason(error)}") from error


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _text(report: YearReport, office_name: str) -> str:
    """The tables in aligned lines, then the words."""
    table, rate = report.table, report.on_time
    heads = ["", *COLUMN_LABELS.values()]
    keys = [line.key for line in table.lines]
    third = [[row_label(key, table.edition), *table.cells[key]] for key in keys]
    fourth = [
        [("行政诉讼 " if block != "reconsideration" else "") + name, *table.proceedings[block].values()]
        for block, name in BLOCKS.items()
    ]
    share = f"{rate.percent}（{rate.on_time} ÷ {rate.sent} 件）" if rate.percent else "没有发出答复"
    channels = "，".join(f"{label} {report.channels[code]}" for code, label in CHANNELS.items())
    return "\n".join(
        [
            f"{office_name} {table.year} 年度　单位：件　{table.edition} 年版格式",
            "", TITLES[3], *aligned([heads, *third]),
            *_checks(table),
            "", TITLES[4], *aligned([["", *STATE_LABELS.values()], *fourth]),
            "", f"按时办结率：{share}", f"受理方式：{channels}",
            "", *([typed_words(report)] if typed_words(report) else [plain(report.prose)]),
        ]
    )  # fmt: skip


def _checks(table: YearTable) -> Iterator[str]:
    if table.balanced:
        yield "勾稽：七列全部平衡"
    for difference in table.differences:
        yield f"勾稽不平：{difference.sentence}"


def aligned(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows as lines: the first column flush left, the others right, a Chinese character two columns wide."""
    texts = [[str(value) for value in row] for row in rows]
    widths = [max(_width(row[i]) for row in texts) for i in range(len(texts[0]))]
    for row in texts:
        first = row[0] + " " * (widths[0] - _width(row[0]))
        rest = (" " * (w - _width(text)) + text for text, w in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([first, *rest]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


# -- due ------------------------------------------------------------------------------------------


@click.command()
@click.argument("received")
@click.option("--corrected", metavar="D", help="The correction came (art. 30).")
@click.option("--consult", "consults", metavar="D:D", multiple=True, help="Sent : opinion came (art. 32).")
@click.option("--paid", metavar="D", help="The fee was paid in full (art. 42).")
@click.option("--extend", metavar="N", help="Working days of extension (art. 33).")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def due(
    received: str,
    corrected: str | None,
    paid: str | None,
    consults: tuple[str, ...],
    extend: str | None,
    shape: str,
) -> None:
    """The due day of a request received on RECEIVED, with its working; needs no database.

    Counted by the holiday notices shipped with caseflow, not by what was entered since.
    Days as 2020-03-02, 2020/3/2 or 2020年3月2日.
    """
    facts = _facts(received, corrected, paid, consults, extend)
    try:
        found = clock(facts, seed.shipped())
    except OutsideCalendar as error:
        raise BadInput("日期超出了工作日历所及的年份") from error
    click.echo(_dumped(_due_json(facts, found)) if shape == "json" else _due_text(facts, found))


def _facts(
    received: str, corrected: str | None, paid: str | None, consults: tuple[str, ...], extend: str | None
) -> Facts:
    begin = _day(received, "收到日")
    if begin < IN_FORCE:
        raise BadInput(f"收到日不能早于条例施行之日（{IN_FORCE}）")
    # The day of the notice isn't asked for; it doesn't matter, the term begins anew with what came.
    came = _not_before(begin, corrected, "--corrected")
    settled = _not_before(came or begin, paid, "--paid")
    pauses = (
        *([Pause("correction", begin, met=came)] if came else []),
        *([Pause("fee", came or begin, met=settled)] if settled else []),
    )
    extensions = (Extension(_count(extend)),)
    return Facts(
        received=begin,
        pauses=pauses,
        consultations=tuple(_consultation(begin, text) for text in consults),
        extensions=extensions if extend else (),
    )


def _day(text: str, name: str) -> date:
    found = day_of(text)
    if found is None:
        raise BadInput(f"{name} {text!r} 不是日期，写成 2020-03-02、2020/3/2 或者 2020年3月2日")
    return found


def _not_before(begin: date, text: str | None, name: str) -> date | None:
    found = _day(text, name) if text else None
    if found and found < begin:
        raise BadInput(f"{name} {found} 不能早于 {begin}")
    return found


def _consultation(begin: date, text: str) -> Consultation:
    """发出:收到 of one consultation, taken as given, without the limit of 15 working days."""
    sent, mark, came = text.replace("：", ":").partition(":")
    if not mark:
        raise BadInput(f"--consult {text!r} 写成 发出日:收到意见日")
    first = _not_before(begin, sent, "--consult 发出日")
    last = _not_before(first or begin, came, "--consult 收到意见日")
    if first is None or last is None:
        raise BadInput(f"--consult {text!r} 写成 发出日:收到意见日")
    return Consultation(first, opinion=last)


def _count(text: str | None) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= EXTENSION_DAYS):
        raise BadInput(f"--extend {text!r} 应是 1 至 {EXTENSION_DAYS} 个工作日（条例第三十三条）")
    return int(text)


def _due_json(facts: Facts, found: Clock) -> dict[str, Any]:
    return {
        "received": facts.received.isoformat(),
        "due": found.due.isoformat() if found.due else None,
        "provisional": found.provisional,
        "allowed": found.allowed,
        "steps": [
            {"from": s.start.isoformat(), "to": s.end.isoformat(), "counted": s.counted, "what": s.what,
             "article": s.article}
            for s in found.steps
        ],
    }  # fmt: skip


def _due_text(facts: Facts, found: Clock) -> str:
    day = with_weekday(found.due) if found.due else "没有到期日"
    year = f"{found.due.year}年" if found.due else ""
    mark = "（暂定：这一年的放假安排尚未载入）" if found.provisional else ""
    head = f"收到 {facts.received.year}年{with_weekday(facts.received)}，到期 {year}{day}{mark}，共 {found.allowed} 个工作日"
    steps = [[f"{s.start} 至 {s.end}" if s.end != s.start else s.start, s.counted, f"条例{s.article}"]
             for s in found.steps]  # fmt: skip
    lines = aligned([["起止", "计入", "依据"], *steps])
    words = ["说明", *(s.what for s in found.steps)]
    return "\n".join([head, "", *(f"{line}  {what}" for line, what in zip(lines, words, strict=True))])


COMMANDS: list[click.Command] = [year_table, due]
