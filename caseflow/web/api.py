"""网站接口: for government websites with a form of their own, and for whoever reads what is public anyway.

Programs ask, so nothing here knows a cookie, and no page of another website can send what counts: a request needs the
token of its site in a header of its own. That is why these views are exempt from the tokens of our forms.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from .. import moment
from ..closing.sign import newest
from ..config import Settings
from ..counter import applications, following, receipts, sites, tickets
from ..counter.applications import Asked, Taken
from ..counter.organs import Organs, organs
from ..counter.sites import Caller
from ..db import db, transaction
from ..models import Office, Ticket
from ..reports import casefolder
from ..stages import audit, offices, signin
from ..stages.errors import Refused, Twice
from ..stages.signin import Throttled
from . import access, api_document, api_schema, errors
from .access import PUBLIC, View, allow
from .api_schema import ApiForm
from .problems import Problem, dumped

bp = Blueprint("api", __name__, url_prefix="/api/v1")

WRONG_TRIES = 200  # of number and code, of one website in a quarter of an hour
KEY = re.compile(r"[!-~]{1,100}")


@bp.errorhandler(Problem)
def _problem(problem: Problem) -> Response:
    return problem.response()


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["caseflow"]["settings"])


def of_site(view: View) -> View:
    """Only for a site, by its token; each request counts."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        told = request.authorization
        try:
            if told is None or told.type != "bearer" or not told.token:
                raise sites.NoSite
            g.caller = sites.enter(told.token, moment.now(), _settings().api_limit)
        except sites.NoSite:
            raise Problem(401, sites.WORTH_NOTHING, headers={"WWW-Authenticate": "Bearer"}) from None
        except sites.Disabled:
            raise Problem(403, sites.DISABLED) from None
        except Throttled as error:
            raise _too_many(error, "这个网站发来的请求太多") from None
        by = audit.By(office_id=g.caller.office_id, address=request.remote_addr or "")
        audit.begin(db.session(), by)
        return view(*args, **kwargs)

    return cast(View, enter)


