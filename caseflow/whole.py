"""A file that stands under its name only once it is whole: keys, backups, folders."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole(path: Path, new: bool = False) -> Iterator[IO[bytes]]:
    """A file that stands under its name only once all of it is on the disk; mode 600 from the start.

    One that must be ``new`` is refused (FileExistsError) before anything is written, and again if the
    name was taken meanwhile. Raises OSError.
    """
    if new:
        untaken(path)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if new:
            _claim(part, path)
        else:
            os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)
    _remember(path.parent)


def _claim(part: str, path: Path) -> None:
    """Give the file a name that nobody has: a link is refused where one stands, a renaming is not."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links
        untaken(path)
        os.replace(part, path)


def _remember(folder: Path) -> None:
    """Names too outlive the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def untaken(path: Path) -> None:
    """Raises FileExistsError where anything stands under that name."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
