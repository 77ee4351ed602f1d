"""Commands that begin an instance: a real office, or a demonstration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import current_app

from .. import moment
from ..db import db
from ..demo import mass
from ..demo.people import FILE, Accounts
from ..law.receipt import IN_FORCE
from ..law.workflow import ROLES
from ..stages import offices
from ..stages.errors import Refused
from . import with_database

OPEN = 300  # open cases of a demonstration that isn't told otherwise
ANEW = "要从头开始，用环境变量 CASEFLOW_INSTANCE 指向另一个文件夹"


@click.command()
@click.option("--name", prompt="机关名称", help="The office, as it signs its replies.")
@click.option("--code", prompt="机关代码", help="Short and lasting, letters and digits: SSFB.")
@click.option("--admin", prompt="系统管理员姓名", help="The first administrator.")
@click.option("--username", prompt="系统管理员用户名", help="Small letters and digits.")
@click.option("--security", default=ROLES["security"], help="Who looks after people and roles.")
@click.option("--security-username", default="anquan", show_default=True)
@click.option("--auditor", default=ROLES["auditor"], help="Who reads the log.")
@click.option("--auditor-username", default="shenji", show_default=True)
@with_database
def init(
    name: str, code: str, admin: str, username: str,
    security: str, security_username: str, auditor: str, auditor_username: str,
) -> None:  # fmt: skip
    """Start a real office with its three administrators; refuses where data stand."""
    given = {
        "admin": (username, admin),
        "security": (security_username, security),
        "auditor": (auditor_username, auditor),
    }
    who = {role: (user.strip().lower(), full_name.strip()) for role, (user, full_name) in given.items()}
    try:
        passwords = offices.found(code.strip(), name.strip(), who, moment.now())
    except Refused as refused:
        hint = "" if refused.field else f"。{ANEW}"
        raise click.ClickException(f"{refused.reason}{hint}") from refused
    click.echo(f"{name.strip()}（{code.strip()}）已经建立。")
    for role, (user, full_name) in who.items():
        called = "" if full_name == ROLES[role] else f" {full_name}"
        click.echo(f"{ROLES[role]}{called}：用户名 {user}，密码 {passwords[role]}")
    click.echo("密码只显示这一次，首次登录时要改；三位管理员由三个人分别担任。")
    click.echo("经办人、负责人、监督员由安全管理员在“人员”里添加。")


class Years(click.ParamType[tuple[int, int]]):
    """A span of years, 2017-2026."""

    name = "A-B"

    def convert(self, value: str | tuple[int, int], param: object, ctx: object) -> tuple[int, int]:
        """First and last year."""
        if isinstance(value, tuple):
            return value
        first, _, last = value.partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            self.fail("写成 2017-2026 这样")
        return int(first), int(last or first)


@click.command()
@click.option("--cases", default=3000, show_default=True, type=click.IntRange(1, 5_000_000))
@click.option("--open", "still_open", type=click.IntRange(0), help=f"How many are open; {OPEN} unless given.")
@click.option("--offices", "count", default=1, show_default=True, type=click.IntRange(1, 1000))
@click.option("--years", type=Years(), help="Years of receipt; the last ten unless given.")
@click.option("--seed", default=1, show_default=True, help="The same seed on the same day, the same cases.")
@with_database
def demo(cases: int, still_open: int | None, count: int, years: tuple[int, int] | None, seed: int) -> None:
    """Fill an empty instance with invented cases in every stage and colour."""
    today = moment.today()
    first, last = years or (today.year - 9, today.year)
    if not IN_FORCE.year <= first <= last or first > today.year:
        raise click.UsageError(f"--years 在 {IN_FORCE.year} 与 {today.year} 之间，先后有序")
    still_open = min(OPEN, cases // 2) if still_open is None else still_open
    if still_open > cases:
        raise click.UsageError("--open 不能多于 --cases")
    if not offices.is_empty(db.session()):
        raise click.ClickException(f"这里已经有数据。{ANEW}")
    size = mass.Size(cases, still_open, count, first, last, seed)
    with _progress(cases) as progress:
        accounts = mass.fill(current_app.instance_path, size, today, moment.now(), progress=progress)
    _say(cases, still_open, count, accounts)


@contextmanager
def _progress(cases: int) -> Iterator[Callable[[int], None] | None]:
    """A bar where someone watches, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=cases, label="写入办件", file=sys.stderr) as bar:
        yield bar.update


def _say(cases: int, still_open: int, count: int, accounts: Accounts) -> None:
    click.echo(f"演示数据：{count} 个机关，{cases} 件，其中在办 {still_open} 件。账号在 {FILE}：")
    for account in accounts["accounts"][:10]:
        click.echo(f"{account['role']}\t{account['username']}\t{account['password']}")


COMMANDS: list[click.Command] = [init, demo]
