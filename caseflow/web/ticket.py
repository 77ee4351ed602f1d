"""查询凭证: an applicant who comes or writes is given number and code, or another code for a lost one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from wtforms import BooleanField, HiddenField

from ..counter import tickets
from ..models import Case
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form

bp = Blueprint("ticket", __name__)


class TicketForm(Form):
    """What the applicant wishes."""

    seen = HiddenField()  # the code as it was: a page sent twice gives one
    electronic = BooleanField("申请人同意电子送达，文书可以在网上打开")
    notify = BooleanField("有进展的，发电子邮件告诉申请人")


@bp.get("/cases/<int:case_id>/ticket")
@allow(*access.DESK)
def page(case_id: int) -> Any:
    """What stands, and the form."""
    case = access.my_case(case_id)
    form = TicketForm(
        formdata=None, data={name: getattr(case.ticket, name, False) for name in ("electronic", "notify")}
    )
    return _page(case, form)


@bp.post("/cases/<int:case_id>/ticket")
@allow(*access.DESK)
def give(case_id: int) -> Any:
    """Number and code, shown this once."""
    case, form = access.my_case(case_id), TicketForm()
    if form.notify.data and not (case.particulars and case.particulars.email):
        form.refuse(Refused("申请人没有留电子邮箱：先办“变更联系方式”", "notify"))
        return _page(case, form), 422
    try:
        given = tickets.hand_out(
            access.my_work(), case_id, electronic=bool(form.electronic.data), notify=bool(form.notify.data),
            seen=form.seen.data or "",
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return _page(access.my_case(case_id), form), 409
    return _page(access.my_case(case_id), form, given)


def _page(case: Case, form: TicketForm, given: tickets.Given | None = None) -> str:
    form.seen.data = tickets.mark(case.ticket)
    return render_template("cases/ticket.html", case=case, form=form, given=given, grouped=tickets.grouped)
