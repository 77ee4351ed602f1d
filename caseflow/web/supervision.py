"""监督: replies on time over a span, what stands beside the rate, every number with its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for

from ..law.words import with_weekday
from ..law.workflow import BY_CODE as ACTS
from ..models import Case
from ..moment import local
from ..reports import on_time, sheets
from ..reports.on_time import DATED, RECORDED, VIEWS, Figure, Span
from ..reports.on_time.report import DEFINITION, Report, as_of_words, report
from ..reports.on_time.sheet import Sheet, as_csv, as_xlsx, sheet
from . import access, exports
from .access import allow
from .listing import key, listing
from .rows import rows
from .supervision_ask import Ask, AskForm, periods, read, scopes

bp = Blueprint("supervision", __name__)

VOIDED = "voided"
MOST_NAMED = 20  # later records named on the page; the rest are counted


@bp.get("/supervision")
@allow(*access.READERS)
def page() -> Any:
    """The rates of a span with what stands beside them; a span that can't be is told at its field."""
    form, ask = read()
    if ask is None:
        return _refused(form), 422
    found = _report(ask)
    overdue, late = on_time.worst(ask.office_ids, ask.span, found.source)
    return render_template(
        "supervision/page.html",
        form=form,
        ask=ask,
        r=found,
        f=found.figures,
        periods=periods(ask),
        scopes=scopes(ask),
        counters=_counters(ask, found),
        bars_of=[
            SimpleNamespace(
                label=s.label, sent=s.figures.sent, late=s.figures.rate.late, rate=s.figures.rate.percent
            )
            for s in found.stretches
        ],
        overdue=_lines(ask, overdue),
        late=_lines(ask, late),
        href=_hrefs(ask),
        past=_past(ask, found),
        definition=DEFINITION,
    )


@bp.get("/supervision/cases")
@allow(*access.READERS)
def cases() -> Any:
    """The cases behind one number, a page of them, as they stood."""
    form, ask = read()
    if ask is None:
        return _refused(form), 422
    asked = {"what": "sent", "by": "", "key": ""}
    asked |= {name: request.args[name] for name in asked if request.args.get(name)}
    source = _report(ask).source if ask.as_of else on_time.as_it_stands(access.today())
    if asked["what"] == VOIDED:
        voided = on_time.voided(ask.office_ids, ask.span)
        found = on_time.cases_of([v.case_id for v in voided], key("after"), key("before"))
        source = on_time.as_it_stands(access.today())
    else:
        try:
            figure = Figure(**asked)
            found = on_time.cases_behind(
                ask.office_ids, ask.span, source, figure, key("after"), key("before")
            )
        except (KeyError, ValueError):
            abort(404)
    return render_template(
        "supervision/cases.html",
        ask=ask,
        title=_title(ask, asked, found.cases),
        back=ask.href(),
        as_of=as_of_words(ask.as_of, ask.view) if ask.as_of else "",
        lines=_lines(ask, found.cases, source.day),
        listing=listing(found, "supervision.cases", **ask.args, **asked),
    )


@bp.post("/supervision.csv")
@allow(*access.READERS)
def as_text() -> Any:
    """The figures of the page as csv."""
    return _download(as_csv, "csv", "text/csv")


@bp.post("/supervision.xlsx")
@allow(*access.READERS)
def as_workbook() -> Any:
    """The figures of the page as a workbook."""
    return _download(as_xlsx, "xlsx", sheets.MIME)


def _download(made: Callable[[Sheet], bytes], suffix: str, mime: str) -> Response | tuple[str, int]:
    form, ask = read()
    if ask is None:
        return _refused(form), 422
    found = _report(ask)
    offices = {str(office_id): name for office_id, name in ask.tree.names.items()}
    notes = [ask.whose, f"时段：{ask.words}（按发出日）", *_as_of_notes(ask, found)]
    whole = sheet(found, "按时办结率", notes, offices)
    exports.note("按时办结率", suffix, day=f"{ask.span.first}—{ask.span.last}")
    name = f"按时办结率-{ask.span.first}-{ask.span.last}.{suffix}"
    return send_file(BytesIO(made(whole)), mimetype=mime, as_attachment=True, download_name=name)


def _report(ask: Ask) -> Report:
    return report(ask.office_ids, ask.span, access.today(), ask.as_of, ask.view)


def _refused(form: AskForm) -> str:
    """The page without its figures."""
    return render_template("supervision/page.html", form=form, ask=None, scopes=())


# -- as of a past day -----------------------------------------------------------------------------


