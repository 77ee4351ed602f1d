"""Which e-mail addresses are used at all: those that nobody who reads them can understand in two ways."""

from __future__ import annotations

import re

# A dot-atom of plain characters. What else the standard lets stand before the @ (comments, quotes, lists,
# routes, encoded words) is read by the programs along the way as they like: a letter goes to somebody else.
_WORD = r"[A-Za-z0-9_+-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")


def is_address(text: str) -> bool:
    """Whether mail can be addressed to this text as it stands: ASCII, one @, a domain with a dot."""
    return _ADDRESS.fullmatch(text) is not None
