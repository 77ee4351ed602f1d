"""What can be wrong with filling in a letter, said in Chinese to whoever sits before it."""

from __future__ import annotations


class LetterFault(ValueError):
    """A letter that can't be made; the message says why."""


class MissingValue(LetterFault):
    """A variable of the letter is not filled: never a blank in an official letter."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}”没有填写，不能生成文书")
        self.name = name


class BadValue(LetterFault):
    """What is to be filled in holds characters that no letter can hold."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"“{name}”里{why}，不能生成文书")
        self.name = name


class BadTemplate(LetterFault):
    """The template itself can't be used."""
