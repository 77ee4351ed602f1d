"""The keys of this installation, kept in a file outside the database; what is sealed with them, and the keyed hashes.

A copy of the database alone tells no certificate number and no telephone. The file holds one key or, after a
rotation, several: what was sealed with an older one is opened with that one until it has been sealed anew. A sealed
text names its key: ``<key>:<base64 of nonce and ciphertext>``, AES-256-GCM, and can be opened only as what it was
sealed as. Two keys follow from each by HKDF, one for sealing and one for hashing.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from .config import BadSetting
from .whole import whole

BYTES = 32
NONCE = 12
HASH = 16  # bytes of a keyed hash that are kept
LOOK = 1.0  # seconds between two looks at whether another process changed the file


class Unreadable(RuntimeError):
    """A sealed text that none of the keys opens as what it should be: damaged, moved, or its key is gone."""


def _derived(secret: bytes, what: str) -> bytes:
    return HKDF(SHA256(), BYTES, None, f"caseflow {what}".encode()).derive(secret)


@dataclass(frozen=True)
class Key:
    """One key and what follows from it."""

    id: str
    secret: bytes = field(repr=False)
    cipher: AESGCM = field(init=False, repr=False, compare=False)
    hashing: bytes = field(init=False, repr=False)
    fingerprint: str = field(init=False)  # tells it from others, and nothing of it

    @property
    def signing(self) -> Ed25519PrivateKey:
        """What heads of the record are signed with."""
        return Ed25519PrivateKey.from_private_bytes(_derived(self.secret, "sign"))

    def __post_init__(self) -> None:
        """Derive once."""
        for name, value in (
            ("cipher", AESGCM(_derived(self.secret, "seal"))),
            ("hashing", _derived(self.secret, "hash")),
            ("fingerprint", _derived(self.secret, "fingerprint")[:HASH].hex()),
        ):
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Ring:
    """The keys as the file has them; ``current`` is what is sealed with from now on."""

    current: Key
    keys: Mapping[str, Key]

    def seal(self, text: str, about: str) -> str:
        """``text`` so that only ``open`` with the same ``about`` gives it back; nothing stays nothing."""
        return f"{self.current.id}:{b64encode(self._sealed(text.encode(), about)).decode()}" if text else ""

    def seal_file(self, content: bytes, about: str) -> bytes:
        """The same for the content of a file."""
        return f"{self.current.id}:".encode() + self._sealed(content, about)

    def open_file(self, sealed: bytes, about: str) -> bytes:
        """What ``seal_file`` sealed. Raises Unreadable."""
        key_id, _, told = sealed.partition(b":")
        return self._opened(key_id.decode(errors="replace"), told, about)

    def open(self, sealed: str, about: str) -> str:
        """What was sealed. Raises Unreadable."""
        if not sealed:
            return ""
        key_id, _, told = sealed.partition(":")
        try:
            return self._opened(key_id, b64decode(told, validate=True), about).decode()
        except ValueError as error:
            raise Unreadable(about) from error

    def _sealed(self, content: bytes, about: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self.current.cipher.encrypt(nonce, content, about.encode())

    def _opened(self, key_id: str, told: bytes, about: str) -> bytes:
        try:
            return self.keys[key_id].cipher.decrypt(told[:NONCE], told[NONCE:], about.encode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise Unreadable(about) from error

    @property
    def signing(self) -> Ed25519PrivateKey:
        """What heads of the record are signed with from now on."""
        return self.current.signing

    def hashed(self, text: str, about: str) -> str:
        """A hash by which an equal text is found, and which without the key nobody can try texts against."""
        return _hashed(self.current, text, about)

    def hashes(self, text: str, about: str) -> list[str]:
        """What ``hashed`` may have been by any of the keys: what to look for while a rotation is under way."""
        return [_hashed(key, text, about) for key in self.keys.values()]

    def with_new(self) -> Ring:
        """The same keys, and a new one that is current."""
        key = _new()
        return Ring(key, {**self.keys, key.id: key})

    def without(self, ids: set[str]) -> Ring:
        """The same without these; the current one stays."""
        return Ring(self.current, {k: v for k, v in self.keys.items() if k not in ids - {self.current.id}})

    def beside(self, other: Ring) -> Ring:
        """These keys and those of another ring, whose current one is current."""
        return Ring(other.current, {**self.keys, **other.keys})

    def lacking(self, fingerprints: Mapping[str, str]) -> list[str]:
        """Of these keys, each told of by its id, those that are not in the ring; one of the same id is another."""
        held = {key.id: key.fingerprint for key in self.keys.values()}
        return sorted(of for of, fingerprint in fingerprints.items() if held.get(of) != fingerprint)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "current": self.current.id,
            "keys": {key.id: key.secret.hex() for key in self.keys.values()},
        }


def _hashed(key: Key, text: str, about: str) -> str:
    if not text:
        return ""
    digest = hmac.digest(key.hashing, f"{about}\0{text}".encode(), "sha256")
    return urlsafe_b64encode(digest[:HASH]).decode().rstrip("=")


def _new() -> Key:
    return Key(secrets.token_hex(4), secrets.token_bytes(BYTES))


def fresh() -> Ring:
    """A ring with one key that nobody has ever seen."""
    key = _new()
    return Ring(key, {key.id: key})


def from_json(told: Any) -> Ring:
    """The ring that ``as_json`` told of. Raises ValueError."""
    try:
        keys = {str(name): Key(str(name), bytes.fromhex(secret)) for name, secret in told["keys"].items()}
        current = keys[told["current"]]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a ring of keys") from error
    if any(len(key.secret) != BYTES or ":" in key.id for key in keys.values()):
        raise ValueError("not a ring of keys")
    return Ring(current, keys)


# -- the file ------------------------------------------------------------------------------------


def read(path: Path) -> Ring:
    """The ring of a file. Raises BadSetting where it is missing or can't be read."""
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BadSetting(f"找不到数据密钥文件 {path}：把原来的放回去（备份旁的 .key 文件里也有）") from error
    except (OSError, ValueError) as error:
        raise BadSetting(f"数据密钥文件 {path} 读不出来，或者已损坏：把原来的放回去") from error


