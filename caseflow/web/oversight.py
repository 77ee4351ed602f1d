"""督办清单 and 责任追究登记: over one's own office, a supervisor over those under it too."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for

from ..law.words import left_words, with_weekday
from ..law.workflow import may
from ..ledger.read_csv import guarded
from ..models import Case
from ..reports import oversight
from ..reports.casefolder import Folder
from ..reports.offices import tree
from ..reports.oversight import STATES, Late, Watched
from ..stages import offices
from . import access, exports
from .access import allow
from .listing import key
from .rows import Due, row, running_light

bp = Blueprint("oversight", __name__, url_prefix="/supervision")

Names = dict[int, str]

FIRST_YEAR = 2008  # the regulation came into force on 1 May
HEAD = (
    "编号", "机关", "申请内容", "经办人", "到期日", "发出答复", "逾期（工作日）", "逾期原因", "处理", "说明", "登记日期", "登记人",
)  # fmt: skip


@dataclass(frozen=True)
class WatchLine:
    """A watch with its light: waiting, past its day, answered, closed over."""

    due: Due
    word: str
    asked_on: str
    answered_on: str
    of: Watched


def watch_line(watched: Watched) -> WatchLine:
    """How a watch stands today."""
    today, watch = access.today(), watched.watch
    asked, answered = with_weekday(watch.asked, today), ""
    if watch.answered:
        answered = with_weekday(watch.answered, today)
        return WatchLine(Due("done", "已答复", ""), "已答复", asked, answered, watched)
    if watched.closed:
        done = Due("done", "办结时没有答复", with_weekday(watched.closed, today))
        return WatchLine(done, "办结，未答复", asked, answered, watched)
    code = running_light(watch.until, today, access.calendar())
    left = left_words(today, watch.until, access.calendar())
    due = Due(code, left, with_weekday(watch.until, today))
    return WatchLine(due, "逾期未答复" if code == "late" else "待答复", asked, answered, watched)


def of_case(folder: Folder) -> dict[str, Any]:
    """What a case's own page says of both."""
    says = oversight.said(folder.events, folder.notes, folder.names)
    watched = oversight.watch_of(folder.file, says)
    return {
        "watch": watch_line(watched) if watched else None,
        "accountability": oversight.accountability_of(folder.file, says),
    }


@bp.get("/watches")
@allow(*access.READERS)
def watches() -> Any:
    """The cases under watch, those to be answered first."""
    found, today = in_reach(), access.today()
    listed = oversight.watches(list(found), today)
    lines = [
        SimpleNamespace(
            row=row(case, today, access.calendar()),
            office=found[case.office_id],
            watch=watch_line(watched),
        )
        for case, watched in listed.lines
    ]
    return render_template(
        "supervision/watches.html",
        lines=lines,
        total=listed.total,
        kept=oversight.KEPT.days,
        offices=len(found) > 1,
    )


@bp.get("/accountability")
@allow(*access.READERS)
def accountability() -> Any:
    """Every late case of a year, with cause and measure, or 待登记."""
    found, ids, year, state = _asked()
    page, lines = oversight.register(
        ids, year, state, access.today(), access.calendar(), key("after"), key("before")
    )
    here = _address(ids, found, year, state)
    return render_template(
        "supervision/accountability.html",
        year=year,
        whose=found[ids[0]] + (f"和下级 {len(ids) - 1} 个机关" if len(ids) > 1 else ""),
        years=[_year_link(found, ids, y, state) for y in (year - 1, year, year + 1) if _within(y)],
        tabs=_tabs(found, ids, year, state),
        offices=found if len(found) > 1 else {},
        one=ids[0] if len(ids) == 1 else None,
        state=state,
        lines=[_line(line, found) for line in lines],
        listing=SimpleNamespace(
            words=page.words,
            prev=url_for("oversight.accountability", **here, before=page.before) if page.before else None,
            next=url_for("oversight.accountability", **here, after=page.after) if page.after else None,
        ),
        file=url_for("oversight.as_csv", **here),
    )


@bp.post("/accountability.csv")
@allow(*access.READERS)
def as_csv() -> Any:
    """The same register as a file, the whole year of it."""
    found, ids, year, state = _asked()
    lines = oversight.whole_register(ids, year, state, access.today(), access.calendar())
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    cells = [*_cells(lines, found)]
    writer.writerows(cells)
    exports.note("责任追究登记", "csv", year=year, rows=len(cells))
    name = f"责任追究登记-{year}.csv"
    content = BytesIO(out.getvalue().encode("utf-8-sig"))  # with its mark, as spreadsheets expect it
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=name)


# -- what is asked for ---------------------------------------------------------------------------


def in_reach() -> Names:
    """The offices whose cases this person reaches, by id; their own first."""
    mine, role = access.me().office_id, access.me().role
    return dict(tree(mine, with_subordinates=role in offices.ABOVE).names)


def _asked() -> tuple[Names, list[int], int, str]:
    """The offices in reach, those asked for, the year, the state; what can't be is a 404."""
    found, state = in_reach(), request.args.get("state", "")
    year = access.number(request.args, "year") or access.today().year
    one = access.number(request.args, "office")
    if state not in STATES or not _within(year) or (one is not None and one not in found):
        abort(404)
    return found, [one] if one else list(found), year, state


def _within(year: int) -> bool:
    return FIRST_YEAR <= year <= access.today().year


def _address(ids: list[int], found: Names, year: int, state: str) -> dict[str, Any]:
    """The same question in an address."""
    one = {"office": ids[0]} if len(ids) == 1 < len(found) else {}
    return {"year": year, **({"state": state} if state else {}), **one}


def _year_link(found: Names, ids: list[int], year: int, state: str) -> Any:
    href = url_for("oversight.accountability", **_address(ids, found, year, state))
    return SimpleNamespace(label=f"{year} 年", href=href, year=year)


def _tabs(found: Names, ids: list[int], year: int, state: str) -> list[Any]:
    counted = oversight.counts(ids, year, access.today())
    return [
        SimpleNamespace(
            label=label,
            href=url_for("oversight.accountability", **_address(ids, found, year, code)),
            current=code == state,
            count=counted[code],
        )
        for code, label in STATES.items()
    ]


# -- the lines -----------------------------------------------------------------------------------


def _line(line: Late, found: Names) -> Any:
    case, today = line.case, access.today()
    held = line.registered
    return SimpleNamespace(
        row=row(case, today, access.calendar()),
        office=found[case.office_id],
        due=with_weekday(line.due, today),
        sent=with_weekday(case.replied_on, today) if case.replied_on else "",
        ended=f"未作答复，{with_weekday(case.closed_on, today)} 办结" if case.closed_on else "",
        days=line.days,
        held=held,
        held_on=with_weekday(held.on, today) if held else "",
        href=url_for("acts.page", case_id=case.id, act="hold_accountable") if _may_register(case) else "",
    )


def _may_register(case: Case) -> bool:
    role = access.me().role
    return may(role, case.stage, "hold_accountable") and not case.masked_seq


def _cells(lines: Iterable[Late], found: Names) -> Iterable[list[Any]]:
    for line in lines:
        case, held = line.case, line.registered
        told = (
            [held.cause, held.measure, held.said.text, held.on, held.said.by]
            if held
            else ["待登记", *[""] * 4]
        )
        what = case.particulars.content if case.particulars else ""
        sent = case.replied_on or ("未作答复办结" if case.closed_on else "")
        cells = [
            case.number, found[case.office_id], what, case.handler, line.due, sent, line.days, *told,
        ]  # fmt: skip
        yield [guarded(str(value)) for value in cells]
