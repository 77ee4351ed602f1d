"""The six classes of applicant, in the order of table 3's columns (国办公开办函〔2021〕30号), and who is the same one."""

from __future__ import annotations

from unicodedata import normalize

CLASSES: dict[str, str] = {
    "natural_person": "自然人",
    "enterprise": "商业企业",
    "research": "科研机构",
    "social": "社会公益组织",
    "legal_service": "法律服务机构",
    "other": "其他",
}

# Labels found in published reports and older ledgers.
OLDER_LABELS: dict[str, str] = {"社会组织": "social"}

TOTAL = "total"
COLUMNS: tuple[str, ...] = (*CLASSES, TOTAL)
COLUMN_LABELS: dict[str, str] = {**CLASSES, TOTAL: "总计"}


def class_of(label: str) -> str | None:
    """The code of a class given by code or label, None if unknown.

    The class is the applicant's, not the agent's: a lawyer filing for a client counts as the client.
    """
    text = label.strip()
    if text in CLASSES:
        return text
    by_label = {name: code for code, name in CLASSES.items()} | OLDER_LABELS
    return by_label.get(text)


def certificate(number: str) -> str:
    """A certificate number as it is kept: 35058119900101102x, in full width too, is 35058119900101102X.

    Sign by sign, so that of one that is masked the rest becomes what it becomes in the whole.
    """
    return "".join(plain if len(plain := normalize("NFKC", sign).upper()) == 1 else sign for sign in number)


HIDDEN = "*"
# From so many characters on, so many stay at the beginning and at the end: a certificate, a telephone, a passport
SHOWN = ((15, 4, 4), (11, 3, 4), (6, 1, 2), (0, 0, 0))


def masked(number: str) -> str:
    """A certificate or telephone number with its middle hidden: 3505**********1024, 138****5520, E******78.

    Of what is masked already nothing more is hidden.
    """
    head, tail = next((head, tail) for least, head, tail in SHOWN if len(number) >= least)
    return number[:head] + HIDDEN * (len(number) - head - tail) + number[len(number) - tail :]


def is_masked(number: str) -> bool:
    """Whether some of it is hidden."""
    return HIDDEN in number


def alike(number: str, other: str) -> bool:
    """Whether two numbers say the same, as far as both are shown."""
    number, other = certificate(number), certificate(other)
    if is_masked(number) or is_masked(other):
        return masked(number) == masked(other)
    return number == other
