"""文书模板: what each letter is written from; an administrator takes it down, edits it in Word, puts it back."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from sqlalchemy import select
from wtforms import FileField

from .. import moment
from ..db import db
from ..files import store
from ..files.types import TYPES
from ..law.letters import BY_CODE, LETTERS, RECIPIENTS, Letter
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.words import with_weekday
from ..letters.package import MAX_BYTES
from ..models import LetterTemplate, Person
from ..stages import letterhead, templates
from ..stages.errors import Refused
from . import access
from .access import allow
from .forms import Form

bp = Blueprint("letter_templates", __name__, url_prefix="/admin/letters")

IN_PROCESS = "办理过程中"  # the group of the letters that tell no result
TITLES = Counter(letter.title for letter in LETTERS)


class UploadForm(Form):
    """A template edited in Word or WPS."""

    file = FileField(
        "改好的模板", description=f"Word 文档（.docx），不超过 {MAX_BYTES >> 20} MB；上传时逐项检查"
    )


@dataclass(frozen=True)
class Version:
    """One version of a template, as a line; 0 is the shipped one."""

    number: int
    words: str
    name: str = ""  # of the uploaded file
    who: str = ""
    day: str = ""


@dataclass(frozen=True)
class Line:
    """One letter, and the version that holds."""

    letter: Letter
    used_for: str
    holds: Version


@bp.get("")
@allow("admin")
def page() -> Any:
    """All letters, by the result they tell."""
    rows = templates.in_force(db.session())
    who = _names(rows.values())
    groups: dict[str, list[Line]] = {}
    for letter in LETTERS:
        group = OUTCOMES[letter.result].group if letter.result else IN_PROCESS
        line = Line(letter, _used_for(letter), _version(rows.get(letter.code), who))
        groups.setdefault(group, []).append(line)
    lacking = letterhead.lacking(letterhead.data_of(access.me().office))
    return render_template("admin/letters.html", groups=groups, lacking=lacking)


@bp.get("/<letter>")
@allow("admin")
def letter(letter: str) -> Any:
    """One letter: its versions, what it may say, and a way to another one."""
    return _letter(_find(letter), UploadForm(formdata=None))


@bp.post("/<letter>")
@allow("admin", for_all=True)
def upload(letter: str) -> Any:
    """Put a template in force, or say all that is wrong with it."""
    found, form = _find(letter), UploadForm()
    file = form.file.data if form.validate() else None
    name, content = getattr(file, "filename", ""), getattr(file, "stream", io.BytesIO())
    try:
        version = templates.upload(access.me().id, moment.now(), letter, name, content)
    except Refused as refused:
        form.file.errors = refused.reason.splitlines()
        return _letter(found, form), 422
    flash(f"第 {version} 版已经启用，以后出具的《{found.title}》按它写")
    return redirect(url_for("letter_templates.letter", letter=letter))


@bp.post("/<letter>/shipped")
@allow("admin", for_all=True)
def back_to_shipped(letter: str) -> Any:
    """The shipped template again."""
    found = _find(letter)
    try:
        templates.back_to_shipped(access.me().id, moment.now(), letter)
    except Refused as refused:
        flash(refused.reason, "warning")
    else:
        flash(f"《{found.title}》改回了随软件提供的模板，上传过的各版都还在")
    return redirect(url_for("letter_templates.letter", letter=letter))


@bp.get("/<letter>/<int:version>")
@allow("admin")
def download(letter: str, version: int) -> Any:
    """One version as a file, named by the title of the letter."""
    found = _find(letter)
    try:
        content = templates.version_of(db.session(), letter, version)
    except store.Missing:
        abort(404, "这一版模板在服务器上找不到了，请从备份恢复，或者改回随软件提供的模板")
    return send_file(
        io.BytesIO(content), mimetype=TYPES["docx"].media, as_attachment=True,
        download_name=f"{_name(found)}.docx", conditional=False, etag=False,
    )  # fmt: skip


def _find(code: str) -> Letter:
    if code not in BY_CODE:
        abort(404)
    return BY_CODE[code]


def _name(letter: Letter) -> str:
    """The title; where several letters have the same, with what it is for."""
    if TITLES[letter.title] == 1:
        return letter.title
    return f"{letter.title}（{_used_for(letter)}）"


def _used_for(letter: Letter) -> str:
    """Which result it tells, or whom it goes to."""
    if letter.result:
        outcome = OUTCOMES[letter.result]
        return outcome.item or outcome.group
    return RECIPIENTS[letter.to] if letter.to == "file" else f"发给{RECIPIENTS[letter.to]}"


def _names(rows: Iterable[LetterTemplate]) -> dict[int, str]:
    ids = {row.uploaded_by for row in rows}
    return {p.id: p.name for p in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def _version(row: LetterTemplate | None, who: dict[int, str]) -> Version:
    if row is None:
        return Version(templates.SHIPPED, "随软件提供")
    words = f"第 {row.version} 版" if row.sha256 else f"第 {row.version} 版：改回随软件提供的"
    day = with_weekday(moment.local(row.uploaded_at).date(), access.today())
    return Version(row.version, words, row.name, who.get(row.uploaded_by or 0, ""), day)


def _letter(found: Letter, form: UploadForm) -> str:
    rows = templates.history(db.session(), found.code)
    who = _names(rows)
    return render_template(
        "admin/letter.html", letter=found, name=_name(found), used_for=_used_for(found), form=form,
        versions=[*(_version(row, who) for row in rows), _version(None, who)],
        own=bool(rows and rows[0].sha256), may_use=sorted(found.may_use - {*found.bears}),
    )  # fmt: skip
