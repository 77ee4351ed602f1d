"""A real S3 server for the tests: moto's, a process of its own on a loopback port."""

from __future__ import annotations

import contextlib
import functools
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caseflow.config import ObjectStore

PROGRAM = Path(__file__).with_name("s3_server.py")


class S3Server:
    """The server; it keeps everything in memory while its process lives."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, PROGRAM, str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._hear("ready")

    def down(self) -> None:
        """Nobody is let in any more; what it holds stays."""
        self._say("down")

    def up(self) -> None:
        """As before."""
        self._say("ready")

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def bucket(self, prefix: str = "files") -> ObjectStore:
        """A bucket of its own, empty."""
        name = f"caseflow-{secrets.token_hex(6)}"
        address = f"http://127.0.0.1:{self.port}"
        place = ObjectStore(name, prefix, address, "us-east-1", "nobody", "nothing")
        client(place).create_bucket(Bucket=name)
        return place

    def _say(self, answer: str) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._hear(answer)

    def _hear(self, word: str) -> None:
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == word


@functools.cache
def client(place: ObjectStore) -> Any:
    """Somebody else at the same server."""
    from caseflow.files.bucket import Bucket

    return Bucket(place).client


@contextlib.contextmanager
def s3_server() -> Iterator[S3Server]:
    """A running server."""
    server = S3Server()
    try:
        yield server
    finally:
        server.stop()
