"""How far a long command is."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

import click


def bar(label: str, length: int) -> AbstractContextManager[Any]:
    """How far it is, for whoever watches."""
    hidden = not (length and sys.stderr.isatty())
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)
