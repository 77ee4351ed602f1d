"""The command of the whole annual report (年度报告)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from .. import moment
from ..reports.annual import website, word, workbook
from ..reports.annual.report import AnnualReport, annual_report
from ..reports.year import FIRST_YEAR, within
from . import with_database
from .reports import BadInput, deliver, the_office

FILES: dict[str, Callable[[AnnualReport], bytes]] = {
    "docx": word.report_file,
    "xlsx": workbook.workbook,
    "html": website.website,
}


@click.command("annual-report")
@click.argument("year", type=int)
@click.option("--office", "code", metavar="CODE", help="Which office, where there are several.")
@click.option("--edition", type=click.Choice(["2019", "2021"]), help="Follows the year unless given.")
@click.option("--format", "shape", type=click.Choice([*FILES]), required=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write to this file."
)
@with_database
def annual_report_command(year: int, code: str | None, edition: str | None, shape: str, out: Path) -> None:
    """The annual report of a year, all six parts, by the newest version of its draft.

    What differs from the tables or isn't written yet is told and hinders nothing: exit 0.
    """
    today = moment.today()
    if not within(year, today):
        raise BadInput(f"年度应在 {FIRST_YEAR} 至 {today.year + 1} 之间")
    report = annual_report(the_office(code), year, edition or "")
    deliver(FILES[shape](report), out)
    for part in report.parts:
        said = (
            *(one.said for one in part.differences),
            *(one.sentence for one in part.findings),
            *part.lacks,
        )
        for sentence in said:
            click.echo(f"{part.title}：{sentence}", err=True)


COMMANDS: list[click.Command] = [annual_report_command]