def _as_of_notes(ask: Ask, found: Report) -> list[str]:
    """As of when the figures are, and what of it a reader must know."""
    if ask.as_of is None or found.past is None:
        return [f"截至今天（{with_weekday(access.today(), access.today())}），按现在的登记"]
    said = [as_of_words(ask.as_of, ask.view)]
    if ask.view == RECORDED and found.past.imported:
        said.append(f"台账在这一天以后才导入的 {found.past.imported} 件，当时没有登记，不在其内")
    if ask.view == DATED and found.past.imported:
        said.append(f"台账在这一天以后才导入的 {found.past.imported} 件，按发生的日期计入")
    if ask.view == DATED and found.past.since:
        said.append(f"这一天以后补登、更正的，使 {len(found.past.since)} 件与当时的登记不同")
    return said


def _past(ask: Ask, found: Report) -> Any:
    """What the page says of a past day: the view, the other view, what was recorded since; None for now."""
    if ask.as_of is None or found.past is None:
        return None
    other = RECORDED if ask.view == DATED else DATED
    today = access.today()
    named = [
        SimpleNamespace(
            number=case.number,
            href=url_for("cases.page", case_id=case.case_id),
            act=ACTS[told.entry.act].label if told.entry.act in ACTS else "日历调整",
            on=with_weekday(told.entry.on, today),
            at=with_weekday(local(told.at).date(), today),
        )
        for case in found.past.since
        for told in case.events
    ]
    return SimpleNamespace(
        notes=_as_of_notes(ask, found),
        other=VIEWS[other],
        other_href=ask.href(view=other),
        now_href=ask.href(asof=None, view=None),
        named=named[:MOST_NAMED],
        more=len(named) - MOST_NAMED,
    )


# -- every number with its cases ------------------------------------------------------------------


def _hrefs(ask: Ask) -> Callable[..., str]:
    """The way to the cases of a figure, of one line if named, of a part of the span if given."""

    whole = ask.href("supervision.cases")  # made once: a city's page has more than a thousand of them

    def href(what: str, by: str = "", key: str = "", span: Span | None = None) -> str:
        line = {"by": by, "key": key} if by else {}
        part = {"from": span.first.isoformat(), "to": span.last.isoformat()} if span else {}
        here = ask.href("supervision.cases", **part) if part else whole
        return f"{here}&{urlencode({'what': what, **line})}"

    return href


def _title(ask: Ask, asked: dict[str, str], found: Iterable[Case]) -> str:
    if asked["what"] == VOIDED:
        return "发出以后撤销的答复"
    title = on_time.COUNTS[asked["what"]][0]
    if not asked["by"]:
        return title
    dimension = on_time.BY_CODE[asked["by"]]
    if dimension.code == "office":
        name = ask.tree.names.get(int(asked["key"]), "")
    elif dimension.code == "handler":
        name = next((case.handler for case in found if case.handler), "") or dimension.unnamed
    elif dimension.code == "department":
        name = asked["key"].removeprefix(on_time.NAMED) or dimension.unnamed
    else:
        name = dimension.names[asked["key"]]
    return f"{title} · {dimension.label} {name}"


def _lines(ask: Ask, found: Iterable[Case], day: date | None = None) -> list[Any]:
    """Lines of cases as of the day of the figures, each with its office."""
    kept = list(found)
    drawn = rows(kept, day or ask.limit, access.calendar())
    return [
        SimpleNamespace(row=row, office=ask.tree.names[case.office_id])
        for case, row in zip(kept, drawn, strict=True)
    ]


def _counters(ask: Ask, found: Report) -> list[Any]:
    f, href = found.figures, _hrefs(ask)
    until = "至今天" if ask.as_of is None else "至截至日"
    no_rate = "没有分母，不计按时率"
    cells = (
        ("按时办结率", f.rate.percent or "没有发出", "", f"{f.on_time} ÷ {f.sent} 件已发出答复" if f.sent else no_rate,
         href("sent"), None, False),
        ("前 20 日内答复", f.plain_rate.percent or "没有发出", "", f"{f.plain} ÷ {f.sent} 件，不问停计、延期" if f.sent
         else no_rate, href("plain"), None, False),
        ("用时中位数", "—" if f.median is None else f.median, "" if f.median is None else "个工作日",
         f"第 90 百分位 {'—' if f.p90 is None else f.p90}", href("sent"), None, False),
        ("逾期未答复", f.overdue, "件", f"{until}，不在按时率之内", href("overdue"), "late", f.overdue > 0),
        ("逾期办结", f.rate.late, "件", "发出日晚于到期日", href("late"), "donelate", False),
        ("未作答复办结", f.otherwise, "件", f"撤回 {f.withdrawn}，逾期不补正等 {f.lapsed}", href("otherwise"), None, False),
        ("在办", f.open, "件", f"{until}，其中停计、待确认 {f.waiting} 件", href("open"), None, False),
    )  # fmt: skip
    names = ("label", "value", "unit", "note", "href", "shape", "alarm")
    return [SimpleNamespace(**dict(zip(names, cell, strict=True))) for cell in cells]
