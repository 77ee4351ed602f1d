"""发件箱: letters that wait, whose sending is uncertain, or that were given up; for the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from wtforms import BooleanField

from .. import moment
from ..alerts import outbox
from ..alerts.applicants import TOLD
from ..law.words import month_day
from ..models import Mail
from ..stages.errors import NotFound
from . import access
from .access import allow
from .forms import Form, required

bp = Blueprint("mail", __name__, url_prefix="/admin/mail")

UNSENT, SENT = 100, 20  # lines
KINDS = {"digest": "每日提醒", "urgent": "当天到期"} | {
    act: f"告诉申请人：{said}" for act, said in TOLD.items()
}
# the words, and which light goes with them
STATES = {
    "waiting": ("等待发送", "soon"),
    "sending": ("结果不明", "late"),
    "given_up": ("已放弃", "late"),
    "sent": ("已发出", "ok"),
}
KNOWING = {
    "sending": "知道收件人可能已经收到，仍要再发一次",
    "given_up": "邮箱地址已经核对，再发一次",
}


class AgainForm(Form):
    """The administrator says that they know what a second letter means."""

    knowing = BooleanField("仍要再发一次", required("先勾选，再发"))


@dataclass(frozen=True)
class Line:
    """One letter; never what stands in it."""

    id: int
    person: str
    address: str
    kind: str
    state: str
    light: str
    written: str
    sent: str
    tries: int
    next: str  # when it is tried again, while it waits
    error: str
    uncertain: bool
    again: bool


@bp.get("")
@allow("admin")
def page() -> Any:
    """The outbox of this office."""
    office_id = access.me().office_id
    return render_template(
        "admin/mail.html",
        unsent=[_line(s) for s in outbox.unsent(office_id, UNSENT)],
        sent=[_line(s) for s in outbox.sent(office_id, SENT)],
        has_server=bool(current_app.extensions["caseflow"]["settings"].smtp_url),
    )


@bp.get("/<int:mail_id>/again")
@allow("admin")
def confirm(mail_id: int) -> Any:
    """Asks whether a letter shall go out once more."""
    return _confirm(_find(mail_id), AgainForm(formdata=None))


@bp.post("/<int:mail_id>/again")
@allow("admin")
def again(mail_id: int) -> Any:
    """Let it wait anew; the scheduler sends it."""
    found, form = _find(mail_id), AgainForm()
    if not form.validate():
        return _confirm(found, form), 422
    try:
        outbox.again(access.me().office_id, mail_id, moment.now())
    except outbox.NotNow as reason:
        form.form_errors.append(str(reason))
        return _confirm(found, form), 422
    flash(f"给{found.person}的信重新等待发送")
    return redirect(url_for("mail.page"))


def _find(mail_id: int) -> outbox.Sent:
    found = outbox.find(access.me().office_id, mail_id)
    if found is None:
        raise NotFound(mail_id)
    return found


def _confirm(found: outbox.Sent, form: AgainForm) -> str:
    form.knowing.label.text = KNOWING.get(found.mail.state, form.knowing.label.text)
    return render_template("admin/mail_again.html", line=_line(found), form=form)


def _line(letter: outbox.Sent) -> Line:
    mail, now = letter.mail, moment.now()
    word, light = STATES[mail.state]
    return Line(
        id=mail.id,
        person=letter.person,
        address=mail.address
        if mail.person_id
        else f"{mail.address[:1]}***@{mail.address.rpartition('@')[2]}",
        kind=KINDS[mail.kind],
        state=word,
        light=light,
        written=_at(mail.created_at),
        sent=_at(mail.sent_at),
        tries=mail.tries,
        next=_next(mail, now),
        error=mail.error,
        uncertain=mail.state == "sending",
        again=outbox.may_go_again(mail, now),
    )


def _next(mail: Mail, now: datetime) -> str:
    if mail.state != "waiting":
        return ""
    return "下一分钟" if mail.next_at <= now else _at(mail.next_at)


def _at(then: datetime | None) -> str:
    """10月26日 09:00, by the office's clock."""
    if then is None:
        return ""
    local = moment.local(then)
    return f"{month_day(local.date(), access.today())} {local:%H:%M}"
