"""监督: replies on time over a span, what stands beside the rate, every number with its cases."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from ..law.receipt import IN_FORCE
from ..law.words import in_full, month_day
from ..reports import on_time, worklist
from ..reports.on_time import Handler, Rate, Span
from ..reports.pages import case_page
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form, day
from .listing import key, listing
from .rows import rows

bp = Blueprint("supervision", __name__)

SPANS = {"month": "本月", "year": "本年"}


class SpanForm(Form):
    """From which day to which, both inside."""

    class Meta(Form.Meta):
        csrf = False  # it only reads

    first = day("发出日从", name="from")
    last = day("到", name="to")


@bp.get("/supervision")
@allow(*access.READERS)
def page() -> Any:
    """The rate of a span with what stands beside it; a span that can't be is told at its field."""
    form, span = read_span(request.args, access.today())
    if span is None:
        return _refused(form), 422
    office_id, today, calendar = access.me().office_id, access.today(), access.calendar()
    rate = on_time.rate([office_id], span)
    beside = on_time.beside([office_id], span, today)
    return render_template(
        "supervision/page.html",
        form=form,
        span=span,
        words=_words(span),
        unit="年" if on_time.is_long(span) else "月",
        spans=_spans(span),
        rate=rate,
        counters=_counters(rate, beside, span),
        beside=beside,
        months=[_line(m.rate, m.span, label=m.label) for m in on_time.by_month([office_id], span)],
        handlers=[_handler(h, span) for h in on_time.by_handler([office_id], span, today)],
        overdue=rows(on_time.overdue_cases([office_id], today), today, calendar),
        late=rows(on_time.late_cases([office_id], span), today, calendar),
        links=_links(span),
    )


@bp.get("/supervision/otherwise")
@allow(*access.READERS)
def otherwise() -> Any:
    """What was closed without a reply in the span: beside the rate, never inside it."""
    form, span = read_span(request.args, access.today())
    if span is None:
        return _refused(form), 422
    clauses = [on_time.of_offices([access.me().office_id]), on_time.closed_without_reply(span)]
    found = case_page(clauses, key("after"), key("before"))
    return render_template(
        "supervision/otherwise.html",
        span=span,
        back=url_for("supervision.page", **_days(span)),
        listing=listing(found, "supervision.otherwise", **_days(span)),
    )


def _refused(form: SpanForm) -> str:
    """The page without its figures."""
    return render_template("supervision/page.html", form=form, span=None, spans=_spans(None))


def read_span(args: MultiDict[str, str], today: date) -> tuple[SpanForm, Span | None]:
    """The span of an address: its two days, or the month or year of today; None with the errors told."""
    begins = {"month": today.replace(day=1), "year": date(today.year, 1, 1)}
    if args.get("span") in begins:
        span = Span(begins[args["span"]], today)
        return SpanForm(formdata=None, first=span.first, last=span.last), span
    form = SpanForm(args)
    if not form.validate():
        return form, None
    last = form.last.data or today
    first = form.first.data or date(last.year, 1, 1)
    try:
        _check(first, last, today)
    except Refused as refused:
        form.refuse(refused)
        return form, None
    return SpanForm(formdata=None, first=first, last=last), Span(first, last)


def _check(first: date, last: date, today: date) -> None:
    if first < IN_FORCE:
        raise Refused(f"不能早于条例施行之日（{in_full(IN_FORCE)}）", "first")
    if last > date(today.year, 12, 31):
        raise Refused("不能晚于今年年底", "last")
    if first > last:
        raise Refused(f"不能晚于“到”的那一天（{month_day(last, today)}）", "first")


def _words(span: Span) -> str:
    """2026年1月1日 – 12月1日."""
    first, last = span.first, span.last
    year = "" if last.year == first.year else f"{last.year}年"
    return f"{first.year}年{month_day(first)} – {year}{month_day(last)}"


def _spans(span: Span | None) -> list[Any]:
    """The spans asked for most."""
    today = access.today()
    begins = {"month": today.replace(day=1), "year": date(today.year, 1, 1)}
    return [
        SimpleNamespace(
            label=label,
            href=url_for("supervision.page", span=code),
            current=span == Span(begins[code], today),
        )
        for code, label in SPANS.items()
    ]


# -- every number with its cases ----------------------------------------------------------------


def _days(span: Span) -> dict[str, Any]:
    return {"from": span.first.isoformat(), "to": span.last.isoformat()}


def _links(span: Span, handler: str = "") -> Any:
    """The worklists behind the figures of a span, of one handler if named."""
    who: dict[str, Any] = {"handler": handler} if handler else {}
    sent = {"status": "closed", **who}
    sent |= {"replied_from": span.first.isoformat(), "replied_to": span.last.isoformat()}
    return SimpleNamespace(
        sent=url_for("worklist.cases", **sent),
        on_time=url_for("worklist.cases", **sent, on_time=1),
        late=url_for("worklist.cases", **sent, on_time=0),
        open=url_for("worklist.cases", **who),
        overdue=url_for("worklist.cases", **who, light="late"),
        otherwise=url_for("supervision.otherwise", **_days(span)),
    )


def _line(rate: Rate, span: Span, handler: str = "", **more: Any) -> Any:
    return SimpleNamespace(
        sent=rate.sent, on_time=rate.on_time, late=rate.late, rate=rate.percent,
        links=_links(span, handler), **more,
    )  # fmt: skip


def _handler(handler: Handler, span: Span) -> Any:
    who = str(handler.id) if handler.id else handler.name or worklist.NOBODY
    name = handler.name or "未分办"
    return _line(handler.rate, span, who, name=name, open=handler.open, overdue=handler.overdue)


def _counters(rate: Rate, beside: on_time.Beside, span: Span) -> list[Any]:
    links = _links(span)
    figure = rate.percent or "没有发出"
    shares = f"{rate.on_time} ÷ {rate.sent} 件已发出答复" if rate.sent else "没有分母，不计按时率"
    cells = (
        ("按时办结率", figure, "", shares, links.sent, None, False),
        ("逾期未答复", beside.overdue, "件", "至今天，不在按时率之内", links.overdue, "late",
         beside.overdue > 0),
        ("逾期办结", rate.late, "件", "发出日晚于到期日", links.late, "donelate", False),
        ("未作答复办结", beside.closed_without_reply, "件", "逾期不补正、撤回等", links.otherwise, None, False),
        ("在办", beside.open, "件", f"至今天，其中停计、待确认 {beside.waiting} 件", links.open, None, False),
    )  # fmt: skip
    names = ("label", "value", "unit", "note", "href", "shape", "alarm")
    return [SimpleNamespace(**dict(zip(names, cell, strict=True))) for cell in cells]
