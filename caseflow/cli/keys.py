"""密钥: turning to a new key while the office works, and leaving the old ones behind."""

from __future__ import annotations

import click
from flask import current_app

from .. import moment
from ..config import Settings
from ..db import transaction
from ..stages import audit
from ..upkeep import keyring
from . import with_database
from .progress import bar


@click.group()
def keys() -> None:
    """数据密钥: the keys that certificate numbers and telephones are sealed with."""


@keys.command()
@with_database
def rotate() -> None:
    """Make a new key and seal everything with it, while the office works; what was broken off goes on."""
    settings = _settings()
    if not keyring.turn(settings):
        click.echo("上一次更换没有做完，接着做")
    with bar("换用新密钥", keyring.left()) as shown:
        count = keyring.reseal(shown.update)
    with transaction() as session:
        audit.note(session, "keys_rotated", rows=count)
    click.echo(
        f"已换用新密钥：{count} 行。旧密钥还在 {settings.keys_file} 里，一分钟以后用 caseflow keys forget 删除"
    )


@keys.command()
@with_database
def forget() -> None:
    """Delete the old keys, once nothing is sealed with them any more."""
    settings = _settings()
    age = moment.now().timestamp() - settings.keys_file.stat().st_mtime
    try:
        gone = keyring.forget(settings, age)
    except keyring.TooEarly as early:
        raise click.ClickException(str(early)) from early
    if gone:
        with transaction() as session:
            audit.note(session, "keys_forgotten", keys=len(gone))
    click.echo(f"已删除旧密钥 {len(gone)} 把" if gone else "没有旧密钥")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["caseflow"]["settings"]
    return settings


COMMANDS: list[click.Command] = [keys]
