"""Keep a PostgreSQL server running for as long as standard input stays open, then remove all of it.

The tests hold the other end of the pipe. When they end, however they end (even killed), the pipe
closes and the server goes with its files: nothing is left running on the machine.

Run as a script, by path: it must start fast, so it imports nothing but the standard library.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys

PATIENCE = 10.0
"""Seconds the server gets to shut down in order before it is told to drop everything."""


def guard(home: str, user: str, command: list[str]) -> int:
    """Run `command` as `user` (empty: as we are) until standard input closes; then stop it and delete `home`.

    A server that ends by itself ends its guard too, and leaves its log for whoever waits for it.
    """
    server = subprocess.Popen(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        user=user or None,
        group=group_of(user) if user else None,
        extra_groups=[] if user else None,
    )
    try:
        while server.poll() is None:
            readable, _, _ = select.select([sys.stdin], [], [], 0.5)
            if readable and not os.read(sys.stdin.fileno(), 1024):
                break
        else:
            return 1
    finally:
        stop(server)
    shutil.rmtree(home, ignore_errors=True)
    return 0


def group_of(user: str) -> int:
    """Return the first group of a user of this machine."""
    import pwd  # not on Windows, where this is never called

    return pwd.getpwnam(user).pw_gid


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: in order if it will, at once if it won't."""
    for how, patience in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, PATIENCE), (signal.SIGKILL, None)):
        server.send_signal(how)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    sys.exit(guard(sys.argv[1], sys.argv[2], sys.argv[3:]))
