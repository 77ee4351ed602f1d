"""Commands; filled in by topic."""

from __future__ import annotations

import click

COMMANDS: list[click.Command] = []
