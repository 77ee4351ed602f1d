"""What uploads that were broken off or refused left in the store, and taking it away.

A content is there before its row, so between the two it looks like one that nobody wants: only what has
lain for a day without a row is left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from ..files import store
from ..files.store import Lying
from . import contents

REST = timedelta(days=1)  # longer than any upload


def left_over(now: datetime) -> Iterator[Lying]:
    """The contents that no row knows, then the parts that never became one, if older than a day."""
    for name in chain(contents.unknown(store.all_kept()), store.all_parts()):
        try:
            found = store.lying(name)
        except store.Missing:  # whole by now, or discarded
            continue
        if found.since < now - REST:
            yield found


def remove(found: Lying, now: datetime) -> bool:
    """Take it away, unless somebody has kept the same content since; returns whether it is gone."""
    return store.discard(found.name, before=now - REST)
