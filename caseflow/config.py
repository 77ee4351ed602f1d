"""Every setting in one place, and the only reader of the environment.

A setting comes from the environment or, failing that, from ``caseflow.toml`` in the instance folder.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .mail_address import is_address

SECRET_BYTES = 32
# Six months: 网络安全法 art. 21(3); the database keeps them too, whatever is set (migration 0021)
FEWEST_LOG_DAYS, MOST_LOG_DAYS = 183, 36525
DRIVERS = frozenset({"sqlite", "postgresql+psycopg"})
Network = IPv4Network | IPv6Network
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")

DATABASES = (
    "写成 postgresql://用户名:密码@主机:5432/数据库，几台主机写成 postgresql://用户名:密码@/数据库?host=a:5432&host=b:5432，"
    "或者 sqlite:////文件夹/文件"
)


class BadSetting(RuntimeError):
    """A setting that can't be used; the message says which and why."""


@dataclass(frozen=True)
class Hours:
    """A span of the working day by the clock in China; its end is no longer inside."""

    opens: time
    closes: time

    def holds(self, clock: time) -> bool:
        """Whether a time of day is inside."""
        return self.opens <= clock < self.closes


@dataclass(frozen=True)
class ObjectStore:
    """A bucket of an S3-compatible server, below a prefix of it; how to get in, where the settings say so."""

    bucket: str
    prefix: str = ""  # without slashes at its ends
    endpoint: str = ""  # another server than Amazon's own
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def access(self) -> dict[str, str | None]:
        """Region and key as boto3 names them; None = it looks where it always does."""
        given = (self.key_id, self.secret, self.token, self.region)
        return {name: value or None for name, value in zip(ACCESS, given, strict=True)}


ACCESS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region_name")


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
    mail_hours: Hours = Hours(time(8), time(18))  # of passes by the clock and of mail, on working days
    password_rule: str = "asvs"  # noqa: S105 - what is asked of a chosen password: stages/passwords.RULES
    log_days: int = 1096  # calendar days that the second log is kept, at least FEWEST_LOG_DAYS
    totp_required: str = ""  # who must have a second factor: stages/second_factor.REQUIRED
    stop_after: float = 0  # seconds to go on once told to stop, while /healthz/ready sends proxies elsewhere
    files: ObjectStore | None = None  # where contents lie; None = in a folder of the instance
    backups: Path | None = None  # where a backup is made each night; None = nowhere
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
    smtp_url = _smtp(value("SMTP_URL"))
    return Settings(
        instance=instance,
        database_url=_driver(value("DATABASE_URL", f"sqlite:///{instance / 'caseflow.sqlite3'}")),
        secret_key=_strong(value("SECRET_KEY") or _kept_secret(instance / "secret.key")),
        trusted_proxy=_proxies(value("TRUSTED_PROXY")),
        behind_tls=value("BEHIND_TLS").lower() in {"1", "true", "yes"},
        smtp_url=smtp_url,
        mail_from=_sender(value("MAIL_FROM"), needed=bool(smtp_url)),
        mail_hours=_hours(value("MAIL_HOURS", "08:00-18:00")),
        password_rule=_one_of("PASSWORD_RULE", value("PASSWORD_RULE", "asvs"), ("asvs", "dengbao")),
        log_days=_log_days(value("LOG_DAYS", "1096")),
        totp_required=_one_of("TOTP_REQUIRED", value("TOTP_REQUIRED"), ("", "admins", "all")),
        stop_after=_seconds(value("STOP_AFTER", "0")),
        files=_files(value),
        backups=_backups(env.get("BACKUP_DIR", kept.get("BACKUP_DIR")), instance / "backups"),
        data_key=_key_file(value("DATA_KEY_FILE")),
    )


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path.name}: {error}") from error


