"""登记: one page, the due day beside it as one types, an applicant seen before offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from ..law.applicants import is_masked, masked
from ..law.clock import clock
from ..law.facts import CORRECTION_NOTICE_DAYS, Facts
from ..law.fees import FREE_PIECES
from ..law.receipt import refuse_arrival, rule_for
from ..reports import applicants
from ..reports.similar import Asked, Before, before
from ..stages import register
from ..stages.checks import LIMITS, fault
from ..stages.errors import Refused, Twice
from ..stages.register import Application
from . import access, later, register_form
from .access import allow
from .again import kept
from .register_form import RegisterForm

bp = Blueprint("register", __name__)

LONGEST = 30  # characters of what was typed that a search is offered for


@dataclass(frozen=True)
class Preview:
    """What the side panel says of the term: the legal receipt, the two days that follow from it."""

    received: date | None
    why: str
    article: str
    due: date | None = None
    notice: date | None = None
    provisional: bool = False
    problem: str = ""


@bp.get("/cases/new")
@allow("clerk")
def new() -> Any:
    """An empty form."""
    form = register_form.blank(access.today())
    return _page(form)


@bp.post("/cases/new")
@allow("clerk")
@kept(lambda: _page(RegisterForm()))
def save() -> Any:
    """Register, or compute again without saving."""
    form = RegisterForm()
    if answer := ASKED.keys() & request.form.keys():
        ASKED[answer.pop()](form)
        return _page(form)
    if not form.validate():
        return _page(form), 422
    if year := later.unread("register", form.arrival().received):
        return _page(form, year), 422
    try:
        cases = register.register(
            access.my_work(), form.arrival(), _whole(form), form.further(), form.page_key()
        )
    except Refused as refused:
        form.refuse(Refused(refused.reason, form.field_of(refused.field)))
        return _page(form), 422
    except Twice as twice:
        flash("这一页刚才已经登记过，没有再登记一次", "warning")
        return redirect(url_for("cases.page", case_id=twice.case_id))
    numbers = "、".join(case.number for case in cases)
    flash(f"已登记 {numbers}" + ("，一事一申请，互相关联" if len(cases) > 1 else ""), "success")
    if "again" in request.form:
        return redirect(url_for("register.new"))
    return redirect(url_for("cases.page", case_id=cases[0].id))


def _whole(form: RegisterForm) -> Application:
    """What the form says, with the telephone of the earlier request that it was taken from."""
    application = form.application()
    if is_masked(application.phone):
        for known in _known(form):
            if str(known.case_id) == form.taken.data and masked(known.contact["phone"]) == application.phone:
                return replace(application, phone=known.contact["phone"])
    return application


def _take_contact(form: RegisterForm) -> None:
    """沿用联系方式: from the earlier request that was offered, and from no other."""
    wanted = access.number(request.form, "take")
    for known in _known(form):
        if known.case_id == wanted:
            form.take_contact(known.contact, known.case_id)
            flash(f"联系方式照 {known.number} 填好，已经填写的没有改，请核对")


def _is_another(form: RegisterForm) -> None:
    """不是同一人: the offer goes, until another name or number is typed."""
    form.stranger.data = form.who()


# The buttons that show the form again and save nothing
ASKED: dict[str, Callable[[RegisterForm], None]] = {
    "recalculate": lambda form: None,
    "take": _take_contact,
    "another": _is_another,
}


@bp.post("/cases/preview")
@allow("clerk")
def preview() -> Any:
    """The side panel alone, for the script."""
    return render_template("cases/_preview.html", preview=_preview(RegisterForm()))


@bp.post("/cases/offer")
@allow("clerk")
def offer() -> Any:
    """Who this applicant may be, for the script."""
    return render_template("cases/_offer.html", known=_known(RegisterForm()))


@bp.post("/cases/similar")
@allow("clerk")
def similar() -> Any:
    """Earlier requests like what is being typed, for the script."""
    return render_template("cases/_similar.html", **_similar(RegisterForm()))


def _similar(form: RegisterForm) -> dict[str, Any]:
    """What was there before; nothing is looked up while neither applicant nor content is written."""
    content, name = (form.content.data or "").strip(), (form.name.data or "").strip()
    number = (form.certificate_number.data or "").strip()
    typed = (("content", content), ("name", name), ("certificate_number", number))
    asked = Asked(
        access.me().office_id, "" if form.stranger.data == form.who() else name, number, content,
        form.arrival().received or access.today(),
    )  # fmt: skip
    legible = not any(fault(text, LIMITS[field]) for field, text in typed)
    return told(before(asked) if legible and (content or name) else None, content)


def told(found: Before | None, content: str, at_case: bool = False) -> dict[str, Any]:
    """What the panel says of it."""
    return {"before": found, "q": content[:LONGEST], "free_pieces": FREE_PIECES, "at_case": at_case}


def _page(form: RegisterForm, year: int = 0) -> str:
    return render_template(
        "cases/new.html", form=form, preview=_preview(form), known=_known(form), later=year, **_similar(form)
    )


def _known(form: RegisterForm) -> list[applicants.Known]:
    name, number = (form.name.data or "").strip(), (form.certificate_number.data or "").strip()
    if form.stranger.data == form.who():
        return []
    if fault(name, LIMITS["name"]) or fault(number, LIMITS["certificate_number"]):
        return []
    return applicants.seen_before(access.me().office_id, name, number)


def _preview(form: RegisterForm) -> Preview:
    """The term as it would be; a sentence where it can't be told yet."""
    arrival = form.arrival()
    rule = rule_for(arrival.channel, arrival.mail)
    faults = refuse_arrival(arrival.channel, arrival.mail, arrival.days(), access.today())
    problem = next(iter(faults.values()), "")
    if problem or arrival.received is None:
        wait = "双方确认收到以后，这里显示法定收到日和到期日；没有确认的，先登记，以后再确认。"
        return Preview(None, rule.why, rule.article, problem=problem or wait)
    calendar = access.calendar()
    ticking = clock(Facts(arrival.received), calendar)
    notice = calendar.add(arrival.received, CORRECTION_NOTICE_DAYS)
    return Preview(arrival.received, rule.why, rule.article, ticking.due, notice, ticking.provisional)
