"""A second instance, empty, on either engine: where backups are put back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SECRET_KEY, sqlite_url

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import MakeApp

Elsewhere = Callable[[str], "Flask"]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, make_app: MakeApp, tmp_path: Path) -> Iterator[Elsewhere]:
    """Makes the application on an empty instance, its database sqlite or postgresql."""
    from caseflow import keys
    from caseflow.config import Settings

    made: list[str] = []

    def make(engine: str) -> Flask:
        instance = tmp_path / f"elsewhere-{len(list(tmp_path.iterdir()))}"
        instance.mkdir()
        if engine == "sqlite":
            file = instance / "caseflow.sqlite3"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
            url = sqlite_url(file)
        else:
            server = request.getfixturevalue("postgres")
            made.append(server.create(request.getfixturevalue("postgres_template")))
            url = server.url(made[-1])
        keys.create(instance / "data.key")
        return make_app(Settings(instance=instance, database_url=url, secret_key=SECRET_KEY, testing=True))

    yield make
    for name in made:
        request.getfixturevalue("postgres").drop(name)
