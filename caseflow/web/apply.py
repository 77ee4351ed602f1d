"""提出申请: the public's form, its look-over and its receipt. Between the pages nothing is kept but in the form itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_file

from .. import moment
from ..config import Settings
from ..counter import applications, receipts, tickets
from ..counter.applications import Taken
from ..counter.organs import Organs, organs
from ..counter.tickets import Given
from ..db import db
from ..law.fees import FREE_PAGES, FREE_PIECES
from ..models import Office
from ..publications import find
from ..stages.errors import Refused, Twice
from ..stages.signin import Throttled, subject
from . import access, apply_form, errors, headers
from .access import PUBLIC, allow
from .again import kept
from .apply_form import ApplyForm, SendForm

bp = Blueprint("apply", __name__)

HERE = {"free_pieces": FREE_PIECES, "free_pages": FREE_PAGES}


def _settings() -> Settings:
    found: Settings = current_app.extensions["caseflow"]["settings"]
    return found


@bp.get("/apply")
@allow(PUBLIC)
def page() -> Any:
    """An empty form; ?office= names an organ by its code."""
    of, code = organs(db.session()), request.args.get("office", "")
    shut = [office for office in of.closed if office.code == code]
    if shut or not of.opened:
        return _closed(shut or of.closed)
    return _page(apply_form.blank(of, code), of)


@bp.post("/apply")
@allow(PUBLIC)
@kept(lambda: _again())
def review() -> Any:
    """All that was typed, to be looked over and sent; or the form again, where it is to be changed."""
    of, form = organs(db.session()), ApplyForm()
    form.choose_from(of)
    if not of.opened:
        return _closed(of.closed, form.wanted()), 422
    if "change" in request.form:
        return _page(form, of)
    if not form.validate():
        return _page(form, of), 422
    return _review(form, of)


@bp.post("/apply/send")
@allow(PUBLIC)
@kept(lambda: _again())
def send() -> Any:
    """Take it in; the answer is the receipt, the only page that ever shows the code."""
    of, form = organs(db.session()), SendForm()
    form.choose_from(of)
    if not of.opened:
        return _closed(of.closed, form.wanted()), 422
    organ = form.organ(of)
    if not form.validate() or organ is None:
        return _page(form, of), 422
    try:
        taken = _take(form, organ)
    except Refused as refused:
        form.refuse(refused)
        return (_review if refused.field in ("identity", "attachments") else _page)(form, of), 422
    except Throttled as error:
        minute, wait = errors.again_at(error)
        form.form_errors.append(f"这个网络地址刚才提交的申请太多，请在 {minute} 以后再提交；填写的内容都还在")
        return _review(form, of), 429, wait
    except Twice:
        return _receipt(None)
    return _receipt(taken)


def _take(form: SendForm, organ: Office) -> Taken:
    limits = {subject("apply", request.remote_addr or ""): _settings().counter_limit}
    return applications.apply(organ.id, form.sent(), moment.now(), access.today(), limits, form.page_key())


@bp.post("/apply/receipt.docx")
@allow(PUBLIC)
def receipt_file() -> Any:
    """The receipt as a Word file, for whoever holds number and code; nothing is written."""
    given = Given(request.form.get("number", ""), request.form.get("code", ""))
    case_id = tickets.checked(given.query_number, given.code, request.remote_addr or "", moment.now())
    told = receipts.receipt(db.session(), case_id, given)
    return send_file(
        io.BytesIO(receipts.file(told)), receipts.MIME, as_attachment=True, etag=False,
        download_name=f"{receipts.TITLE}.docx",
    )  # fmt: skip


# -- the pages -----------------------------------------------------------------------------------


def _page(form: ApplyForm, of: Organs) -> str:
    return render_template(
        "counter/apply.html", form=form, organs=of, organ=form.organ(of) or of.head or of.opened[0].office,
        mails=bool(_settings().smtp_url), **HERE,
    )  # fmt: skip


def _review(form: ApplyForm, of: Organs) -> str:
    sending = form if isinstance(form, SendForm) else SendForm()
    return render_template(
        "counter/review.html", form=sending, told=form.told(form.organ(of)), carried=form.carried(),
        several=form.seems_several(), largest=headers.LARGEST, matching=find.matching(form.wanted()),
    )  # fmt: skip


def _again() -> str:
    """The form with what was typed, from whichever of the two pages it came."""
    of, form = organs(db.session()), ApplyForm()
    form.choose_from(of)
    return _page(form, of) if of.opened else _closed(of.closed, form.wanted())


def _receipt(taken: Taken | None) -> Any:
    told = receipts.receipt(db.session(), taken.case_id, taken.given) if taken else None
    return render_template(
        "counter/receipt.html",
        told=told,
        lines=told and receipts.rows(told),
        once=receipts.ONCE,
        grouped=tickets.grouped,
    )


def _closed(offices: Sequence[Office], typed: str = "") -> str:
    return render_template("counter/closed.html", offices=offices, typed=typed)
