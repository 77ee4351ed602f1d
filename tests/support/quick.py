"""What makes the tests quick: folders in memory, what is compiled or migrated once for all, little looking for garbage."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that have to be free: two servers and a few of the larger instances."""


def folder() -> Path:
    """A folder on this machine that is quick to write to."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return Path("/tmp")


def of_all_workers(temporary: pytest.TempPathFactory) -> Path:
    """The folder of this run that its workers share."""
    own = temporary.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One worker at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


LONG_ENOUGH = 120.0  # seconds to load all tests


@contextlib.contextmanager
def first_one_then_all(config: pytest.Config) -> Iterator[None]:
    """The first worker loads the tests before the others do: on a fresh checkout each would compile them all."""
    worker = getattr(config, "workerinput", {"workerid": ""})["workerid"]
    if not worker:
        yield
        return
    loaded = Path(config.option.basetemp).parent / "loaded"
    until = time.monotonic() + LONG_ENOUGH
    while worker != "gw0" and not loaded.exists() and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield
    finally:
        loaded.touch()


def rarely_collect() -> None:
    """Look for circles of garbage less often, and never among what all tests share: a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


WEAK = "scrypt:1024:8:1"


def hash_quickly() -> None:
    """Passwords are hashed as quickly as those of ``tests.support.office``."""
    from caseflow.stages import passwords

    passwords.METHOD = WEAK


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


_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def _compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def share_addresses() -> None:
    """Let every application use the code that the first of them compiled to build its addresses.

    Two thirds of what it takes to make an application. The code takes the rule, and with it the converters,
    as an argument, so what differs between two applications is not shared.
    """
    Rule._compile_builder = _compile_once  # type: ignore[assignment, method-assign]
