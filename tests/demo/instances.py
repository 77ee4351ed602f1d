"""Instances that several tests look at and none changes: filling one takes longer than all the looking."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import SECRET_KEY, disconnect, sqlite_url

if TYPE_CHECKING:
    from flask import Flask


@contextlib.contextmanager
def instance(folder: Path, template: Path) -> Iterator[Flask]:
    """An application on a copy of an empty database, its context pushed."""
    from caseflow import create_app
    from caseflow.config import Settings

    file = folder / "caseflow.sqlite3"
    shutil.copyfile(template, file)
    app = create_app(Settings(folder, sqlite_url(file), SECRET_KEY, testing=True))
    try:
        with app.app_context():
            yield app
    finally:
        disconnect(app)