def write(path: Path, ring: Ring, *, new: bool = False) -> None:
    """Put a ring in the place of the file: whole or not at all, mode 600 from its first byte.

    A ``new`` one never takes the place of another (FileExistsError). Raises OSError.
    """
    with whole(path, new) as file:
        file.write(json.dumps(ring.as_json(), indent=1).encode())


def create(path: Path) -> None:
    """Make the file with a first key, unless it stands or another process was quicker."""
    if path.exists():
        return
    try:
        write(path, fresh(), new=True)
    except FileExistsError:
        return


# -- of the running app --------------------------------------------------------------------------


class Kept:
    """The ring of a file, read anew when the file has changed: a rotation may run beside the server."""

    def __init__(self, path: Path, testing: bool = False) -> None:
        self.path = path
        # elsewhere a key is made only once the database was asked whether it had one (upkeep.keyring)
        if testing:
            create(path)
        self._stamp, self._ring = self._stat(), read(path)
        self._looked = time.monotonic()

    def ring(self) -> Ring:
        """As it stood in the file a moment ago."""
        if time.monotonic() - self._looked > LOOK:
            self.look()
        return self._ring

    def look(self) -> bool:
        """Read the file anew if it has changed; one that is gone or half there changes nothing. Whether it had."""
        self._looked = time.monotonic()
        try:
            stamp = self._stat()
            if stamp == self._stamp:
                return False
            self._ring, self._stamp = read(self.path), stamp
        except (OSError, BadSetting):
            return False
        return True

    def _stat(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino


def kept() -> Kept:
    """The ring of the running app; read when it is first asked for. Raises BadSetting."""
    state = current_app.extensions["caseflow"]
    found: Kept | None = state.get("keys")
    if found is None:
        settings = state["settings"]
        found = state["keys"] = Kept(settings.keys_file, settings.testing)
    return found


def ring() -> Ring:
    """The keys of the running app. Raises BadSetting where there are none."""
    return kept().ring()


def seal(text: str, about: str) -> str:
    """Seal a text with the current key. ``about`` names what it is (a column): it opens as nothing else."""
    return ring().seal(text, about)


def unseal(sealed: str, about: str) -> str:
    """What was sealed, also with a key that another process made since. Raises Unreadable."""
    if not sealed:
        return ""
    holder = kept()
    known = holder.ring()
    if sealed.partition(":")[0] not in known.keys and holder.look():
        known = holder.ring()
    return known.open(sealed, about)
