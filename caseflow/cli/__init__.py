"""The `caseflow` command: one file a topic, each naming its commands in COMMANDS."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from .. import create_app, db, serving
from ..config import BadSetting, load
from ..files.store import Unreachable
from .progress import rebuild
from .refusals import Commands

TOPICS = (
    "serve",
    "setup",
    "ledger",
    "reports",
    "published",
    "annual",
    "folders",
    "calendar",
    "upkeep",
    "keys",
)


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the app, its database created and migrated first."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            app = create_app(load())
            serving.prepare(app, rebuild)
        except BadSetting as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise unreachable(error) from error
        with app.app_context():
            try:
                return command(*args, **kwargs)
            except Unreachable as error:
                raise click.ClickException(str(error)) from error
            except db.Unwritable as error:
                raise unreachable(error) from error
            finally:
                db.close()

    return run


TROUBLE = {
    "full": "磁盘满了，数据库写不进去；什么都没有改变",
    "read_only": "数据库现在只能读；什么都没有改变",
    "away": "数据库的文件打不开，可能是磁盘或者权限的问题",
}


def unreachable(error: OperationalError) -> click.ClickException:
    """A database that can't be reached or written to, in one line."""
    if found := db.trouble(error):
        return click.ClickException(TROUBLE[found])
    return click.ClickException(f"数据库连不上：{str(error.orig).strip().splitlines()[0]}")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """依申请公开办理: answering requests for government information."""
    os.umask(0o077)  # database, ledgers and backups hold personal data: nobody else reads them


for topic in TOPICS:
    for command in import_module(f"{__name__}.{topic}").COMMANDS:
        main.add_command(command)
