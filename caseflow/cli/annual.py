"""The command of the whole annual report (年度报告)."""

from __future__ import annotations

from pathlib import Path

import click

from .. import moment
from ..closing.printed import signed_report, state_of
from ..closing.sign import newest
from ..db import db
from ..reports.annual.files import FILES
from ..reports.annual.report import AnnualReport, annual_report, together
from ..reports.year import FIRST_YEAR, within
from . import with_database
from .reports import BadInput, deliver, the_office


@click.command("annual-report")
@click.argument("year", type=int)
@click.option("--office", "code", metavar="CODE", help="Which office, where there are several.")
@click.option("--with-subordinates", "whole", is_flag=True, help="One report of it and all offices under it.")
@click.option("--signed", "frozen", is_flag=True, help="The edition signed last, as it was frozen.")
@click.option("--edition", type=click.Choice(["2019", "2021"]), help="Follows the year unless given.")
@click.option("--format", "shape", type=click.Choice([*FILES]), required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write to this file."
)
@with_database
def annual_report_command(
    year: int, code: str | None, whole: bool, frozen: bool, edition: str | None, shape: str, out: Path
) -> None:
    """The annual report of a year, all six parts, by the newest version of its draft.

    What differs from the tables or isn't written yet is told and hinders nothing: exit 0.
    """
    today = moment.today()
    if not within(year, today):
        raise BadInput(f"年度应在 {FIRST_YEAR} 至 {today.year + 1} 之间")
    if frozen and (whole or edition):
        raise BadInput("--signed 取签发的那一版，不能和 --with-subordinates、--edition 一起用")
    office, (make, _) = the_office(code), FILES[shape]
    if frozen:
        row = newest(db.session(), office.id, year)
        if row is None:
            raise BadInput(f"{year} 年的年报表还没有签发")
        deliver(make(signed_report(row)), out)
        return
    report = (together if whole else annual_report)(office, year, edition or "")
    deliver(make(report.paper() if whole or edition else report.paper(state_of(report))), out)
    _tell(report)


def _tell(report: AnnualReport) -> None:
    """What differs from the tables or isn't written yet, on the error stream."""
    for part in report.parts:
        said = (
            *(one.said for one in part.differences),
            *(one.sentence for one in part.findings),
            *part.lacks,
        )
        for sentence in said:
            click.echo(f"{part.title}：{sentence}", err=True)


COMMANDS: list[click.Command] = [annual_report_command]
