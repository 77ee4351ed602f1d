"""What a published reply is found by: the same words of plain ASCII as those of the desk's search, a row for each.

Every two neighbouring characters of 汉字, each of them alone, and other words whole: a question of one character or of
many is answered by rows that are equal, on either database.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..search import grams
from ..search.grams import Word


def pairs_of(*texts: str) -> set[str]:
    """Every two neighbouring 汉字 of the texts, and their other words; none runs from one text into the next."""
    return {token for text in texts for token in grams.tokens("", text)}


def of_version(title: str, question: str, answer: str, names: Iterable[str]) -> set[str]:
    """All that a version is found by."""
    texts = (title, question, answer, *names)
    alone = {
        token for text in texts for han, _ in grams.RUN.findall(grams.normal(text)) for c in set(han) for token in grams.tokens("", c)
    }  # fmt: skip
    return pairs_of(*texts) | alone


def asked(word: Word) -> list[str]:
    """What a version that says the word is found by, all of it."""
    return word.tokens("")
