"""The templates that come with the program: templates/letters/<code>.docx, made by ``blueprint``."""

from __future__ import annotations

from pathlib import Path

from ..db import resource
from ..law.letters import BY_CODE


def path(code: str) -> Path:
    """Where the shipped template of a letter lies, in a checkout and in an installed wheel."""
    return resource("templates") / "letters" / f"{code}.docx"


def shipped(code: str) -> bytes:
    """The shipped template of a letter. Raises KeyError for no letter of the table."""
    return path(BY_CODE[code].code).read_bytes()
