"""Commands that keep the record whole: alerts run, verify, backup, restore."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from .. import moment
from ..alerts import deliver, ladder
from ..calendars import store
from ..config import Settings
from ..upkeep import backup as backups
from ..upkeep import verify as verifying
from . import with_database
from .refusals import reason

MAIL_WORDS = (
    ("sent", "发出"), ("waiting", "没有发出、稍后再试"), ("given_up", "放弃"), ("uncertain", "结果不明"),
)  # fmt: skip


@click.group()
def alerts() -> None:
    """提醒: warnings before a due day."""


@alerts.command("run")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As of the morning of this day.")
@with_database
def alerts_run(today: datetime | None) -> None:
    """Make one pass now and send all that is unsent, whatever the hour, the weekday and earlier refusals."""
    day: date = today.date() if today else moment.today()
    counts = ladder.make_pass(day, moment.now(), store.current())
    click.echo(f"{day}：新提醒 {counts['alerts']} 条，新通知 {counts['shown']} 人次")
    mail = deliver.send_all(moment.now(), _settings(), force=True)
    told = [f"{word} {mail[state]} 封" for state, word in MAIL_WORDS if mail[state]]
    if told:
        click.echo(f"邮件：{'，'.join(told)}")


@click.command()
@with_database
def verify() -> None:
    """Replay every case and name each difference; exit 1 if there is any."""
    _verify()


def _verify() -> None:
    total, found = verifying.count(), 0
    shown = sys.stderr.isatty()
    with click.progressbar(length=total, label="核对", file=sys.stderr, hidden=not shown) as bar:
        for line in verifying.differences(lambda cases: bar.update(cases)):
            click.echo(line)
            found += 1
    if found:
        raise click.ClickException(f"核对 {total} 件，有 {found} 处不一致")
    click.echo(f"核对 {total} 件，全部一致")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def backup(file: Path) -> None:
    """Write the whole instance to one new FILE (mode 600) while it is in use."""
    try:
        manifest = backups.write(file, _instance(), moment.now())
    except FileExistsError as error:
        raise click.ClickException(f"{file} 已经存在，没有覆盖；换一个文件名，例如写上日期") from error
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{reason(error)}") from error
    click.echo(f"已备份到 {file}：{manifest.rows['case']} 件，{sum(manifest.rows.values())} 行")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_database
def restore(file: Path) -> None:
    """Put a backup FILE into this empty instance, all or nothing, then verify it."""
    try:
        manifest = backups.restore(file, _instance())
    except backups.Unusable as reason:
        raise click.ClickException(str(reason)) from reason
    made = moment.local(datetime.fromisoformat(manifest.made_at))
    click.echo(f"已恢复 {made:%Y-%m-%d %H:%M} 的备份：{manifest.rows['case']} 件")
    _verify()


def _instance() -> Path:
    return _settings().instance


def _settings() -> Settings:
    settings: Settings = current_app.extensions["caseflow"]["settings"]
    return settings


COMMANDS: list[click.Command] = [alerts, verify, backup, restore]
