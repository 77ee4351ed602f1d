"""Commands of the archive folder (案卷): make one or a year's, check one."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from .. import moment
from ..db import db, transaction
from ..folders import check, year
from ..folders.packing import Damaged
from ..folders.plan import plan
from ..law.workdays import LAST
from ..models import Case, Office
from ..reports.year import FIRST_YEAR
from ..stages import audit
from . import with_database
from .progress import bar
from .refusals import reason
from .reports import the_office


@click.command()
@click.argument("case", required=False)
@click.option(
    "--year", "of", type=click.IntRange(FIRST_YEAR, LAST.year), help="All archived cases closed in it."
)
@click.option("--office", "code", metavar="CODE", help="Which office, where there are several.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The new zip; of a year, where they go."
)
@with_database
def archive(case: str | None, of: int | None, code: str | None, out: Path) -> None:
    """Make the archive folder (案卷) of CASE, a number like 2026-1, or those of a whole year.

    Of a year, one that stands already, whole and of the record as it is now, is passed over.
    """
    if (case is None) == (of is None):
        raise click.UsageError("写上登记编号，或者用 --year 写明年度")
    try:
        if case is not None:
            _one(case, code, out)
        else:
            _year(of or 0, the_office(code), out)
    except FileExistsError as error:
        raise click.ClickException(f"{out} 已经存在，没有覆盖；换一个文件名") from error
    except OSError as error:
        raise click.ClickException(f"写不进 {out}：{reason(error)}") from error


def _one(number: str, code: str | None, out: Path) -> None:
    """Make one. Raises OSError."""
    query = select(Case.id, Office.code).join(Office, Office.id == Case.office_id)
    whose = [Office.code == code] if code else []
    found = db.session.execute(query.where(Case.number == number, *whose).order_by(Office.code)).all()
    if not found:
        raise click.ClickException(f"没有登记编号 {number} 的案件")
    if len(found) > 1:
        known = "、".join(office for _, office in found)
        raise click.ClickException(f"几个机关都有 {number}，用 --office 写明：{known}")
    wanted = plan(found[0][0])
    with transaction() as session:
        audit.note(session, "exported", case_id=found[0][0], kind="案卷", form="zip")
    try:
        year.write(wanted, out, new=True)
    except Damaged as damaged:
        raise click.ClickException(str(damaged)) from damaged
    click.echo(f"{out}：{wanted.number} 的案卷，{len(wanted.members)} 个文件，另有校验清单")


def _year(of: int, office: Office, out: Path) -> None:
    """Make all of a year; what can't be made is named and hinders no other. Raises OSError."""
    cases, made, failed = year.archived(office.id, of), 0, 0
    if out.is_file():
        raise click.ClickException(f"{out} 是文件，写上文件夹")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    year.sweep(out, moment.now())
    with transaction() as session:
        audit.note(
            session, "exported", kind="案卷", form="zip", office=office.code, year=of, cases=len(cases)
        )
    with bar("案卷", len(cases)) as shown:
        for case in cases:
            try:
                made += year.make(case, out)
            except Damaged as damaged:
                click.echo(str(damaged))
                failed += 1
            shown.update(1)
    told = f"{out}：{of} 年办结、已归档 {len(cases)} 件"
    stood = len(cases) - made - failed
    click.echo(f"{told}，做成案卷 {made} 个，已有 {stood} 个" if cases else f"{told}，没有可做的案卷")
    if failed:
        raise click.ClickException(f"有 {failed} 件的案卷没有做成")


@click.command("verify-archive")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_archive(file: Path) -> None:
    """Check an archive folder against the hashes in it, without a database; exit 1 and name what differs."""
    found = 0
    try:
        for line in check.differences(file):
            click.echo(line)
            found += 1
    except OSError as error:
        raise click.ClickException(f"读不了 {file}：{reason(error)}") from error
    if found:
        raise click.ClickException(f"{file}：有 {found} 处不一致")
    click.echo(f"{file}：每个文件都与校验清单一致，没有缺少，没有多出")


COMMANDS: list[click.Command] = [archive, verify_archive]
