"""台账: a ledger comes in, checked first and then all or nothing; and goes out as csv or workbook."""

from __future__ import annotations

from io import TextIOWrapper
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask import send_file as send
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField
from wtforms.validators import ValidationError

from .. import moment
from ..db import db
from ..ledger import uploads
from ..ledger.columns import LEDGER, PROCEEDINGS
from ..ledger.load import Import, Report, import_file
from ..ledger.read import SUFFIXES
from ..ledger.write import Export, to_csv, to_xlsx
from ..reports.sheets import MIME
from ..reports.year import years_with_data
from . import access, exports
from .access import allow
from .forms import Form

bp = Blueprint("ledger", __name__, url_prefix="/ledger")

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE  # of one file
SHOWN = 200  # problems on the page


class _Table:
    """An uploaded table: a file we read, and not too large."""

    def __init__(self, missing: str = "") -> None:
        self.missing = missing

    def __call__(self, form: Any, field: Any) -> None:
        upload = field.data
        if not upload:
            if self.missing:
                raise ValidationError(self.missing)
            return
        if PurePath(upload.filename).suffix.lower() not in SUFFIXES:
            raise ValidationError("只读 .csv 和 .xlsx 文件")
        if _size(upload) > LARGEST:
            raise ValidationError(
                f"文件太大（{_size(upload) // MEGABYTE} 兆），最多 {LARGEST // MEGABYTE} 兆；按年度分开上传"
            )


class UploadForm(Form):
    """What to check."""

    ledger = FileField(
        "台账文件", [_Table("选择台账文件")], description=".csv（UTF-8 或 GB18030）或者 .xlsx，最多 20 兆"
    )
    proceedings = FileField(
        "复议诉讼文件",
        [_Table()],
        description="台账是 .csv 又有复议、诉讼的，单独一个文件；.xlsx 放在同一文件的“复议诉讼”表",
    )


class CommitForm(Form):
    """Which checked file to take in."""

    token = HiddenField()


@bp.get("")
@allow(*access.DESK)
def page() -> Any:
    """Upload, and download."""
    return _page(UploadForm())


@bp.post("/check")
@allow(*access.DESK)
def check() -> Any:
    """Every problem by row and column, or what would come in and a button for it; writes nothing."""
    form = UploadForm()
    if not form.validate():
        return _page(form), 422
    instance = Path(current_app.instance_path)
    uploads.sweep(instance, moment.now())
    suits = _named(form.proceedings.data) if form.proceedings.data else None
    token, kept = uploads.keep(instance, access.me().id, _named(form.ledger.data), suits)
    report = _imported(kept, dry_run=True)
    report.file = PurePath(form.ledger.data.filename).name
    if report.errors:
        kept.drop()
        return _checked(report), 422
    return _checked(report, CommitForm(formdata=None, token=token))


@bp.post("/commit")
@allow(*access.DESK)
def commit() -> Any:
    """Take in the checked file: all of it, or nothing where something changed since."""
    form = CommitForm()
    kept = uploads.find(Path(current_app.instance_path), access.me().id, form.token.data or "")
    if kept is None:
        flash("这份台账已经导入，或者放得太久已经删除；需要的话重新上传", "warning")
        return redirect(url_for("ledger.page"))
    report = _imported(kept, dry_run=False)
    kept.drop()
    if report.errors:
        return _checked(report), 422
    suits = f"，复议诉讼 {report.proceedings_added} 件" if report.proceedings_added else ""
    flash(
        f"导入了 {report.added} 件{suits}；已在册的 {report.passed_over} 件没有变动"
        + (f"；{report.later}" if report.later else "")
    )
    return redirect(url_for("ledger.page"))


@bp.post("/export.csv")
@allow(*access.DESK)
def export_csv() -> Response:
    """The ledger as csv."""
    export = _export()
    return _csv(export, LEDGER.columns, export.rows(), "台账")


@bp.post("/proceedings.csv")
@allow(*access.DESK)
def export_proceedings() -> Response:
    """复议 and 诉讼 as csv: the second file of a csv ledger."""
    export = _export()
    return _csv(export, export.proceeding_columns(), export.proceedings(), PROCEEDINGS.title)


@bp.post("/export.xlsx")
@allow(*access.DESK)
def export_xlsx() -> Response:
    """The ledger as a workbook with both sheets."""
    export = _export()
    file = TemporaryFile()  # noqa: SIM115  (closed when it has been sent)
    return _sent(export, file, to_xlsx(export, file), "台账", "xlsx", MIME)


# -- what the views share ------------------------------------------------------------------------


def _page(form: UploadForm) -> str:
    years = sorted({*years_with_data([access.me().office_id]), access.today().year}, reverse=True)
    left_out = Export(db.session(), access.me().office_id).left_out()
    return render_template(
        "ledger/page.html", form=form, years=years, columns=LEDGER.columns, left_out=left_out
    )


def _checked(report: Report, form: CommitForm | None = None) -> str:
    return render_template("ledger/checked.html", r=report, form=form, shown=SHOWN)


def _imported(kept: uploads.Kept, dry_run: bool) -> Report:
    me = access.me()
    with kept.opened() as (ledger, proceedings):
        return import_file(
            Import(
                ledger, access.today(), moment.now(), office=me.office.code,
                proceedings=proceedings, actor_id=me.id, dry_run=dry_run,
            )
        )  # fmt: skip


def _size(upload: FileStorage) -> int:
    upload.stream.seek(0, 2)
    size = upload.stream.tell()
    upload.stream.seek(0)
    return size


def _named(upload: FileStorage) -> uploads.Upload:
    return PurePath(upload.filename or "").suffix.lower(), upload.read()


def _export() -> Export:
    typed = request.form.get("year", "")
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        abort(404)
    return Export(db.session(), access.me().office_id, int(typed) if typed else None)


def _csv(export: Export, columns: Any, rows: Any, title: str) -> Response:
    file = TemporaryFile()  # noqa: SIM115  (closed when it has been sent)
    out = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    count = to_csv(out, columns, rows)
    out.detach()
    return _sent(export, file, count, title, "csv", "text/csv")


def _sent(export: Export, file: IO[bytes], rows: int, title: str, suffix: str, mime: str) -> Response:
    """The whole file; that it goes, and how much of it, is noted first."""
    exports.note(title, suffix, year=export.year, rows=rows)
    file.seek(0)
    year = f"-{export.year}" if export.year else ""
    name = f"{title}-{access.me().office.code}{year}-{access.today()}.{suffix}"
    return send(file, mimetype=mime, as_attachment=True, download_name=name)
