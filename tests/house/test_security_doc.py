"""docs/security.md promises only what is there: files, tests, figures; and leaves out nothing of what it answers to."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from caseflow import config, keys
from caseflow.files import packages, types
from caseflow.search import texts
from caseflow.stages import passwords, record, second_factor, sessions, signin
from caseflow.web import headers
from tests.house.test_house import tree
from tests.web.rights import ALLOWED, PUBLIC

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PLAIN = " ".join(TEXT.split())

# Every requirement of Level 1 of OWASP ASVS 5.0.0, by its section
LEVEL_1 = {
    f"{section}.{number}"
    for section, numbers in {
        "1.2": (1, 2, 3, 4, 5), "1.3": (1, 2), "1.5": (1,),
        "2.1": (1,), "2.2": (1, 2), "2.3": (1,),
        "3.2": (1, 2), "3.3": (1,), "3.4": (1, 2), "3.5": (1, 2, 3),
        "4.1": (1,), "4.4": (1,),
        "5.2": (1, 2), "5.3": (1, 2),
        "6.1": (1,), "6.2": (1, 2, 3, 4, 5, 6, 7, 8), "6.3": (1, 2), "6.4": (1, 2),
        "7.2": (1, 2, 3, 4), "7.4": (1, 2),
        "8.1": (1,), "8.2": (1, 2), "8.3": (1,),
        "9.1": (1, 2, 3), "9.2": (1,),
        "10.4": (1, 2, 3, 4, 5),
        "11.3": (1, 2), "11.4": (1,),
        "12.1": (1,), "12.2": (1, 2),
        "13.4": (1,),
        "14.2": (1,), "14.3": (1,),
        "15.1": (1,), "15.2": (1,), "15.3": (1,),
    }.items()
    for number in numbers
}  # fmt: skip

# And of Level 2; of chapters 4.3, 10 and 17, which don't apply as a whole, their first
LEVEL_2 = {
    f"{section}.{number}"
    for section, numbers in {
        "1.1": (1, 2), "1.2": (6, 7, 8, 9), "1.3": (3, 4, 5, 6, 7, 8, 9, 10, 11), "1.4": (1, 2, 3), "1.5": (2,),
        "2.1": (2, 3), "2.2": (3,), "2.3": (2, 3, 4), "2.4": (1,),
        "3.3": (2, 3, 4), "3.4": (3, 4, 5, 6), "3.5": (4, 5), "3.7": (1, 2),
        "4.1": (2, 3), "4.2": (1,), "4.3": (1,), "4.4": (2, 3, 4),
        "5.1": (1,), "5.2": (3,), "5.4": (1, 2, 3),
        "6.1": (2, 3), "6.2": (9, 10, 11, 12), "6.3": (3, 4), "6.4": (3, 4), "6.5": (1, 2, 3, 4, 5), "6.6": (1, 2, 3),
        "6.8": (1, 2, 3, 4),
        "7.1": (1, 2, 3), "7.3": (1, 2), "7.4": (3, 4, 5), "7.5": (1, 2), "7.6": (1, 2),
        "8.1": (2,), "8.2": (3,), "8.4": (1,),
        "9.2": (2, 3, 4), "10.1": (1,),
        "11.1": (1, 2), "11.2": (1, 2, 3), "11.3": (3,), "11.4": (2, 3, 4), "11.5": (1,), "11.6": (1,),
        "12.1": (2, 3), "12.3": (1, 2, 3, 4),
        "13.1": (1,), "13.2": (1, 2, 3, 4, 5), "13.3": (1, 2), "13.4": (2, 3, 4, 5),
        "14.1": (1, 2), "14.2": (2, 3, 4), "14.3": (2, 3),
        "15.1": (2, 3), "15.2": (2, 3), "15.3": (2, 3, 4, 5, 6, 7),
        "16.1": (1,), "16.2": (1, 2, 3, 4, 5), "16.3": (1, 2, 3, 4), "16.4": (1, 2, 3), "16.5": (1, 2, 3), "17.1": (1,),
    }.items()
    for number in numbers
}  # fmt: skip

# Every item of GB/T 22239-2019, 8.1.4, and how many letters it has; then those of 8.1.5
ITEMS = {"1": 4, "2": 7, "3": 4, "4": 6, "5": 0, "6": 0, "7": 2, "8": 2, "9": 3, "10": 2, "11": 2}
DENGBAO = [
    *(f"8.1.4.{item}{' ' + letter if letter else ''}" for item, n in ITEMS.items() for letter in "abcdefg"[:n] or [""]),
    "8.1.5.1 a, b", "8.1.5.2 a, b", "8.1.5.3 a, b", "8.1.5.4",
]  # fmt: skip

TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(
    r"`((?:caseflow|docs|tests|templates|migrations)/[\w./-]*|[\w-]+\.lock|Makefile|\w+\.(?:md|toml))`"
)
# Why a row has no test, or not all that is asked; a reason stands after the colon
REASON = re.compile(r"\b(?:not met|operator|does not apply)\b[^:;]{0,60}: \S.{9,}")
STATUS = re.compile(r"\b(?:not met|operator:|does not apply)")


def table(title: str) -> list[list[str]]:
    """The rows of the table under a heading, its head first; a row with a cell too few or too many is none."""
    part = TEXT.split(f"\n## {title}")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"
    ]
    assert len(rows) > 2
    assert {len(row) for row in rows} == {len(rows[0])}, [row for row in rows if len(row) != len(rows[0])]
    return [rows[0], *rows[2:]]


ASVS, GB = "OWASP ASVS 5.0", "等保三级"


@cache
def names_in(path: str) -> set[str]:
    return {node.name for node in ast.walk(tree(ROOT / path)) if isinstance(node, ast.FunctionDef)}


def test_every_file_and_test_it_names_exists() -> None:
    named = TEST.findall(TEXT)
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []
    assert [path for path in FILE.findall(TEXT) if not (ROOT / path).exists()] == []
    assert TEXT.count("::") == len(named)


@pytest.mark.parametrize("title", [ASVS, GB])
def test_every_row_has_a_test_or_says_why_not(title: str) -> None:
    head, *rows = table(title)
    assert head[-2:] == ["where", "shown by"]
    for row in rows:
        *told, where, shown = row
        assert all(told), row
        assert TEST.search(shown) or REASON.search(shown), row
        assert FILE.search(where) or (not where and STATUS.match(shown)), row
        assert all(REASON.match(shown, status.start()) for status in STATUS.finditer(shown)), row


def test_no_requirement_of_levels_1_and_2_and_no_item_is_left_out() -> None:
    _, *rows = table(ASVS)
    numbers = [(number, row[1]) for row in rows for number in row[0].split(", ")]
    assert [number for number, n in Counter(number for number, _ in numbers).items() if n > 1] == []
    whole = {number: level for number, level in numbers if number.count(".") == 2}
    assert len(LEVEL_1) == 70
    assert set(whole) >= LEVEL_1
    assert {number for number, level in whole.items() if level.startswith("1")} == LEVEL_1
    assert {number for number, level in whole.items() if level == "2"} <= LEVEL_2
    told = [f"{number}." for number, _ in numbers]
    assert [number for number in LEVEL_2 if not f"{number}.".startswith(tuple(told))] == []
    assert [row[0] for row in table(GB)[1:]] == DENGBAO


def bits(letters: int) -> int:
    return round(letters * math.log2(len(passwords.ALPHABET)))


def minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def test_the_figures_are_those_of_the_program() -> None:
    asvs, dengbao = passwords.RULES["asvs"], passwords.RULES["dengbao"]
    assert dengbao.lasts
    made = len(passwords.made().replace("-", ""))
    assert "secrets.token_urlsafe(32)" in Path(sessions.__file__).read_text(encoding="utf-8")
    assert made == 16
    assert 'METHOD = "scrypt:32768:8:3"' in Path(passwords.__file__).read_text(
        encoding="utf-8"
    )  # quicker in tests
    for told in (
        "a random token of 256 bits",
        f"{minutes(sessions.IDLE)} minutes without a request",
        f"so do {minutes(sessions.LONGEST) // 60} hours",
        f"{signin.TRIES_PER_ACCOUNT} failed tries of an account and {signin.TRIES_PER_ADDRESS} of an address "
        f"within {minutes(signin.WINDOW)} minutes",
        f"{second_factor.TRIES} codes of the second factor likewise",
        f"`asvs`: {asvs.shortest} characters, no kinds, no change by age",
        f"`dengbao`: {dengbao.shortest} characters of three kinds, {dengbao.lasts.days} days, none of the last {dengbao.former}",
        f"more than {passwords.LONGEST} characters",
        "scrypt (N = 2¹⁵, r = 8, p = 3)",
        f"AES-{keys.BYTES * 8}-GCM",
        f"kept {config.Settings.log_days} days and never fewer than {config.FEWEST_LOG_DAYS}",
        f"{types.LARGEST >> 20} MB each, {headers.LARGER['papers.add']} MB a request ({headers.LARGEST} for any other form), "
        f"{packages.UNPACKED >> 20} MB unpacked",
        f"a first password has {bits(made)} bits",
        f"recovery codes of {bits(made + 8)} random bits",
    ):  # fmt: skip
        assert told in PLAIN, told
    assert (asvs.kinds, asvs.lasts, dengbao.kinds) == (0, None, 3)
    assert not set(texts.FORM) & set(record.IDENTITY)  # numbers and telephones are not searched
    stated = re.search(r"tried in each run \| more than (\d+) \|", TEXT)
    assert stated
    assert 0 <= len(ALLOWED) * len(PUBLIC) - int(stated[1]) < 300


def test_the_script_keeps_nothing_in_the_browser() -> None:
    script = (ROOT / "caseflow" / "static" / "caseflow.js").read_text(encoding="utf-8")
    assert len(script) > 1000
    assert not re.search(r"Storage|indexedDB|\bcaches\b|serviceWorker|document\.cookie", script)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/operations.md"])
def test_it_is_led_to(name: str) -> None:
    assert re.search(r"\]\((docs/)?security\.md\)", (ROOT / name).read_text(encoding="utf-8"))
