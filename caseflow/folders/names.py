"""Names inside a folder: numbered, unique, and such that every system can unpack them and none is led astray."""

from __future__ import annotations

import re
import unicodedata

MANIFEST = "000-校验清单.sha256"
LIST = "000-卷内目录"
LONGEST = 150  # bytes of a name without number and ending; file systems end at 255
SIGNS = frozenset("-_.+()[]（）〔〕【】《》“”、，。·—")
ENDING = re.compile(r"[A-Za-z0-9]{1,8}")


def member(n: int, label: str, ending: str) -> str:
    """The name of the ``n``th paper: 003-申请材料_申请书.pdf; ``ending`` without its dot."""
    return f"{n:03}-{safe(label)}.{ending.lower() if ENDING.fullmatch(ending) else 'bin'}"


def safe(text: str) -> str:
    """A text as part of a name: letters, digits and harmless signs, all else _; never empty, never too long.

    What is composed is put together first; other marks and selectors of variants go.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        character if character.isalnum() or character in SIGNS else "_"
        for character in composed
        if not unicodedata.category(character).startswith("M")
    )
    whole = re.sub(r"\.{2,}", ".", re.sub(r"_{2,}", "_", kept)).strip("_.")
    return whole.encode()[:LONGEST].decode(errors="ignore").rstrip("_.") or "_"


def split(name: str) -> tuple[str, str]:
    """Stem and ending of a file's own name."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot else (name, "")
