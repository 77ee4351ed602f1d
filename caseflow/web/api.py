"""网站接口: for government websites with a form of their own.

Programs ask, so nothing here knows a cookie, and no page of another website can send what counts: a request needs the
token of its site in a header of its own. That is why these views are exempt from the tokens of our forms.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.datastructures import MultiDict

from .. import moment
from ..counter import applications, following, receipts, sites, tickets
from ..counter.applications import Asked, Taken
from ..counter.organs import Organs, organs
from ..counter.sites import Caller
from ..db import db
from ..models import Office, Ticket
from ..reports import casefolder
from ..stages.errors import Refused, Twice
from . import access, api_document, api_schema
from .access import PUBLIC, allow
from .api_schema import ApiForm
from .api_shared import PREFIX, answered, caller_now, counter_address, of_site, refused, told_office
from .problems import Problem

bp = Blueprint("api", __name__, url_prefix=PREFIX)

WRONG_TRIES = 200  # of number and code, of one website in a quarter of an hour
KEY = re.compile(r"[!-~]{1,100}")


@bp.get("/openapi.json")
@allow(PUBLIC)
def document() -> Any:
    """The OpenAPI document."""
    return answered(api_document.document(f"{request.script_root}{PREFIX}"))


# -- requests --------------------------------------------------------------------------------------


@bp.post("/requests")
@allow(PUBLIC)
@of_site
def register() -> Any:
    """Take a request in; the answer is the only one that ever tells the code."""
    caller, told, key = caller_now(), _sent(), _key()
    organ, asked = _asked(told, organs(db.session()), caller)
    now, today = moment.now(), access.today()
    way, page = sites.through(caller, key, json.dumps(told, sort_keys=True).encode(), today)
    try:
        taken = applications.apply(organ.id, asked, now, today, {}, page, way)
    except Refused as why:
        raise refused({why.field: [why.reason]}) from None
    except Twice as twice:
        before = sites.as_before(twice, way)
        if before is None:
            raise Problem(409, "这个 Idempotency-Key 已经用在别的内容上，或者查询码后来重新给过") from None
        return _receipt(before, 200)
    return _receipt(taken, 201)


def _sent() -> dict[str, Any]:
    """The JSON that came. Raises Problem."""
    if request.mimetype != "application/json":
        raise Problem(415)
    try:
        told = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise Problem(400, "请求的内容不是 JSON") from None
    if not isinstance(told, dict):
        raise Problem(400, "请求的内容写成一个 JSON 对象")
    if faults := api_schema.faults(told):
        raise refused({name: [why] for name, why in faults.items()})
    return told


def _key() -> str:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise refused({"Idempotency-Key": ["1 到 100 个字母、数字、符号，没有空格"]})
    return key or ""


def _asked(told: dict[str, Any], of: Organs, caller: Caller) -> tuple[Office, Asked]:
    """The organ and the request, as the form of ours reads them. Raises Problem."""
    form = ApiForm(formdata=MultiDict(api_schema.typed(told)))
    form.choose_from(of)
    # where there is one organ only, the form of ours has it chosen whatever was sent
    form.office.data = told.get("office") or db.session.get_one(Office, caller.office_id).code
    organ = form.organ(of)
    if not form.validate() or organ is None:
        if organ is None and not form.office.errors:
            form.refuse(Refused(applications.CLOSED, "office"))
        raise refused({name or "": said for name, said in form.errors.items()})
    identity, attachments = (api_schema.uploads(told, name) for name in ("identity", "attachments"))
    return organ, replace(form.asked(), identity=identity, attachments=attachments)


def _receipt(taken: Taken, status: int) -> Response:
    told = receipts.receipt(db.session(), taken.case_id, taken.given)
    case = casefolder.found(db.session(), taken.case_id)
    if case is None:
        abort(404)
    body = {
        "number": told.query_number,
        "code": told.code,
        "office": told_office(case.office),
        "registration_number": told.number,
        "submitted": told.submitted.isoformat(),
        "next": list(told.next),
        "status_page": counter_address("follow.status"),
    }
    return answered(body, status, {"Location": url_for("api.follow", number=told.query_number)})


@bp.get("/requests/<number>")
@allow(PUBLIC)
@of_site
def follow(number: str) -> Any:
    """Where a request stands, for whoever has its number and its code. The try is counted, so this GET writes."""
    code = request.headers.get("X-Query-Code", "")
    if not code:
        raise refused({"X-Query-Code": ["写上查询码"]})
    try:
        case_id = tickets.checked(number, code, request.remote_addr or "", moment.now(), WRONG_TRIES)
    except Refused as why:
        raise Problem(404, why.reason) from None
    case, ticket = casefolder.found(db.session(), case_id), db.session.get(Ticket, case_id)
    if case is None or ticket is None:
        abort(404)
    folder = casefolder.open_folder(case, access.calendar())
    told = following.follow(db.session(), folder, ticket, access.today())
    due = folder.clock.due if folder.clock and told.due else None
    return answered({
        "number": ticket.query_number,
        "office": told_office(case.office),
        "registration_number": case.number,
        "stage": told.stage,
        "told": told.told,
        "due": due.isoformat() if due else None,
        "due_told": f"{told.due}，{told.due_why}" if told.due else "",
        "steps": [{"day": day, "what": what} for day, what in told.steps],
        "letters": [{"title": one.title, "number": one.number, "day": one.day} for one in told.letters],
        "remedy": told.remedy,
        "status_page": counter_address("follow.status"),
    })  # fmt: skip
