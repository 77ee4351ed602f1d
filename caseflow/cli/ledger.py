"""Commands that take a ledger (台账) in and give it out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from .. import moment
from ..db import db, transaction
from ..ledger.load import Import, Report, import_file
from ..ledger.read import SUFFIXES
from ..ledger.write import Export, to_file
from ..stages import audit, offices
from ..stages.checks import tells_who
from ..stages.errors import Refused
from . import with_database
from .progress import bar
from .refusals import reason as refusal

FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--office", "code", metavar="CODE", help="Whose ledger it is; a new office is created.")
@click.option("--parent", metavar="CODE", help="The office above a new one.")
@click.option("--proceedings", type=FILE, help="The sheet 复议诉讼 of a csv ledger.")
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
@with_database
def import_ledger(
    file: Path, code: str | None, parent: str | None, proceedings: Path | None, dry_run: bool, shape: str
) -> None:
    """Take in a ledger (台账), csv or xlsx: all rows or none. Exit 1 if any row is wrong."""
    with _progress() as progress:
        work = Import(
            file, moment.today(), moment.now(), code, parent, proceedings,
            dry_run=dry_run, progress=progress,
        )  # fmt: skip
        try:
            report = import_file(work)
        except Refused as refused:
            raise click.UsageError(refused.reason) from refused
    click.echo(
        json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if shape == "json" else told(report)
    )
    sys.exit(1 if report.errors else 0)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar where someone watches, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="读取台账", file=sys.stderr) as bar:

        def show(line: int, total: int) -> None:
            bar.length = max(total, line)
            bar.update(line - bar.pos)

        yield show


def told(report: Report) -> str:
    """The report in words."""
    lines = [str(problem) for problem in report.errors]
    if report.unknown_columns:
        lines.append(f"不认识的列，没有导入：{'、'.join(report.unknown_columns)}")
    if report.unread_sheets:
        lines.append(f"没有读的工作表：{'、'.join(report.unread_sheets)}")
    if report.errors:
        lines.append(f"{report.file}：有 {len(report.errors)} 处要改，一行也没有导入")
        return "\n".join(lines)
    would = "可以导入" if report.dry_run else "导入"
    suits = f"，复议诉讼 {report.proceedings_added} 件" if report.proceedings_added else ""
    done = f"{report.file}：{would} {report.added} 件{suits}，已在册 {report.passed_over} 件"
    return "\n".join([*lines, done + (f"；{report.later}" if report.later else "")])


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--office", "code", metavar="CODE", help="Only this office; else all.")
@click.option("--with-subordinates", is_flag=True, help="Together with all offices under it.")
@click.option("--year", type=click.IntRange(2008, 2100), help="Only requests received in this year.")
@click.option("--full", is_flag=True, help="Certificates and telephones whole; needs --reason.")
@click.option("--reason", default="", help="Why they have to be whole; the second log keeps it.")
@with_database
def export_ledger(
    file: Path, code: str | None, with_subordinates: bool, year: int | None, full: bool, reason: str
) -> None:
    """Write the ledger (台账), csv or xlsx by the name of FILE; importing it again changes nothing.

    Certificate numbers and telephones are masked unless --full says otherwise.

    Requests without a legal day of receipt can't stand in a ledger; they are left out and named.

    Proceedings are the second sheet of an xlsx; beside a csv they stand in FILE-复议诉讼.csv.
    """
    if full and not reason.strip():
        raise click.UsageError("--full 写出完整的证件号码和电话，要用 --reason 写明理由，记入安全审计日志")
    if tells_who(reason):
        raise click.UsageError("--reason 会给审计管理员看到，不写申请人的姓名和号码")
    if file.suffix.lower() not in SUFFIXES:
        raise click.UsageError("文件名以 .csv 或者 .xlsx 结尾")
    office = offices.find(db.session(), code) if code else None
    if code and office is None:
        raise click.UsageError(f"没有机关 {code}")
    with transaction() as session:
        audit.note(session, "exported", full=full, reason=reason.strip(), office=code or "", year=year)
    export = Export(db.session(), office.id if office else None, year, with_subordinates, full)
    try:
        with bar("写出台账", export.total()) as shown:
            count, beside = to_file(replace(export, done=shown.update), file)
    except OSError as error:
        raise click.ClickException(f"写不进 {file}：{refusal(error)}") from error
    click.echo(f"{file}：{count} 件")
    if beside:
        click.echo(f"{beside}：复议诉讼")
    if missing := export.left_out():
        click.echo(missing)


COMMANDS: list[click.Command] = [import_ledger, export_ledger]
