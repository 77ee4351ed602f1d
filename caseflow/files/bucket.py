"""The store as a bucket of an S3-compatible server: for any number of machines.

Such a server can neither rename nor delete "if nobody wrote since", so each time a content is kept it becomes an
object of a name that nobody knows yet: ``<prefix>/<sha256>/<chance>``. Then those that were seen before go, and the
sweep too takes away only what it has seen to be old: neither can meet what is written meanwhile. Two that keep the
same at the same moment leave two, until it is kept again. An object is whole when the server takes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from ..config import ObjectStore
from .kept import NAME, PIECE, Kept, Lying, Missing, Unreachable, copied

GONE = frozenset({"NoSuchKey", "404"})
ANEW = 5  # times to look again for a content that was kept anew, and so renamed, under one's eyes
LIMITS = {"connect_timeout": 3, "read_timeout": 20, "retries": {"mode": "standard", "total_max_attempts": 3}}


@dataclass(frozen=True, order=True)
class _Object:
    """One time that a content was kept; ordered by the server's clock."""

    since: datetime
    key: str
    size: int  # bytes


class Bucket:
    """Contents as objects below a prefix, which belongs to one installation alone."""

    def __init__(self, place: ObjectStore) -> None:
        self.client, self.bucket = _client(place), place.bucket
        self.prefix = f"{place.prefix}/" if place.prefix else ""

    def keep(self, source: IO[bytes]) -> Kept:
        """Read to its end first: only then is the hash known."""
        with SpooledTemporaryFile(max_size=PIECE) as file:
            kept = copied(source, file)
            file.seek(0)
            before = self._objects(kept.sha256)
            key = f"{self._shelf(kept.sha256)}{secrets.token_hex(16)}"
            with _asking():
                self.client.put_object(Bucket=self.bucket, Key=key, Body=file, ContentLength=kept.size)
        self._take_away(before)
        return kept

    def open_kept(self, sha256: str) -> IO[bytes]:
        """Fetched whole before anything is handed on: what breaks off does so here."""
        for _ in range(ANEW):
            file = SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115  (closed by whoever asked for it)
            try:
                with _asking(), closing(self._get(self._newest(sha256).key)) as body:
                    copied(body, file)
                file.seek(0)
            except Missing as gone:
                file.close()
                if gone.args == (sha256,):
                    raise
            except BaseException:
                file.close()
                raise
            else:
                return file
        raise Missing(sha256)

    def all_kept(self) -> Iterator[str]:
        """Page by page; the server lists by name."""
        pages = self.client.get_paginator("list_objects_v2")
        with _asking():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                keys = (one["Key"].removeprefix(self.prefix) for one in page.get("Contents", ()))
                for name, _ in groupby(key.partition("/")[0] for key in keys):
                    if NAME.fullmatch(name):
                        yield name

    def all_parts(self) -> Iterator[str]:
        """None: the server keeps what is whole, or nothing."""
        return iter(())

    def lying(self, name: str) -> Lying:
        """The newest of the objects of a content."""
        newest = self._newest(name)
        return Lying(name, newest.size, newest.since)

    def discard(self, name: str, before: datetime | None) -> bool:
        """All the objects that were seen, if the newest of them is old enough."""
        found = self._objects(name)
        if before and any(one.since >= before for one in found):
            return False
        self._take_away(found)
        return bool(found)

    def _shelf(self, sha256: str) -> str:
        if not NAME.fullmatch(sha256):
            raise Missing(sha256)
        return f"{self.prefix}{sha256}/"

    def _newest(self, sha256: str) -> _Object:
        found = self._objects(sha256)
        if not found:
            raise Missing(sha256)
        return max(found)

    def _objects(self, sha256: str) -> list[_Object]:
        shelf = self._shelf(sha256)
        with _asking():
            page = self.client.list_objects_v2(Bucket=self.bucket, Prefix=shelf)
        return [_Object(one["LastModified"], one["Key"], one["Size"]) for one in page.get("Contents", ())]

    def _get(self, key: str) -> Any:
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"]

    def _take_away(self, objects: list[_Object]) -> None:
        for one in objects:
            with _asking():
                self.client.delete_object(Bucket=self.bucket, Key=one.key)


def _client(place: ObjectStore) -> Any:
    """A client with what the settings say; what they leave open boto3 finds as it always does."""
    import boto3  # heavy, and needed by this store alone
    from botocore.config import Config

    config = Config(
        **LIMITS,
        # the server compares the bytes with the signed hash, and takes no others
        s3={"payload_signing_enabled": True},
        # newer checksums are unknown to older servers of other makers
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session(**place.access).client(
        "s3", endpoint_url=place.endpoint or None, config=config
    )


@contextmanager
def _asking() -> Iterator[None]:
    """The server's errors in our words. Raises Missing, Unreachable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in GONE:
            raise Missing(code) from error
        raise Unreachable(f"文件存储不接受：{code}") from error
    except BotoCoreError as error:
        raise Unreachable(f"文件存储连不上：{error}") from error
