"""Every setting in one place, and the only reader of the environment.

A setting comes from the environment or, failing that, from ``caseflow.toml`` in the instance folder.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECRET_BYTES = 32


class BadSetting(RuntimeError):
    """A setting that can't be used; the message says which and why."""


@dataclass(frozen=True)
class Settings:
    """What this installation is set to."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    testing: bool = False
    behind_tls: bool = False  # secure cookies; the office's own plain network has none
    trusted_proxy: str = ""  # the one address whose X-Forwarded-… headers are believed

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded file."""
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, make the instance folder and, at first start, its secret key.

    Raises BadSetting for an unreadable file or a weak key.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("CASEFLOW_INSTANCE") or "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _file(instance / "caseflow.toml")

    def value(name: str, default: str = "") -> str:
        return str(env.get(name) or kept.get(name, default))

    return Settings(
        instance=instance,
        database_url=_driver(value("DATABASE_URL", f"sqlite:///{instance / 'caseflow.sqlite3'}")),
        secret_key=_strong(value("SECRET_KEY") or _kept_secret(instance / "secret.key")),
        trusted_proxy=value("TRUSTED_PROXY"),
        behind_tls=value("BEHIND_TLS").lower() in {"1", "true", "yes"},
    )


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path.name}: {error}") from error


def _driver(url: str) -> str:
    """Name psycopg 3 where the URL names only PostgreSQL."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret(path: Path) -> str:
    """The instance's key, made at first start; mode 600 from its first byte on."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_hex(SECRET_BYTES)
        file.write(key)
    return key


def _strong(key: str) -> str:
    if len(key) < SECRET_BYTES:
        raise BadSetting(f"SECRET_KEY is shorter than {SECRET_BYTES} characters")
    return key
