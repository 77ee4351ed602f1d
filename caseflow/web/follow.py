"""查询进度: the applicant's own pages, by 查询号 and 查询码; nothing of a request is told without both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Any, cast

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, session, url_for

from .. import moment
from ..counter import acts, following, tickets
from ..counter.acts import Applicant
from ..db import db
from ..files import store
from ..files.types import TYPES, base_name, media_of
from ..law.letters import BY_CODE as LETTERS
from ..letters.preview import blocks
from ..models import Letter, Ticket
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages.errors import Refused
from . import access, headers
from .access import PUBLIC, View, allow
from .follow_forms import ACTS, EnterForm

bp = Blueprint("follow", __name__, url_prefix="/apply")

WORTH_KEEPING = 5  # characters of typed text from which on it is handed back
VISIT = "visit"  # in the cookie: the token of a visit


def visited(view: View) -> View:
    """Only within a visit; anybody else is asked for number and code."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        ticket = tickets.visiting(db.session(), str(session.get(VISIT, "")), moment.now())
        if ticket is None:
            return _ask_again() if request.method == "POST" else redirect(url_for("follow.status"))
        g.ticket, g.folder = ticket, _opened(ticket)
        return view(*args, **kwargs)

    return cast(View, enter)


def _ask_again() -> Any:
    """The visit is over, and somebody sends what they typed meanwhile: it is handed back."""
    flash("没有保存：查询已经结束，重新输入查询号、查询码以后再提交；文件要重新选", "warning")
    typed = [
        text for name, text in request.form.items() if name != "csrf_token" and len(text) >= WORTH_KEEPING
    ]
    return _enter(EnterForm(formdata=None), typed), 400


def _enter(form: EnterForm, typed: Sequence[str] = ()) -> str:
    return render_template("counter/enter.html", form=form, wait=tickets.TRIES_PER_NUMBER, typed=typed)


@bp.get("/status")
@allow(PUBLIC)
def status() -> Any:
    """The request of this visit; without one, the two fields."""
    ticket = tickets.visiting(db.session(), str(session.get(VISIT, "")), moment.now())
    if ticket is None:
        return _enter(EnterForm())
    folder = _opened(ticket)
    told = following.follow(db.session(), folder, ticket, access.today())
    return render_template(
        "counter/status.html",
        told=told,
        folder=folder,
        number=tickets.grouped(ticket.query_number),
        ticket=ticket,
    )


@bp.post("/status")
@allow(PUBLIC)
def enter() -> Any:
    """Begin a visit, or say that number or code is wrong; signin.Throttled is answered by its error page."""
    form = EnterForm()
    if not form.validate():
        return _enter(form), 422
    try:
        entered = tickets.enter(
            form.number.data or "", form.code.data or "", request.remote_addr or "", moment.now()
        )
    except Refused as refused:
        form.refuse(refused)
        return _enter(form), 422
    if before := session.get(VISIT):
        tickets.leave(str(before))
    session[VISIT] = entered
    return redirect(url_for("follow.status"))


@bp.post("/leave")
@allow(PUBLIC)
def leave() -> Any:
    """End the visit, copies of its cookie included."""
    tickets.leave(str(session.pop(VISIT, "")))
    flash("已经退出查询")
    return redirect(url_for("follow.status"))


@bp.get("/letters/<int:letter_id>")
@allow(PUBLIC)
@visited
def letter(letter_id: int) -> Any:
    """A letter that was opened, to be read."""
    row = _letter(letter_id, opened=True)
    return render_template(
        "counter/letter.html", letter=row, kind=LETTERS[row.kind], blocks=blocks(_content(row))
    )


@bp.post("/letters/<int:letter_id>")
@allow(PUBLIC)
@visited
def open_letter(letter_id: int) -> Any:
    """Open a letter: that, the first time, is its service."""
    row = _letter(letter_id)
    acts.open_letter(_me(), g.folder, row)
    return redirect(url_for("follow.letter", letter_id=letter_id))


@bp.get("/letters/<int:letter_id>.docx")
@allow(PUBLIC)
@visited
def download(letter_id: int) -> Any:
    """The same as it was issued."""
    row = _letter(letter_id, opened=True)
    name = base_name(f"{LETTERS[row.kind].title} {row.number}.docx")
    return _sent(row.sha256 or "", name, TYPES["docx"].media)


@bp.post("/files/<int:n>")
@allow(PUBLIC)
@visited
def file(n: int) -> Any:
    """A file that was released with the reply."""
    found = {row.n: row for row in following.released(db.session(), g.folder)} if g.ticket.electronic else {}
    if n not in found:
        abort(404)
    sha256, name = found[n].sha256 or "", found[n].name
    acts.open_files(_me(), g.folder)
    kind = media_of(name)
    return _sent(sha256, name, kind.media if kind else "application/octet-stream")


@bp.route("/correct", methods=["GET", "POST"], defaults={"what": "correct"})
@bp.route("/withdraw", methods=["GET", "POST"], defaults={"what": "withdraw"})
@bp.route("/reasons", methods=["GET", "POST"], defaults={"what": "reasons"})
@bp.route("/contact", methods=["GET", "POST"], defaults={"what": "contact"})
@allow(PUBLIC)
@visited
def act(what: str) -> Any:
    """The page of an act of the applicant; what was sent is done, or refused at its field."""
    page = ACTS[what]
    if page.act not in following.may(g.folder, access.today()):
        flash("按现在的情况，这一步不能办", "warning")
        return redirect(url_for("follow.status"))
    form, status = page.form(), 200
    if request.method == "GET":
        form.prepare(g.folder)
    else:
        status = 422
        if form.validate():
            try:
                page.do(_me(), form)
                tickets.stay(str(session.get(VISIT, "")), moment.now())
                flash(page.done, "success")
                return redirect(url_for("follow.status"))
            except Refused as refused:
                form.refuse(refused)
                if page.act not in following.may(
                    _opened(g.ticket), access.today()
                ):  # in another window, or twice
                    flash("这一步刚才已经办过", "warning")
                    return redirect(url_for("follow.status"))
    told = page.note or following.follow(db.session(), _opened(g.ticket), g.ticket, access.today()).told
    return render_template(
        "counter/act.html", what=what, page=page, form=form, told=told, largest=headers.LARGEST
    ), status


def _opened(ticket: Ticket) -> Folder:
    case = casefolder.found(db.session(), ticket.case_id)
    if case is None:
        abort(404)
    return casefolder.open_folder(case, access.calendar())


def _me() -> Applicant:
    return acts.applicant(g.folder.case, moment.now(), access.today(), access.calendar())


def _letter(letter_id: int, opened: bool = False) -> Letter:
    """A letter of this request that stands at the counter, opened already where that is asked for; else a 404."""
    row = db.session.get(Letter, letter_id)
    if row is None or row.case_id != g.ticket.case_id or not g.ticket.electronic:
        abort(404)
    served = {one.id: one for one in following.letters(db.session(), g.folder, access.today())}
    if letter_id not in served or (opened and served[letter_id].opened_at is None):
        abort(404)
    return row


def _content(row: Letter) -> bytes:
    try:
        with store.open_kept(row.sha256 or "") as content:
            return content.read()
    except store.Missing:
        abort(404, "这份文书在服务器上找不到了，请联系本机关")


def _sent(sha256: str, name: str, media: str) -> Any:
    try:
        content = store.open_kept(sha256)
    except store.Missing:
        abort(404, "这份文件在服务器上找不到了，请联系本机关")
    return send_file(
        content, mimetype=media, as_attachment=True, download_name=name, conditional=False, etag=False
    )
