"""What makes the tests quick: folders in memory, statements compiled once."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Dialect, Engine

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that have to be free: two servers and a few of the larger instances."""


def folder() -> Path:
    """A folder on this machine that is quick to write to."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return Path("/tmp")


_engines: dict[str, tuple[Dialect, object]] = {}


def share_statements(engine: Engine) -> None:
    """Let every engine of one kind use the statements the first of them has compiled.

    Each test has an application and so an engine of its own, and would compile every statement anew: a
    quarter of the time of a test of a page. The cache is keyed by the dialect, so that is shared with it.
    """
    dialect, compiled = _engines.setdefault(engine.dialect.name, (engine.dialect, engine._compiled_cache))
    engine.dialect = dialect
    engine.pool._dialect = dialect
    engine._compiled_cache = compiled  # type: ignore[assignment]
