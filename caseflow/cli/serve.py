"""The command that serves: web server and scheduler in one process."""

from __future__ import annotations

import errno
import signal
import sys
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import OperationalError
from waitress.server import create_server

from .. import create_app, moment, serving
from ..alerts.schedule import Schedule
from ..config import BadSetting, load
from ..demo import ensure_not_empty
from ..demo.people import FILE, Accounts
from ..web.headers import LARGEST_OF_ALL
from . import unreachable
from .progress import rebuild
from .refusals import reason

THREADS = 8
TAKEN = {errno.EADDRINUSE: "端口已被占用", errno.EACCES: "没有权限使用这个端口"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--only", type=click.Choice(["counter"]), help="Serve the public's counter and nothing of the desk."
)
def serve(host: str, port: int, only: str | None) -> None:
    """Start the web server and the scheduler; an empty instance becomes a demonstration office.

    With --only counter there is no scheduler, and an empty instance stays empty.
    """
    signal.signal(signal.SIGTERM, _end)
    serving.log()
    try:
        settings = load()
        app = create_app(replace(settings, only=only or settings.only))
        server = _listen(app, host, port)
        accounts = _prepare(app, f"http://{host}:{port}")
    except BadSetting as error:
        raise click.ClickException(str(error)) from error
    schedule = None if _only(app) else Schedule(app)
    if schedule:
        schedule.start()
    click.echo(f"http://{host}:{port}")
    serving.tell_of_plain_http(app)
    _say(accounts)
    ending = serving.Ending(server, lambda: serving.stop_soon(app))
    signal.signal(signal.SIGTERM, lambda *_: _end_with(ending))
    try:
        server.run()  # until SIGTERM, in order, or SIGINT, at once
    finally:
        server.task_dispatcher.shutdown()
        if schedule:
            schedule.stop()


def _only(app: Flask) -> str:
    """What alone is served, "" for all."""
    return str(app.extensions["caseflow"]["settings"].only)


def _end_with(ending: serving.Ending) -> None:
    signal.signal(signal.SIGTERM, _end)  # a second time: at once
    ending.begin()


def _end(*_: Any) -> None:
    sys.exit(0)


def _listen(app: Flask, host: str, port: int) -> Any:
    """Take the port first: whoever asks while the database is prepared waits, and is answered."""
    serving.believe_proxies(app)
    try:
        return create_server(
            app, host=host, port=port, threads=THREADS, ident=None,
            max_request_body_size=LARGEST_OF_ALL, clear_untrusted_proxy_headers=False,  # done already
        )  # fmt: skip
    except OSError as error:
        why = TAKEN.get(error.errno or 0) or reason(error)
        raise click.ClickException(f"{host}:{port} 用不了：{why}") from error
    except ValueError as error:
        raise click.ClickException(f"{host}:{port} 不是可用的地址") from error


def _prepare(app: Flask, url: str) -> Accounts | None:
    """Migrate, and fill an empty instance."""
    try:
        serving.prepare(app, rebuild)
        if _only(app):
            return None
        with app.app_context():
            return ensure_not_empty(app, moment.today(), moment.now(), url)
    except OperationalError as error:
        raise unreachable(error) from error


def _say(accounts: Accounts | None) -> None:
    if accounts:
        click.echo(f"空的实例，已建成演示机关。账号（也在 {FILE}）：")
        for account in accounts["accounts"]:
            click.echo(f"{account['role']}\t{account['username']}\t{account['password']}")
        for ticket in accounts["tickets"]:
            click.echo(f"公众窗口\t查询号 {ticket['number']}\t查询码 {ticket['code']}\t{ticket['request']}")


COMMANDS: list[click.Command] = [serve]
