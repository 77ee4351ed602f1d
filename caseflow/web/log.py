"""审计: the two logs for the 审计管理员, read and exported by person, case and day; and the signed head."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from sqlalchemy import or_, select
from wtforms import StringField

from .. import moment
from ..db import db, transaction
from ..law.words import in_full, with_weekday
from ..ledger.read_csv import guarded
from ..models import Case, Person
from ..reports import log
from ..reports.offices import tree
from ..stages import audit
from ..upkeep import heads
from . import access
from .access import allow
from .forms import Clean, Form, day, strip
from .forms import select as choice

bp = Blueprint("log", __name__, url_prefix="/audit")

LOGS = {"entries": "安全审计", "acts": "办件经过"}
HEAD = ("时间", "人员", "做了什么", "办件", "事情日期", "来自", "说明")


class AskForm(Form):
    """By whom, on which case, what, from which day to which."""

    class Meta(Form.Meta):
        csrf = False  # it only reads

    who = StringField("用户名或者姓名", [Clean(64)], filters=[strip])
    case = StringField("登记编号", [Clean(40)], filters=[strip])
    what = choice("做了什么", {"": "全部"} | audit.WHAT)
    first = day("从", name="from")
    last = day("到", name="to")


@dataclass(frozen=True)
class Found:
    """What was asked for: the form, its question, None where it can't be answered."""

    form: AskForm
    ask: log.Ask | None


@bp.get("", defaults={"which": "entries"})
@bp.get("/<which>")
@allow("auditor")
def page(which: str) -> Any:
    """One of the logs, newest first."""
    found = _asked(which)
    shown = log.page(which, found.ask, access.number(request.args, "before") or 0) if found.ask else None
    here: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before" and value}
    return render_template(
        "audit/log.html",
        which=which,
        logs=[(label, url_for("log.page", which=code), code) for code, label in LOGS.items()],
        form=found.form,
        lines=[_line(told) for told in shown.lines] if shown else [],
        older=url_for("log.page", **here, which=which, before=shown.older) if shown and shown.older else None,
        newest=url_for("log.page", **here, which=which) if "before" in request.args else None,
        file=url_for("log.export", **here, which=which),
        filtered=bool(here),
    ), 200 if found.ask else 422


@bp.post("/<which>.csv")
@allow("auditor")
def export(which: str) -> Response:
    """All that was asked for as a file; that it was taken is noted as well."""
    ask = _asked(which).ask
    if ask is None:
        abort(404)
    with transaction() as session:
        audit.note(session, "log_read", kind=LOGS[which], form="csv")
    file = TemporaryFile()  # noqa: SIM115  (closed when it has been sent)
    out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows(_cells(log.whole(which, ask)))
    out.detach()
    file.seek(0)
    name = f"{LOGS[which]}-{access.me().office.code}-{access.today()}.csv"
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)


@bp.get("/head")
@allow("auditor")
def head() -> Any:
    """Where every chain stands now, to be printed or put away."""
    signed = heads.sign(moment.now())
    made = moment.local(datetime.fromisoformat(signed.made_at))
    return render_template("audit/head.html", head=signed, made=f"{in_full(made.date())} {made:%H:%M:%S}")


@bp.post("/head.json")
@allow("auditor")
def head_file() -> Response:
    """The same as a file for ``caseflow verify --head``; noted, with its digest."""
    signed = heads.sign(moment.now())
    with transaction() as session:
        audit.note(session, "head_signed", digest=signed.digest)
    name = f"链头-{access.today()}.json"
    answer = Response(signed.as_json(), mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


# -- what is asked for ---------------------------------------------------------------------------


def _asked(which: str) -> Found:
    if which not in LOGS:
        abort(404)
    form = AskForm(request.args)
    if which == "acts":
        del form.what
    ids = tree(access.me().office_id, with_subordinates=True).ids(access.me().office_id, True)
    valid = form.validate()
    who, case = _person(form, ids), _case(form, ids)
    if not valid or who is None or case is None:
        return Found(form, None)
    since, until = _start(form.first.data), _start(form.last.data, 1)
    strangers = access.me().office.parent_id is None
    what = form.what.data if "what" in form else ""
    return Found(form, log.Ask(ids, strangers, who or None, case or None, what or "", since, until))


def _person(form: AskForm, ids: Iterable[int]) -> int | None:
    """Whose; 0 for everybody's, None for a name that nobody has."""
    if not form.who.data or form.who.errors:
        return 0
    named = or_(Person.username == form.who.data.lower(), Person.name == form.who.data)
    found = db.session.scalars(select(Person.id).where(Person.office_id.in_(ids), named).limit(2)).all()
    if len(found) != 1:
        why = "不止一个人叫这个名字，写用户名" if found else "没有这个人，核对用户名或者姓名"
        form.who.errors = [*form.who.errors, why]
        return None
    return found[0]


def _case(form: AskForm, ids: Iterable[int]) -> int | None:
    """Which; 0 for all, None for a number that no case has."""
    if not form.case.data or form.case.errors:
        return 0
    numbered = select(Case.id).where(Case.office_id.in_(ids), Case.number == form.case.data)
    found = db.session.scalars(numbered.limit(2)).all()
    if len(found) != 1:
        why = "不止一个机关有这个编号" if found else "没有这个编号的办件"
        form.case.errors = [*form.case.errors, why]
        return None
    return found[0]


def _start(typed: date | None, later: int = 0) -> datetime | None:
    """The first moment of a day by the office's clock, or of the day after it."""
    if typed is None:
        return None
    return datetime.combine(typed + timedelta(days=later), time(), moment.ZONE)


# -- as it is shown ------------------------------------------------------------------------------


def _moment(at: datetime) -> str:
    local = moment.local(at)
    return f"{with_weekday(local.date(), access.today())} {local:%H:%M:%S}"


def _line(told: log.Told) -> dict[str, str]:
    on = with_weekday(told.on, access.today()) if told.on else ""
    return {**vars(told), "at": _moment(told.at), "on": on}


def _cells(lines: Iterable[log.Told]) -> Iterable[list[str]]:
    for told in lines:
        at = f"{moment.local(told.at):%Y-%m-%d %H:%M:%S}"
        on = told.on.isoformat() if told.on else ""
        cells = [at, told.who, told.what, told.case, on, told.address, told.details]
        yield [guarded(cell) for cell in cells]