def _driver(url: str) -> str:
    """Name psycopg 3 where the URL names only PostgreSQL; what is wrong is said without the password."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    try:
        parts = make_url(url)
        _, options = parts.get_dialect()().create_connect_args(parts)
    except (ValueError, ArgumentError):  # a ValueError of each of several hosts having its port
        raise BadSetting(f"DATABASE_URL 用不了。{DATABASES}") from None
    if parts.drivername not in DRIVERS:
        raise BadSetting(f"DATABASE_URL 的开头不对。{DATABASES}")
    if "@" in (parts.host or ""):
        raise BadSetting("DATABASE_URL 的密码里有 @：密码里的特殊字符写成百分号编码，@ 写成 %40")
    if parts.get_backend_name() == "postgresql":
        _known(options)
    return url


def _known(options: Mapping[str, Any]) -> None:
    """What stands behind the question mark is known to PostgreSQL."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**options)
    except ProgrammingError as error:  # names the option, not what it is set to
        raise BadSetting(f"DATABASE_URL 的选项不对：{str(error).strip()}") from None


def _proxies(text: str) -> tuple[Network, ...]:
    """Addresses or networks, separated by commas."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise BadSetting(
            f"TRUSTED_PROXY 写反向代理的 IP 地址或者网段，几个的用逗号隔开，例如 10.0.0.5,10.0.1.0/24；现在是 {text}"
        ) from error


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


def _smtp(url: str) -> str:
    """The address of the mail server; what is wrong with it is said without its password."""
    if not url:
        return ""
    try:
        parts: SplitResult | None = urlsplit(url)
        port = parts.port if parts else None
    except ValueError:
        parts, port = None, None
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == 0:
        raise BadSetting("SMTP_URL 写成 smtp://用户名:密码@主机:端口，或者 smtps:// 开头")
    return url


def _sender(text: str, needed: bool) -> str:
    if not text:
        if needed:
            raise BadSetting("设置了 SMTP_URL，还要用 MAIL_FROM 写明发件人的电子邮箱")
        return ""
    name, address = parseaddr(text)
    if not is_address(address) or not (name + text).isprintable():
        raise BadSetting("MAIL_FROM 写成 gk@example.cn，或者 信息公开办 <gk@example.cn>")
    return text


def _log_days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and FEWEST_LOG_DAYS <= int(text) <= MOST_LOG_DAYS):
        raise BadSetting(
            f"LOG_DAYS 写审计记录保存的天数，{FEWEST_LOG_DAYS}（六个月）到 {MOST_LOG_DAYS} 之间；现在是 {text}"
        )
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-5]?\d(\.\d+)?", text):
        raise BadSetting(f"STOP_AFTER 写 0 到 59 之间的秒数；现在是 {text}")
    return float(text)


def _backups(said: object, usual: Path) -> Path | None:
    """The usual folder, another one, or none where the setting stands and is empty."""
    if said is None:
        return usual
    return Path(str(said)).resolve() if said else None


def _key_file(text: str) -> Path | None:
    """A file of keys that several machines share."""
    path = Path(text).resolve() if text else None
    if path and not path.parent.is_dir():
        raise BadSetting(f"DATA_KEY_FILE 写成数据密钥文件的完整路径，文件夹要先有；现在是 {text}")
    return path


def _files(value: Callable[[str], str]) -> ObjectStore | None:
    """The bucket of FILES_URL, entered by the names that every S3 program knows."""
    url = value("FILES_URL")
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not BUCKET.fullmatch(bucket):
        raise BadSetting("FILES_URL 写成 s3://存储桶/前缀；不设置，文件存在实例文件夹里")
    return ObjectStore(
        bucket, prefix.strip("/"), value("AWS_ENDPOINT_URL"),
        value("AWS_REGION") or value("AWS_DEFAULT_REGION"),
        value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), value("AWS_SESSION_TOKEN"),
    )  # fmt: skip


def _one_of(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise BadSetting(f"{name} 写 {' 或者 '.join(filter(None, known))}；现在是 {text}")
    return text


def _hours(text: str) -> Hours:
    try:
        opens, closes = (datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))
    except ValueError:
        opens = closes = time()
    if opens >= closes:
        raise BadSetting(f"MAIL_HOURS 写成 08:00-18:00，先早后晚；现在是 {text}")
    return Hours(opens, closes)
