"""Passwords: the two rules for a chosen one, and how one is kept.

There are two rules because two examinations ask for opposite things, and an office answers to one of them:

- ``asvs`` (the default): length, and nothing that is easy to guess. OWASP ASVS 5 (6.2.5, 6.2.10) and NIST SP
  800-63B (3.1.1.2) forbid asking for kinds of characters or for a change every few months: both make people choose
  worse passwords and write them down. ASVS takes 8 characters and recommends 15; 12 is what is asked here, because a
  second factor is optional.
- ``dengbao``: 等保三级 (GB/T 22239-2019, 8.1.4.1 a) asks for complexity and a regular change; examiners look for
  three kinds of characters, 8 of them, 90 days, and none of the last five again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.security import check_password_hash, generate_password_hash

LONGEST = 128
# What OWASP's cheat sheet asks of scrypt at 32 MiB: N = 2^15, r = 8, p = 3. A hash made by less is made anew at the
# next sign-in.
METHOD = "scrypt:32768:8:3"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


@dataclass(frozen=True)
class Rule:
    """What is asked of a chosen password."""

    shortest: int  # characters
    kinds: int  # of small letters, capitals, figures, others; 0 = none is asked for
    lasts: timedelta | None  # calendar days; None = for ever
    former: int  # how many of the last ones can't be taken again
    words: str  # as the page says it


RULES = {
    "asvs": Rule(12, 0, None, 0, "至少 12 个字符，不含用户名。几个不相干的词连起来，好记也难猜"),
    "dengbao": Rule(
        8, 3, timedelta(days=90), 5,
        "至少 8 个字符，大写字母、小写字母、数字、符号里至少三种，不含用户名，不与最近五次的相同；90 天改一次",
    ),
}  # fmt: skip

# What everybody tries first; kinds of characters don't make it any better
COMMON = frozenset({
    "12345678", "123456789", "1234567890", "0123456789", "0987654321", "9876543210", "12345678910", "123456789a",
    "a123456789", "1234567890a", "a12345678", "aa123456", "aa12345678", "abc12345", "abc123456", "abc1234567",
    "abcd1234", "abcd@1234", "abcd1234!", "abcdefgh", "abcdefghij", "qwertyui", "qwertyuiop", "qwer1234", "qwer@1234",
    "qwer1234!", "qwerty123", "qwerty12345", "qwerty123456", "1qaz2wsx", "1qaz@wsx", "!qaz2wsx", "1qaz2wsx3edc",
    "1qaz!qaz", "1q2w3e4r", "1q2w3e4r5t", "1q2w3e4r5t6y", "asdfghjkl;", "zxcvbnm123", "zaq12wsx", "password",
    "password1", "password12", "password123", "password1234", "passw0rd", "passw0rd!", "passw0rd123", "p@ssw0rd",
    "p@ssw0rd1", "p@ssw0rd123", "p@ssword1", "pass@123", "pass@word1", "admin123", "admin@123", "admin@1234", "admin1234",
    "admin12345", "admin123456", "admin123!@#", "administrator", "root1234", "root@123", "test1234", "test@123",
    "user@123", "welcome1", "welcome123", "welcome@123", "letmein123", "iloveyou", "iloveyou1", "iloveyou123",
    "woaini1314", "woaini520", "woaini1314520", "5201314520", "1314520520", "qq123456", "qq123456789", "wang1234",
    "zhang123", "china123", "china@123", "beijing2008", "huawei@123", "changeme", "changeme123", "88888888",
    "88888888888", "66666666", "caseflow123", "gov@1234", "zfxxgk123", "xinxigongkai", "zhengfu123",
})  # fmt: skip


def fault(password: str, rule: Rule, username: str, office: Iterable[str] = ()) -> str:
    """What is wrong with a chosen password, "" if nothing. ``office``: words that anybody of the office would try."""
    if len(password) < rule.shortest:
        return f"新密码至少 {rule.shortest} 个字符，现在有 {len(password)} 个"
    if len(password) > LONGEST:
        return f"新密码最多 {LONGEST} 个字符，现在有 {len(password)} 个"
    if _kinds(password) < rule.kinds:
        return f"新密码要有大写字母、小写字母、数字、符号里的至少 {rule.kinds} 种"
    plain = password.lower()
    if username.lower() in plain:
        return "新密码里不能含有用户名"
    if any(word.lower() in plain for word in office if len(word) > 2):
        return "新密码里不能含有机关的名称、代码"
    if plain in COMMON or len(set(plain)) < 4:
        return "这个密码太常见，容易被猜到，换一个"
    return ""


def _kinds(password: str) -> int:
    asked = (str.islower, str.isupper, str.isdecimal, lambda sign: not sign.isalnum())
    return sum(any(map(kind, password)) for kind in asked)


def made(groups: int = 4) -> str:
    """A password made up on the spot, easy to read out: groups of four."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(groups))


def hashed(password: str) -> str:
    """As it is kept; takes long on purpose."""
    return generate_password_hash(password, METHOD)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the kept one; without one it takes as long, so that names can't be found out."""
    if kept:
        return check_password_hash(kept, password)
    hashed(password)
    return False


def is_weak(kept: str) -> bool:
    """Whether a hash was made by other parameters than today's."""
    return not kept.startswith(f"{METHOD}$")


def is_old(since: datetime | None, rule: Rule, now: datetime) -> bool:
    """Whether a password must be changed by its age; one from before its day was kept is old where age counts."""
    return rule.lasts is not None and (since is None or now - since > rule.lasts)
