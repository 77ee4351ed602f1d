"""What 监督 is asked: whose figures, of which span, as of when; read from an address and written into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import abort, request, url_for
from werkzeug.datastructures import MultiDict

from ..law.receipt import IN_FORCE
from ..law.words import in_full, month_day
from ..reports import on_time
from ..reports.offices import Tree, tree
from ..reports.on_time import RECORDED, VIEWS, Span
from ..stages.errors import Refused
from ..stages.offices import ABOVE
from . import access
from .forms import Form, day, select

NAMED = ("month", "quarter", "year")  # spans of today, by name
QUARTERS = "一二三四"


class AskForm(Form):
    """From which day to which, both inside; as of which day's end, and by what."""

    class Meta(Form.Meta):
        csrf = False  # it only reads

    first = day("发出日从", name="from")
    last = day("到", name="to")
    as_of = day("截至", name="asof")
    view = select("口径", VIEWS, name="view")


@dataclass(frozen=True)
class Ask:
    """One question, as the address holds it."""

    tree: Tree  # the reader's office, and for a supervisor what stands under it
    office_id: int
    below: bool  # with all that stand under it
    span: Span
    as_of: date | None = None
    view: str = RECORDED

    @property
    def office_ids(self) -> list[int]:
        """The offices whose cases are counted together."""
        return self.tree.ids(self.office_id, self.below)

    @property
    def limit(self) -> date:
        """The last day that the figures can speak of."""
        return self.as_of or access.today()

    @property
    def args(self) -> dict[str, Any]:
        """The same question in an address."""
        asked: dict[str, Any] = {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}
        if self.as_of:
            asked |= {"asof": self.as_of.isoformat(), "view": self.view}
        if self.office_id != access.me().office_id:
            asked["office"] = self.office_id
        return asked | ({"below": 1} if self.below else {})

    def href(self, endpoint: str = "supervision.page", **changed: Any) -> str:
        """The way to the same question at another place."""
        return url_for(endpoint, **self.args | changed)

    @property
    def words(self) -> str:
        """2026年1月1日 – 12月1日."""
        first, last = self.span.first, self.span.last
        year = "" if last.year == first.year else f"{last.year}年"
        return f"{first.year}年{month_day(first)} – {year}{month_day(last)}"

    @property
    def whose(self) -> str:
        """The office, and how many beneath it are counted with it."""
        name, more = self.tree.names[self.office_id], len(self.office_ids) - 1
        return f"{name}和下级 {more} 个机关" if more else name


def read() -> tuple[AskForm, Ask | None]:
    """The question of this request; None with the errors told where its days can't be."""
    form = AskForm(_spoken(request.args, access.today()))
    if not request.args.get("view"):
        form.view.data, form.view.raw_data = RECORDED, [RECORDED]
    if not form.validate():
        return form, None
    try:
        span, as_of = _days(form, access.today())
    except Refused as refused:
        form.refuse(refused)
        return form, None
    ask = Ask(*_whose(request.args), span, as_of, form.view.data or RECORDED)
    return AskForm(None, first=span.first, last=span.last, as_of=as_of, view=ask.view), ask


def _spoken(args: MultiDict[str, str], today: date) -> MultiDict[str, str]:
    """An address that names a span of today (span=month) says its days."""
    spoken = MultiDict(args)
    if args.get("span") in NAMED:
        begins = {
            "month": today.replace(day=1),
            "quarter": date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
            "year": date(today.year, 1, 1),
        }
        spoken["from"], spoken["to"] = begins[args["span"]].isoformat(), today.isoformat()
    return spoken


def _days(form: AskForm, today: date) -> tuple[Span, date | None]:
    """Raises Refused with the field."""
    as_of = form.as_of.data
    if as_of and as_of < IN_FORCE:
        raise Refused(f"不能早于条例施行之日（{in_full(IN_FORCE)}）", "as_of")
    if as_of and as_of > today:
        raise Refused("不能晚于今天", "as_of")
    last = form.last.data or as_of or today
    if last > date(today.year, 12, 31):
        raise Refused("不能晚于今年年底", "last")
    last = min(last, as_of or last)
    first = form.first.data or date(last.year, 1, 1)
    if first < IN_FORCE:
        raise Refused(f"不能早于条例施行之日（{in_full(IN_FORCE)}）", "first")
    if first > last:
        end = "截至" if last == as_of else "到"
        raise Refused(f"不能晚于“{end}”的那一天（{month_day(last, today)}）", "first")
    return Span(first, last), as_of


def _whose(args: MultiDict[str, str]) -> tuple[Tree, int, bool]:
    """A supervisor sees their office and what stands under it; everybody else their own."""
    me = access.me()
    found = tree(me.office_id, with_subordinates=me.role in ABOVE)
    wanted = access.number(args, "office") or me.office_id
    if wanted not in found.names:
        abort(404)
    return found, wanted, args.get("below") == "1" and len(found.ids(wanted, True)) > 1


# -- ways to other questions ----------------------------------------------------------------------


def periods(ask: Ask) -> list[list[Any]]:
    """The year of the span, its quarters and its months, each a link; the years beside it."""
    year = ask.span.last.year
    years = [(f"{y} 年", on_time.year_span(y)) for y in (year - 1, year, year + 1)]
    quarters = [(f"{QUARTERS[q - 1]}季度", on_time.quarter_span(year, q)) for q in (1, 2, 3, 4)]
    months = list(on_time.stretches(on_time.year_span(year)))
    return [[*_links(ask, group)] for group in (years, quarters, months)]


def _links(ask: Ask, group: list[tuple[str, Span]]) -> Iterator[Any]:
    limit = ask.limit
    for label, whole in group:
        if IN_FORCE <= whole.first <= limit:
            span = Span(whole.first, min(whole.last, limit))
            there = replace(ask, span=span)
            yield SimpleNamespace(label=label, href=there.href(), current=span == ask.span)


def scopes(ask: Ask) -> list[Any]:
    """The office alone, or with all under it; the way back up for who looked at one of them."""
    mine, found = access.me().office_id, []
    if len(ask.tree.ids(ask.office_id, True)) > 1:
        found = [(False, "本机关"), (True, "含下级")]
    links = [
        SimpleNamespace(label=label, href=replace(ask, below=below).href(), current=below == ask.below)
        for below, label in found
    ]
    if ask.office_id != mine:
        up = replace(ask, office_id=mine, below=True).href()
        links.insert(0, SimpleNamespace(label=f"回到{ask.tree.names[mine]}", href=up, current=False))
    return links
