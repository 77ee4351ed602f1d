"""The licence of every package that an installation brings along, as the package itself tells it.

Run by ``make check``: prints the list, and fails where a licence is unknown or none that an office may use as it is.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.lock"
NAMED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)

# What each word of a licence stands for; weak copyleft is fine for what is used unchanged
KNOWN = {
    "MIT": r"\bMIT\b", "BSD": r"\bBSD\b", "Apache-2.0": r"\bApache\b", "PSF-2.0": r"\bPSF|Python Software Foundation\b",
    "MPL-2.0": r"\bMPL|Mozilla Public\b", "LGPL": r"\bLGPL|Lesser General Public\b", "ISC": r"\bISC\b",
    "ZPL-2.1": r"\bZPL|Zope Public\b",
}  # fmt: skip


def packages() -> list[str]:
    """The names in the runtime lock."""
    return NAMED.findall(LOCK.read_text(encoding="utf-8"))


def licence(name: str) -> str:
    """The licence of an installed package in the words of KNOWN, "" where it tells none of them."""
    found = distribution(name)
    return next(
        (known for known, words in KNOWN.items() if re.search(words, _told(found), re.IGNORECASE)), ""
    )


def _told(found: Distribution) -> str:
    """What its metadata say: a short expression, the classifiers, or the first lines of a licence."""
    said = found.metadata.get_all
    classifiers = (c for c in said("Classifier") or [] if c.startswith("License"))
    texts = (text[:200] for text in said("License") or [])
    return " ".join([*(said("License-Expression") or []), *classifiers, *texts])


def main() -> None:
    """Print them all; exit 1 where one is unknown."""
    unknown = 0
    for name in packages():
        try:
            told = licence(name)
        except PackageNotFoundError:  # of another system or another Python
            continue
        unknown += not told
        sys.stdout.write(f"{name:24} {distribution(name).version:16} {told or 'UNKNOWN'}\n")
    sys.exit(1 if unknown else 0)


if __name__ == "__main__":
    main()
