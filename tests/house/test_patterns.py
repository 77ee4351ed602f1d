"""No pattern of ours takes long over a text that was written to make it: each, on the repetitions that trouble patterns."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import caseflow

LENGTH = 1500  # characters; what doubles with each of them would never end
MOST = 1.0  # seconds of this process; the slowest takes a hundredth
REPEATED = (
    "1", "1,", "a", "a.", "甲", "1年", "1月1日", "1月1日、", " ", "(", "<a ", "{{ a", '"', "一", "、",
    "同比增1件,", "放假", "=1",
)  # fmt: skip
ENDS = ("!", "\0甲")
NOT_ASKED = ("caseflow.cli.refusals",)  # words of libraries, not of people


def patterns(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Every pattern in a value of a module, in its tables too."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | list | tuple | set | frozenset) and depth < 3:
        several: Iterable[Any] = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for one in several:
            yield from patterns(one, depth + 1)


def all_patterns() -> dict[re.Pattern[Any], str]:
    """Every compiled pattern of the package, with a module that has it."""
    names = [m.name for m in pkgutil.walk_packages(caseflow.__path__, "caseflow.")]
    asked = [name for name in names if name not in NOT_ASKED and not name.endswith("__main__")]
    modules = [importlib.import_module(name) for name in asked]
    return {p: m.__name__ for m in modules for value in vars(m).values() for p in patterns(value)}


def test_no_pattern_takes_long_over_a_text_that_was_written_to_make_it() -> None:
    found, slow = all_patterns(), []
    assert len(found) > 60
    for pattern, module in found.items():
        begun = time.process_time()
        for text in (again * (LENGTH // len(again)) + end for again in REPEATED for end in ENDS):
            told: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
            pattern.search(told)
            pattern.fullmatch(told)
        if time.process_time() - begun > MOST:
            slow.append((module, pattern.pattern[:60]))
    assert slow == []
