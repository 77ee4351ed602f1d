"""材料: the files of a case, put in and handed out; never shown inline but for PDF and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from wtforms import BooleanField, MultipleFileField

from .. import moment
from ..db import db
from ..files import store
from ..files.types import ENDINGS, LARGEST, media_of
from ..law import guards
from ..law.words import with_weekday
from ..models import Case, Document
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..stages import papers
from ..stages.errors import Changed, Refused
from ..stages.papers import KINDS, Upload
from . import access, forms
from .access import allow
from .act_forms import ActForm

bp = Blueprint("papers", __name__)

MEGABYTE = 2**20


class FilesForm(ActForm):
    """Files of one kind, several at once."""

    kind = forms.select("种类", KINDS, "选择材料的种类", blank="选择种类")
    files = MultipleFileField(
        "文件", description=f"可以一次选几个，每个不超过 {LARGEST // MEGABYTE} MB；只收 {ENDINGS}"
    )
    released = BooleanField("已随答复提供给申请人")
    desk_only = BooleanField("只给经办人、负责人看，监督员不看")
    note = forms.area("说明", "note")

    def uploads(self) -> list[Upload]:
        """What was sent; a field left empty sends one file without a name."""
        return [Upload(f.filename, f.stream) for f in self.files.data or () if getattr(f, "filename", "")]


@dataclass(frozen=True)
class Shown:
    """One file of the list."""

    n: int
    kind: str
    name: str
    size: str  # "" once it was masked
    day: str
    who: str
    marks: list[str]
    void: bool


@bp.get("/cases/<int:case_id>/files")
@allow(*access.READERS)
def page(case_id: int) -> Any:
    """The files of a case, and the form for more."""
    folder = casefolder.open_folder(access.my_case(case_id), access.calendar())
    form = FilesForm(formdata=None)
    form.seen.data = str(folder.case.seq)
    form.kind.data = wanted if (wanted := request.args.get("kind", "")) in KINDS else None
    return _show(folder, form)


@bp.post("/cases/<int:case_id>/files")
@allow(*access.DESK)
def add(case_id: int) -> Any:
    """Put files in: all of them, or none with the reason."""
    access.my_case(case_id)
    form, status = FilesForm(), 422
    if form.validate():
        try:
            papers.add_files(
                access.my_work(), case_id, form.last_seen(), form.uploads(), form.kind.data, form.note.data,
                desk_only=bool(form.desk_only.data), released=bool(form.released.data),
            )  # fmt: skip
            flash(f"已存入 {len(form.uploads())} 件", "success")
            return redirect(url_for("papers.page", case_id=case_id))
        except Refused as refused:
            form.refuse(refused)
        except Changed as changed:
            form.seen.data, status = str(changed.seq), 409
            form.form_errors.append("这件刚刚有人办过，看过下面的列表以后，再选一次文件、再点一次“存入”")
    return _show(casefolder.open_folder(access.my_case(case_id), access.calendar()), form), status


@bp.get("/cases/<int:case_id>/files/<int:n>")
@allow(*access.READERS)
def download(case_id: int, n: int) -> Any:
    """One file, under its own name; in the browser only what can do no harm there."""
    row = next((d for d in _mine(access.my_case(case_id)) if d.n == n), None)
    if row is None:
        abort(404)
    if row.sha256 is None:
        abort(410, "这份材料已经随个人信息隐去，内容不再保存；案件的记录和统计都还在")
    try:
        content = store.open_kept(row.sha256)
    except store.Missing:
        abort(404, "这个文件在服务器上找不到了，请告诉系统管理员从备份恢复")
    kind = media_of(row.name)
    inline = bool(kind and kind.inline)
    return send_file(
        content, mimetype=kind.media if kind else "application/octet-stream",
        as_attachment=not inline, download_name=row.name, conditional=False, etag=False,
    )  # fmt: skip


def _mine(case: Case) -> list[Document]:
    """The files that this person may see."""
    rows = papers.of_case(db.session(), case)
    return [row for row in rows if not row.desk_only or access.me().role in access.DESK]


def listed(folder: Folder, today: date) -> list[Shown]:
    """The files in the order of the folder; what was declared void keeps its line."""
    gone = folder.void_files
    rows = _mine(folder.case)
    return [
        Shown(
            row.n, KINDS[row.kind], row.name, size_words(row.stored.size) if row.stored else "",
            with_weekday(moment.local(row.added_at).date(), today), folder.names.get(row.added_by or 0, ""),
            [w for w, on in (("已提供给申请人", row.released), ("监督员不看", row.desk_only)) if on],
            row.n in gone,
        )
        for row in rows
    ]  # fmt: skip


def size_words(size: int) -> str:
    """1.2 MB, 340 KB; never 0."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"


def _show(folder: Folder, form: FilesForm) -> str:
    return render_template(
        "cases/papers.html", case=folder.case, form=form, files=listed(folder, access.today()),
        refused=guards.refusal(access.before(folder), "add_files"), largest=LARGEST,
    )  # fmt: skip
