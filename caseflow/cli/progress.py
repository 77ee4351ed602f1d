"""How far a long command is."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any

import click
from sqlalchemy import func, select

from ..db import db
from ..models import Case
from ..search import index


def bar(label: str, length: int) -> AbstractContextManager[Any]:
    """How far it is, for whoever watches."""
    hidden = not (length and sys.stderr.isatty())
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)


def rebuild() -> int:
    """Write the search index anew, every case of it; returns how many."""
    cases = db.session.scalar(select(func.count(Case.id))) or 0
    with bar("建立检索索引", cases) as shown:
        written = index.rebuild(shown.update)
    index.tidy()
    return written
