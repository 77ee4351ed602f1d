"""How each setting is written, and why what can't be read is no setting: each a plain function of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def driver(url: str) -> str:
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


def proxies(text: str) -> tuple[Network, ...]:
    """Addresses or networks, separated by commas."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise BadSetting(
            f"TRUSTED_PROXY 写反向代理的 IP 地址或者网段，几个的用逗号隔开，例如 10.0.0.5,10.0.1.0/24；现在是 {text}"
        ) from error


def strong(key: str) -> str:
    """A key long enough to sign with. Raises BadSetting."""
    if len(key) < SECRET_BYTES:
        raise BadSetting(f"SECRET_KEY is shorter than {SECRET_BYTES} characters")
    return key


def smtp_url(url: str) -> str:
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


def sender(text: str, needed: bool) -> str:
    """Who mail is from; none only where there is no mail server. Raises BadSetting."""
    if not text:
        if needed:
            raise BadSetting("设置了 SMTP_URL，还要用 MAIL_FROM 写明发件人的电子邮箱")
        return ""
    name, address = parseaddr(text)
    if not is_address(address) or not (name + text).isprintable():
        raise BadSetting("MAIL_FROM 写成 gk@example.cn，或者 信息公开办 <gk@example.cn>")
    return text


def log_days(text: str) -> int:
    """Calendar days that the second log is kept. Raises BadSetting."""
    if not (text.isascii() and text.isdigit() and FEWEST_LOG_DAYS <= int(text) <= MOST_LOG_DAYS):
        raise BadSetting(
            f"LOG_DAYS 写审计记录保存的天数，{FEWEST_LOG_DAYS}（六个月）到 {MOST_LOG_DAYS} 之间；现在是 {text}"
        )
    return int(text)


def count(name: str, text: str) -> int:
    """How many of something, at least one."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise BadSetting(f"{name} 写 1 到 999999 之间的整数；现在是 {text}")
    return int(text)


def seconds(text: str) -> float:
    """Seconds under a minute. Raises BadSetting."""
    if not re.fullmatch(r"[0-5]?\d(\.\d+)?", text):
        raise BadSetting(f"STOP_AFTER 写 0 到 59 之间的秒数；现在是 {text}")
    return float(text)


def backups_folder(said: object, usual: Path) -> Path | None:
    """The usual folder, another one, or none where the setting stands and is empty."""
    if said is None:
        return usual
    return Path(str(said)).resolve() if said else None


def public_url(text: str) -> str:
    """The address of the counter, without a slash at its end."""
    parts = urlsplit(text)
    if text and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    ):
        raise BadSetting(f"PUBLIC_URL 写成 https://gk.example.gov.cn 这样；现在是 {text}")
    return text.rstrip("/")


def key_file(text: str) -> Path | None:
    """A file of keys that several machines share."""
    path = Path(text).resolve() if text else None
    if path and not path.parent.is_dir():
        raise BadSetting(f"DATA_KEY_FILE 写成数据密钥文件的完整路径，文件夹要先有；现在是 {text}")
    return path


def one_of(name: str, text: str, known: tuple[str, ...]) -> str:
    """One of the known words. Raises BadSetting."""
    if text not in known:
        raise BadSetting(f"{name} 写 {' 或者 '.join(filter(None, known))}；现在是 {text}")
    return text


def hours_of(text: str) -> Hours:
    """08:00-18:00, the earlier first. Raises BadSetting."""
    try:
        opens, closes = (datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))
    except ValueError:
        opens = closes = time()
    if opens >= closes:
        raise BadSetting(f"MAIL_HOURS 写成 08:00-18:00，先早后晚；现在是 {text}")
    return Hours(opens, closes)
