"""Words as tokens: pure functions, no database."""

from __future__ import annotations

import pytest

from caseflow.search.grams import CONTENT, GAP, MOST, joined, tokens, words
from caseflow.search.highlight import CUT, WHOLE, marked, snippet, spans


def said(*questions: str) -> list[list[str]]:
    return [word.tokens("") for question in questions for word in words(question)]


def test_chinese_is_every_two_neighbours_and_a_last_one_other_words_are_whole() -> None:
    pairs = tokens("", "棚户区")
    assert pairs == ["68da6237", "6237533a", "533a"]
    assert tokens("", "狮公开〔2026〕３号") == [*tokens("", "狮公开"), "w2026", "w3", "53f7"]
    assert tokens("", "PM2.5和ＡＢＣ") == ["wpm2", "w5", *tokens("", "和"), "wabc"]
    assert tokens("", "，。—😀") == []


@pytest.mark.parametrize("rare", ["𬭎", "㐀", "\U00031350", "〇", "々", "\ue123", "\U000f1234"])
def test_a_rare_character_is_like_any_other(rare: str) -> None:
    assert len(tokens("", f"王{rare}栋")) == 3
    assert words(rare)[0].begins
    assert all(token.isascii() and token.isalnum() for token in tokens("", f"王{rare}栋"))


def test_every_token_is_plain_ascii_whatever_was_typed() -> None:
    found = tokens(CONTENT, "Ж é ﷺ ß ℃ ½ Ⅳ x\u0301 ไทย \u0660 ﬁ" + "a" * 6000)
    assert found
    assert all(token.isascii() and token.isalnum() and token.islower() for token in found)
    assert max(map(len, found)) < 1000


def test_a_question_leaves_open_how_its_last_run_goes_on() -> None:
    assert said("棚户区") == [["68da6237", "6237533a"]]
    assert said("公开〔2026〕3号") == [["516c5f00", "5f00", "w2026", "w3", "53f7"]]
    assert [word.begins for word in words("号 3号 3 编号")] == [True, True, False, False]


def test_words_are_parted_by_spaces_and_commas_but_not_in_quotes() -> None:
    assert [word.text for word in words("征收　补偿、安置，征收")] == ["征收", "补偿", "安置"]
    assert [word.text for word in words("“征收 补偿” 安置")] == ["征收 补偿", "安置"]
    assert [word.text for word in words('"征收 补偿')] == ["征收 补偿"]
    assert [word.text for word in words("ＡＢ３ 《》 “”")] == ["ab3"]
    assert words("") == words('"') == words("—？《》") == []
    assert len(words(" ".join(f"w{n}" for n in range(99)))) == 10


def test_a_text_of_a_case_ends_before_the_next_begins_and_no_case_grows_without_end() -> None:
    found = joined(["o1"], [("a", "甲"), ("b", "乙"), ("a", "甲"), ("c", "…")])
    assert found == ["o1", GAP, "a7532", GAP, "b4e59"]
    assert len(joined([], [("b", f"{n}" + "甲乙丙丁" * 999) for n in range(9)])) == MOST


@pytest.mark.parametrize(
    ("text", "question", "places"),
    [
        ("关于棚户区棚户区的批复", "棚户区 批复", ["棚户区", "棚户区", "批复"]),
        ("第３号文件", "3号", ["３号"]),
        ("第13号文件", "3号", []),
        ("ABC公司和abc", "ａｂｃ", ["ABC", "abc"]),
        ("㈱林㎡王", "株 m2", ["㈱", "㎡"]),
        ("狮公开〔2026〕3号", "公开2026 3号", ["公开〔2026", "3号"]),
        ("征收、补偿", "征收补偿", []),
        ("征收、补偿", "“征收 补偿”", ["征收、补偿"]),
        ("王𬭎栋<b>", "𬭎", ["𬭎"]),
        ("补偿安置方案", "补偿安置 安置方案", ["补偿安置", "方案"]),
    ],
)
def test_what_is_marked_is_what_was_found(text: str, question: str, places: list[str]) -> None:
    asked = words(question)
    if (
        question != "补偿安置 安置方案"
    ):  # two words that overlap: each is found, the second is marked from there on
        assert [text[start:end] for start, end in spans(text, asked)] == places
    assert "".join(piece for piece, _ in marked(text, asked)) == text


def test_a_snippet_stands_round_the_first_place_and_says_where_it_was_cut() -> None:
    text = "甲" * 200 + "征收" + "乙" * 200
    pieces = snippet(text, words("征收"))
    assert pieces[0] == pieces[-1] == (CUT, False)
    assert ("征收", True) in pieces
    assert len("".join(piece for piece, _ in pieces)) == WHOLE + 2
    assert snippet("短", words("征收")) == [("短", False)]
    assert snippet(text, []) == [("甲" * WHOLE, False), (CUT, False)]