def counted(view: View) -> View:
    """For everybody, so often from one address."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        of = signin.subject("read", request.remote_addr or "")
        try:
            with transaction() as session:
                signin.take(session, {of: _settings().api_limit}, moment.now())
        except Throttled as error:
            raise _too_many(error, "这个网络地址发来的请求太多") from None
        return view(*args, **kwargs)

    return cast(View, enter)


def _too_many(error: Throttled, said: str) -> Problem:
    minute, headers = errors.again_at(error)
    return Problem(429, f"{said}，请在 {minute} 以后再试", headers=headers)


def answered(body: Any, status: int = 200, headers: Any = None) -> Response:
    """JSON as it goes out."""
    return Response(dumped(body), status, headers=headers, mimetype="application/json")


@bp.get("/openapi.json")
@allow(PUBLIC)
def document() -> Any:
    """The OpenAPI document."""
    return answered(api_document.document(f"{request.script_root}{bp.url_prefix}"))


# -- requests --------------------------------------------------------------------------------------


@bp.post("/requests")
@allow(PUBLIC)
@of_site
def register() -> Any:
    """Take a request in; the answer is the only one that ever tells the code."""
    caller, told, key = _caller(), _sent(), _key()
    organ, asked = _asked(told, organs(db.session()), caller)
    now, today = moment.now(), access.today()
    way, page = sites.through(caller, key, json.dumps(told, sort_keys=True).encode(), today)
    try:
        taken = applications.apply(organ.id, asked, now, today, {}, page, way)
    except Refused as refused:
        raise _refused({refused.field: [refused.reason]}) from None
    except Twice as twice:
        before = sites.as_before(twice, way)
        if before is None:
            raise Problem(409, "这个 Idempotency-Key 已经用在别的内容上，或者查询码后来重新给过") from None
        return _receipt(before, 200)
    return _receipt(taken, 201)


def _caller() -> Caller:
    return cast(Caller, g.caller)


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
        raise _refused({name: [why] for name, why in faults.items()})
    return told


def _key() -> str:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise _refused({"Idempotency-Key": ["1 到 100 个字母、数字、符号，没有空格"]})
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
        raise _refused({name or "": said for name, said in form.errors.items()})
    identity, attachments = (api_schema.uploads(told, name) for name in ("identity", "attachments"))
    return organ, replace(form.asked(), identity=identity, attachments=attachments)


def _refused(found: dict[str, list[str]]) -> Problem:
    """What is wrong at no field in particular stands in the detail."""
    general = "；".join(found.pop("", ()))
    return Problem(422, general, found)


def _receipt(taken: Taken, status: int) -> Response:
    told = receipts.receipt(db.session(), taken.case_id, taken.given)
    case = casefolder.found(db.session(), taken.case_id)
    if case is None:
        abort(404)
    body = {
        "number": told.query_number,
        "code": told.code,
        "office": _office(case.office),
        "registration_number": told.number,
        "submitted": told.submitted.isoformat(),
        "next": list(told.next),
        "status_page": _status_page(),
    }
    return answered(body, status, {"Location": url_for("api.follow", number=told.query_number)})


def _status_page() -> str:
    """Where applicants follow their request themselves: by the address of the counter, where it is set."""
    path = url_for("follow.status")
    public = _settings().public_url
    return f"{public}{path.removeprefix(request.script_root)}" if public else path


def _office(office: Office) -> dict[str, str]:
    return {"code": office.code, "name": office.name}


@bp.get("/requests/<number>")
@allow(PUBLIC)
@of_site
def follow(number: str) -> Any:
    """Where a request stands, for whoever has its number and its code. The try is counted, so this GET writes."""
    code = request.headers.get("X-Query-Code", "")
    if not code:
        raise _refused({"X-Query-Code": ["写上查询码"]})
    try:
        case_id = tickets.checked(number, code, request.remote_addr or "", moment.now(), WRONG_TRIES)
    except Refused as refused:
        raise Problem(404, refused.reason) from None
    case, ticket = casefolder.found(db.session(), case_id), db.session.get(Ticket, case_id)
    if case is None or ticket is None:
        abort(404)
    folder = casefolder.open_folder(case, access.calendar())
    told = following.follow(db.session(), folder, ticket, access.today())
    due = folder.clock.due if folder.clock and told.due else None
    return answered({
        "number": ticket.query_number,
        "office": _office(case.office),
        "registration_number": case.number,
        "stage": told.stage,
        "told": told.told,
        "due": due.isoformat() if due else None,
        "due_told": f"{told.due}，{told.due_why}" if told.due else "",
        "steps": [{"day": day, "what": what} for day, what in told.steps],
        "letters": [{"title": one.title, "number": one.number, "day": one.day} for one in told.letters],
        "remedy": told.remedy,
        "status_page": _status_page(),
    })  # fmt: skip


# -- what is public --------------------------------------------------------------------------------


@bp.get("/years/<int:year>")
@allow(PUBLIC)
@counted
def year(year: int) -> Any:
    """Tables 3 and 4 of a year as they were signed last; a year that isn't signed is not there."""
    office = _asked_of()
    limits = api_document.YEARS
    within = limits["minimum"] <= year <= limits["maximum"]  # type: ignore[operator]
    signed = newest(db.session(), office.id, year) if office and within else None
    if signed is None:
        raise Problem(404, "这一年的年报表还没有签发，或者没有这个机关")
    return answered(signed.frozen["figures"])


def _asked_of() -> Office | None:
    """The organ of ?office=; without one, the only one with none above it."""
    code = request.args.get("office")
    if code is not None:
        return offices.find(db.session(), code) if offices.CODE.fullmatch(code) else None
    tops = db.session.scalars(select(Office).where(Office.parent_id.is_(None)).limit(2)).all()
    return tops[0] if len(tops) == 1 else None
