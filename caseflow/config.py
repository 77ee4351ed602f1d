"""Every setting in one place, and the only reader of the environment.

A setting comes from the environment or, failing that, from ``caseflow.toml`` in the instance folder.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from . import settings as typed
from .settings import FEWEST_LOG_DAYS, SECRET_BYTES, BadSetting, Hours, Network, ObjectStore

__all__ = ["FEWEST_LOG_DAYS", "BadSetting", "Hours", "Network", "ObjectStore", "Settings", "load"]


OFFICE_HOURS = Hours(time(8), time(18))


@dataclass(frozen=True)
class Settings:
    """What this installation is set to."""

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    testing: bool = False
    behind_tls: bool = False  # secure cookies; the office's own plain network has none
    trusted_proxy: tuple[Network, ...] = ()  # whose X-Forwarded-… headers are believed
    smtp_url: str = field(default="", repr=False)  # may hold a password; none = no mail
    mail_from: str = ""
    mail_hours: Hours = OFFICE_HOURS  # of passes by the clock and of mail, on working days
    password_rule: str = "asvs"  # noqa: S105 - what is asked of a chosen password: stages/passwords.RULES
    log_days: int = 1096  # calendar days that the second log is kept, at least FEWEST_LOG_DAYS
    totp_required: str = ""  # who must have a second factor: stages/second_factor.REQUIRED
    stop_after: float = 0  # seconds to go on once told to stop, while /healthz/ready sends proxies elsewhere
    files: ObjectStore | None = None  # where contents lie; None = in a folder of the instance
    backups: Path | None = None  # where a backup is made each night; None = nowhere
    only: str = ""  # "counter": nothing of the desk is served; "" = all of it
    counter_limit: int = 20  # requests that the public may send from one address in a quarter of an hour
    api_limit: int = 6000  # the same of a website by its token, or of an address that reads there
    public_url: str = ""  # where applicants find the counter, as their mail says it; "" = it says no address
    data_key: Path | None = None  # the file of the keys (caseflow.keys); None = data.key in the instance

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded file."""
        return self.database_url.startswith("sqlite")

    @property
    def keys_file(self) -> Path:
        """The file that holds the keys of what is sealed in the database."""
        return self.data_key or self.instance / "data.key"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, make the instance folder and, at first start, its secret key.

    Raises BadSetting for an unreadable file, a weak key, addresses that can't be, or mail that could never leave.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("CASEFLOW_INSTANCE") or "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _file(instance / "caseflow.toml")

    def value(name: str, default: str = "") -> str:
        return str(env.get(name) or kept.get(name, default))

    if "" in (
        env.get("SECRET_KEY"),
        kept.get("SECRET_KEY"),
    ):  # no key of this machine's own instead: nobody would stay signed in
        raise BadSetting("SECRET_KEY 是空的：写上各台相同的 64 位十六进制数；只有一台的，删掉这一行")
    smtp_url = typed.smtp_url(value("SMTP_URL"))
    return Settings(
        instance=instance,
        database_url=typed.driver(value("DATABASE_URL", f"sqlite:///{instance / 'caseflow.sqlite3'}")),
        secret_key=typed.strong(value("SECRET_KEY") or _kept_secret(instance / "secret.key")),
        trusted_proxy=typed.proxies(value("TRUSTED_PROXY")),
        behind_tls=value("BEHIND_TLS").lower() in {"1", "true", "yes"},
        smtp_url=smtp_url,
        mail_from=typed.sender(value("MAIL_FROM"), needed=bool(smtp_url)),
        mail_hours=typed.hours_of(value("MAIL_HOURS", "08:00-18:00")),
        password_rule=typed.one_of("PASSWORD_RULE", value("PASSWORD_RULE", "asvs"), ("asvs", "dengbao")),
        log_days=typed.log_days(value("LOG_DAYS", "1096")),
        totp_required=typed.one_of("TOTP_REQUIRED", value("TOTP_REQUIRED"), ("", "admins", "all")),
        stop_after=typed.seconds(value("STOP_AFTER", "0")),
        files=_files(value),
        backups=typed.backups_folder(env.get("BACKUP_DIR", kept.get("BACKUP_DIR")), instance / "backups"),
        data_key=typed.key_file(value("DATA_KEY_FILE")),
        only=typed.one_of("ONLY", value("ONLY"), ("", "counter")),
        counter_limit=typed.count("COUNTER_LIMIT", value("COUNTER_LIMIT", "20")),
        api_limit=typed.count("API_LIMIT", value("API_LIMIT", "6000")),
        public_url=typed.public_url(value("PUBLIC_URL")),
    )


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path.name}: {error}") from error


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


def _files(value: Callable[[str], str]) -> ObjectStore | None:
    """The bucket of FILES_URL, entered by the names that every S3 program knows."""
    url = value("FILES_URL")
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not typed.BUCKET.fullmatch(bucket):
        raise BadSetting("FILES_URL 写成 s3://存储桶/前缀；不设置，文件存在实例文件夹里")
    return ObjectStore(
        bucket, prefix.strip("/"), value("AWS_ENDPOINT_URL"),
        value("AWS_REGION") or value("AWS_DEFAULT_REGION"),
        value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), value("AWS_SESSION_TOKEN"),
    )  # fmt: skip
