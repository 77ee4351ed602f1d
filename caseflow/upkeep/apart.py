"""What a backup needs and doesn't hold itself: ``FILE.key`` beside it, to be carried apart.

Its own key, made for it alone, and the keys of the installation. Whoever has only the backup has nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from .. import keys
from ..whole import whole

SUFFIX = ".key"


class Missing(Exception):
    """There is no such file, or it can't be read; the message says so."""


@dataclass(frozen=True)
class Apart:
    """The keys that belong to one backup."""

    own: keys.Key
    ring: keys.Ring  # of what is sealed in the database
    secret: str = field(default="", repr=False)  # that signs sessions; "" where it is a setting


def beside(backup: Path) -> Path:
    """Where the keys of a backup lie."""
    return backup.with_name(backup.name + SUFFIX)


def made(ring: keys.Ring, secret: str) -> Apart:
    """With a key that no other backup has."""
    return Apart(keys.fresh().current, ring, secret)


def write(path: Path, apart: Apart) -> None:
    """A new file, whole or not at all, mode 600 from its first byte. Raises FileExistsError, OSError."""
    told = {"backup": apart.own.secret.hex(), "data": apart.ring.as_json(), "secret": apart.secret}
    with whole(path, new=True) as file:
        file.write(json.dumps(told, indent=1).encode())


def read(path: Path) -> Apart:
    """Raises Missing."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        own = keys.from_json({"current": "backup", "keys": {"backup": told["backup"]}}).current
        return Apart(own, keys.from_json(told["data"]), str(told["secret"]))
    except FileNotFoundError as error:
        raise Missing(f"找不到 {path.name}：备份是加密的，把另外存放的密钥文件放到备份旁边再试") from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise Missing(f"{path.name} 读不出来，或者已损坏：换一份另外存放的密钥文件") from error
