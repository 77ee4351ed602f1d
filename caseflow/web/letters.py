"""文书: the official letters of a case: what can be issued, how it reads, what was issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select

from .. import moment
from ..db import db
from ..files import store
from ..files.types import TYPES, base_name
from ..law import guards
from ..law.issuing import Offer, offers
from ..law.letters import BY_CODE, RECIPIENTS
from ..law.letters import Letter as Kind
from ..law.words import with_weekday
from ..letters.preview import Block, blocks
from ..models import Letter, LetterOpening
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages import letter_facts, letters, record
from ..stages.errors import Changed, Refused
from ..stages.letter_facts import Source
from . import access, forms
from .access import allow
from .act_forms import ActForm

bp = Blueprint("letters", __name__)

UNNUMBERED = "（出具时编号）"


@dataclass(frozen=True)
class Line:
    """One issued letter of the list."""

    id: int
    title: str
    number: str
    to: str
    day: str
    opened: str  # when the applicant opened it at the counter
    version: int
    void: bool
    gone: bool  # masked with its case


@dataclass(frozen=True)
class Choice:
    """One letter that can be issued."""

    title: str
    note: str
    href: str
    again: bool


def form_of(kind: Kind) -> type[ActForm]:
    """The form of what only the clerk can say; its fields are a0, a1 … in the order of the table."""
    made = type("LetterForm", (ActForm,), {})
    for place, ask in enumerate(kind.asks):
        setattr(made, f"a{place}", forms.area(ask.name, "letter", description=ask.hint))
    return made


@bp.get("/cases/<int:case_id>/letters")
@allow(*access.READERS)
def page(case_id: int) -> Any:
    """What was issued, and what can be."""
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    found, refused = choices(folder)
    return render_template(
        "cases/letters.html", case=folder.case, issued=issued(folder, access.today()), offers=found,
        refused=refused,
    )  # fmt: skip


@bp.get("/cases/<int:case_id>/letters/<letter>/<int:about>")
@allow(*access.DESK)
def draft(case_id: int, letter: str, about: int) -> Any:
    """The letter as it would read."""
    folder, source = _opened(case_id, letter, about)
    if why := _refusal(folder):
        raise Refused(why)
    form = form_of(source.letter)(formdata=None)
    form.seen.data = str(folder.case.seq)
    before = letters.newest(db.session(), case_id, letter, about)
    said = before.typed if before else letter_facts.suggested(source)
    for place, ask in enumerate(source.letter.asks):
        form[f"a{place}"].data = said.get(ask.name, "")
    return _show(source, form)


@bp.post("/cases/<int:case_id>/letters/<letter>/<int:about>")
@allow(*access.DESK)
def issue(case_id: int, letter: str, about: int) -> Any:
    """Show how it reads with what was typed, or issue it."""
    _, source = _opened(case_id, letter, about)
    form = form_of(source.letter)()
    if not form.validate():
        return _show(source, form), 422
    if "preview" in request.form:
        return _show(source, form)
    try:
        letters.issue(access.my_work(), case_id, form.last_seen(), letter, about, _typed(source.letter, form))
    except Refused as refused:
        _refuse(source.letter, form, refused)
        return _show(source, form), 422
    except Changed as changed:
        form.seen.data = str(changed.seq)
        form.form_errors.append("这件刚刚有人办过，看过以后仍要出具的，再点一次“出具”")
        return _show(source, form), 409
    flash(f"已出具《{source.letter.title}》", "success")
    return redirect(url_for("letters.page", case_id=case_id))


@bp.get("/cases/<int:case_id>/letters/<int:letter_id>.docx")
@allow(*access.READERS)
def download(case_id: int, letter_id: int) -> Any:
    """An issued letter, exactly as it was issued."""
    row = db.session.get(Letter, letter_id)
    if row is None or row.case_id != access.my_case(case_id).id:
        abort(404)
    if row.sha256 is None:
        abort(410, "这份文书已经随个人信息隐去，内容不再保存；文号和案件的记录都还在")
    try:
        content = store.open_kept(row.sha256)
    except store.Missing:
        abort(404, "这份文书在服务器上找不到了，请告诉系统管理员从备份恢复")
    name = base_name(f"{BY_CODE[row.kind].title} {row.number}.docx")
    return send_file(
        content, mimetype=TYPES["docx"].media, as_attachment=True, download_name=name,
        conditional=False, etag=False,
    )  # fmt: skip


def issued(folder: Folder, today: date) -> list[Line]:
    """Every version of every letter of a case, the newest first; one that a later version replaced is void."""
    query = select(Letter, LetterOpening.opened_at).outerjoin(
        LetterOpening, LetterOpening.letter_id == Letter.id
    )
    rows = db.session.execute(query.where(Letter.case_id == folder.case.id).order_by(Letter.id.desc()))
    return [
        Line(
            row.id, BY_CODE[row.kind].title, row.number, RECIPIENTS[BY_CODE[row.kind].to],
            with_weekday(row.issued_on, today), _first_opened(opened, today), row.version, not folder.holds(row),
            row.sha256 is None,
        )
        for row, opened in rows
    ]  # fmt: skip


def _first_opened(at: datetime | None, today: date) -> str:
    if at is None:
        return ""
    there = moment.local(at)
    return f"{with_weekday(there.date(), today)} {there:%H:%M} 申请人在网上打开"


def choices(folder: Folder) -> tuple[list[Choice], str]:
    """The letters that this person can issue now; or none, and why, where the case has some."""
    found = offers(folder.file, _entries(folder)) if access.me().role in access.DESK else []
    if found and (why := _refusal(folder)):
        return [], why
    return [_choice(folder, offer) for offer in found], ""


def _refusal(folder: Folder) -> str:
    return guards.refusal(access.before(folder), "issue_letter")


def _choice(folder: Folder, offer: Offer) -> Choice:
    kind, about = offer.letter, offer.about
    told = (
        f"条例{kind.article} · 致{RECIPIENTS[kind.to]}" if kind.to != "file" else f"条例{kind.article} · 存卷"
    )
    href = url_for("letters.draft", case_id=folder.case.id, letter=kind.code, about=about.seq)
    of = folder.notes.get((about.details.get("note") or {}).get("id", 0))
    party = f" · {of.party}" if of and of.party and kind.to != "applicant" else ""
    return Choice(kind.title, f"{told}{party}", href, offer.issued is not None)


def _entries(folder: Folder) -> list[Any]:
    return [record.entry_of(event) for event in folder.events]


def _opened(case_id: int, kind: str, about: int) -> tuple[Folder, Source]:
    """The case and what the letter is written from; 404 for no letter, 422 for one it can't issue."""
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    if kind not in BY_CODE:
        abort(404)
    if folder.file.masked:
        abort(410, "这件的个人信息已经隐去，不能再出具文书")
    offer = letters.offered(folder.file, _entries(folder), kind, about)
    return folder, Source(
        db.session(),
        folder.case,
        folder.file,
        _entries(folder),
        offer,
        folder.case.office,
        folder.calendar,
        access.today(),
    )


