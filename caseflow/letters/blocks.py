"""What the wording of a letter is made of: paragraphs, paragraphs that may be absent, tables, a slip to tear off.

A plain string is a paragraph of the body. Variables stand in it as ``{{ 登记编号 }}``; what may be lacking is
asked for first, ``{% if 代理人 is defined %}…{% endif %}`` inside a paragraph or ``When`` around a whole one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class When:
    """A paragraph that stands only where the variable is filled."""

    name: str
    text: str


@dataclass(frozen=True)
class Table:
    """Two columns, label and content; the lines of a content are paragraphs, empty ones room for a pen."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Slip:
    """The page that is filled in and sent back (回执)."""

    title: str
    to: str
    lead: str
    table: Table


Block = str | When | Table | Slip


@dataclass(frozen=True)
class Wording:
    """All that one letter says between its number and its signature; a form has neither addressee nor seal place."""

    body: tuple[Block, ...]
    after: tuple[Block, ...] = ()  # behind the signature
    form: bool = False


REGULATION = "《中华人民共和国政府信息公开条例》"

REQUEST = "政府信息公开申请（登记编号：{{ 登记编号 }}），申请公开的内容为："
FROM_APPLICANT = (
    "{{ 收到日期 }}，本机关收到你（单位）{% if 代理人 is defined %}（代理人：{{ 代理人 }}）{% endif %}提出的"
    + REQUEST,
    "{{ 申请内容 }}",
)
FROM_SOMEONE = ("{{ 收到日期 }}，本机关收到一份" + REQUEST, "{{ 申请内容 }}")

# The note below the date (附注), where the office has set whom to ask
NOTE = When(
    "联系电话",
    "（{% if 联系人 is defined %}联系人：{{ 联系人 }}，{% endif %}联系电话：{{ 联系电话 }}）",
)
ANSWER_TO = (
    "联系人：{{ 联系人 }}，联系电话：{{ 联系电话 }}",
    When(
        "机关地址", "地址：{{ 机关地址 }}{% if 邮政编码 is defined %}（邮政编码：{{ 邮政编码 }}）{% endif %}"
    ),
)
