"""Signed heads: where every chain stands at a moment, on one sheet or in one small file, to be kept elsewhere.

Whoever rewrites the whole database can make every chain fit again, but not so that it still holds the links of a sheet
that lies in a drawer. Signed with Ed25519; the key follows from the installation's current one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from .. import keys
from ..models import ChainHead, Office
from ..stages import chain
from .snapshot import snapshot

AUDIT = "审计记录"


class Unusable(Exception):
    """The file is no signed head, or was changed since; the message says which."""


@dataclass(frozen=True)
class Chain:
    """One chain: whose it is, how many links, the hash of the last."""

    name: str
    label: str
    length: int
    hash: str


@dataclass(frozen=True)
class Head:
    """All chains at one moment, and the signature over them."""

    made_at: str
    chains: tuple[Chain, ...]
    key: str  # the public one, hex
    signature: str = ""

    @property
    def told(self) -> bytes:
        """What is signed."""
        rows = [[c.name, c.length, c.hash] for c in self.chains]
        return chain.as_json({"made_at": self.made_at, "chains": rows, "key": self.key}).encode()

    @property
    def digest(self) -> str:
        """What tells this head from any other: short enough to be compared by eye."""
        return hashlib.sha256(self.told).hexdigest()

    def as_json(self) -> str:
        """The file."""
        told = {**vars(self), "chains": [vars(c) for c in self.chains], "digest": self.digest}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def sign(now: datetime) -> Head:
    """The heads of all chains as they stand, signed."""
    session = snapshot()
    names = {chain.of_office(key): name for key, name in session.execute(select(Office.id, Office.name))}
    heads = session.scalars(select(ChainHead).order_by(ChainHead.name))
    chains = tuple(Chain(h.name, names.get(h.name, AUDIT), h.length, h.hash) for h in heads)
    signing = keys.ring().signing
    bare = Head(now.isoformat(), chains, signing.public_key().public_bytes_raw().hex())
    return Head(bare.made_at, chains, bare.key, signing.sign(bare.told).hex())


def read(text: str) -> Head:
    """The head of a file, its signature checked. Raises Unusable."""
    try:
        told: Mapping[str, Any] = json.loads(text)
        chains = tuple(Chain(**one) for one in told["chains"])
        head = Head(str(told["made_at"]), chains, str(told["key"]), str(told["signature"]))
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key))
        key.verify(bytes.fromhex(head.signature), head.told)
    except InvalidSignature as error:
        raise Unusable("链头文件的签名不符：文件被改过") from error
    except (ValueError, LookupError, TypeError) as error:
        raise Unusable("不是链头文件") from error
    return head


def strange(head: Head) -> Iterator[str]:
    """That it was signed with a key which is none of this installation's."""
    ours = {key.signing.public_key().public_bytes_raw().hex() for key in keys.ring().keys.values()}
    if head.key not in ours:
        yield f"链头文件不是用本系统现有的密钥签的（公钥 {head.key[:16]}…）"
