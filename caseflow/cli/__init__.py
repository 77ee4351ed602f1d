"""The `caseflow` command: one file a topic, each naming its commands in COMMANDS."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from .. import create_app, db
from ..config import BadSetting, load

TOPICS = ("serve", "setup", "ledger", "reports", "upkeep")


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the app, its database created and migrated first."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            app = create_app(load())
        except BadSetting as error:
            raise click.ClickException(str(error)) from error
        db.upgrade(app)
        with app.app_context():
            try:
                return command(*args, **kwargs)
            finally:
                db.close()

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """依申请公开办理: answering requests for government information."""


for topic in TOPICS:
    for command in import_module(f"{__name__}.{topic}").COMMANDS:
        main.add_command(command)