def _typed(kind: Kind, form: ActForm) -> dict[str, str]:
    return {ask.name: form[f"a{place}"].data or "" for place, ask in enumerate(kind.asks)}


def _refuse(kind: Kind, form: ActForm, refused: Refused) -> None:
    """The reason at the field of what was asked, or over the form."""
    names = {ask.name: f"a{place}" for place, ask in enumerate(kind.asks)}
    form.refuse(Refused(refused.reason, names.get(refused.field, "")))


def _read(source: Source, typed: Mapping[str, str]) -> tuple[list[Block], Refused | None]:
    """How the letter reads, or why it can't be written yet."""
    given = source.offer.issued.number if source.offer.issued else UNNUMBERED
    try:
        return blocks(letters.rendered(source, typed, given)), None
    except Refused as refused:
        return [], refused


def _show(source: Source, form: ActForm) -> str:
    said, refused = _read(source, _typed(source.letter, form))
    return render_template(
        "cases/letter.html", case=source.row, letter=source.letter, about=source.about.seq, form=form,
        optional={f"a{n}" for n, ask in enumerate(source.letter.asks) if not ask.needed},
        blocks=said, lacking=refused.reason if refused else "", before=source.offer.issued,
        to=RECIPIENTS[source.letter.to],
    )  # fmt: skip
