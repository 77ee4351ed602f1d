"""Typed text: what can't be seen can't make one name look like another."""

from __future__ import annotations

import pytest

from caseflow.stages.checks import fault


@pytest.mark.parametrize(
    "char",
    [
        *"\u200b\ufeff\u2060\u00ad\u200d\u180e\u061c\u202e\u2066",
        "\U000e0041",
        *"\x00\x7f\ud800",
        *"\u3164\u2800",
    ],
)
def test_a_character_that_shows_nothing_is_refused_and_placed(char: str) -> None:
    assert fault(f"林{char}国栋", 100) == "含有看不见的控制字符（第 2 个字），请删去后重新输入"
    assert fault(char * 2, 100) == "含有看不见的控制字符（第 1 个字），请删去后重新输入"


@pytest.mark.parametrize("text", ["   ", "\u3000", "\n\t", "\u0301", "\ufe0f"])
def test_a_text_has_at_least_one_character_to_see(text: str) -> None:
    assert fault(text, 100) == "没有看得见的字"


@pytest.mark.parametrize(
    "text", ["", "林国栋", "一\r\n二\t三", "A\u00a0B", "𠮷", "买买提·艾力", "—", "①", "é", "e\u0301"]
)
def test_plain_text_of_any_script_is_taken(text: str) -> None:
    assert fault(text, 100) == ""
