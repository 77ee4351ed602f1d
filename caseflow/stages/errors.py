"""Why an act did not happen; nothing is written when one of these is raised."""

from __future__ import annotations


class Refused(Exception):
    """The act is not possible; ``reason`` is shown at ``field``, or over the form without one."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


class Forbidden(Exception):
    """This person's role may not do this act."""


class Changed(Exception):
    """Somebody else acted on the case after this person looked at it."""

    def __init__(self, seen: int, seq: int) -> None:
        super().__init__(f"seen {seen}, now {seq}")
        self.seen, self.seq = seen, seq


class Twice(Exception):
    """The same page was sent a second time; the first sending made case ``case_id``."""

    def __init__(self, case_id: int) -> None:
        super().__init__(f"already case {case_id}")
        self.case_id = case_id


class NotFound(LookupError):
    """No such object for this person; another office's looks the same as none."""
