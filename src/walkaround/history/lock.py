"""One run at a time: a lock that ends with the process that holds it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from walkaround.errors import LockedError


@contextmanager
def run_lock(path: Path, command: str, now: datetime) -> Iterator[None]:
    """Hold the lock file at `path` for as long as the block runs.

    The lock is the operating system's (`flock`), so that of a process that died, however it died, is free at once; what
    stands in the file only names the holder. Where there is no `flock`, the lock that DuckDB has on its file remains.

    Raises:
        LockedError: another process holds it; the message names it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, path)
        holder = json.dumps({"pid": os.getpid(), "command": command, "since": now.isoformat(timespec="seconds")})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise LockedError(
            f"Another run of this project is going on: {_holder(path)}",
            "Wait until it has ended; if it hangs, end that process.",
        ) from error


def _holder(path: Path) -> str:
    """Who wrote into the file, as far as it can be read."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"process {int(holder['pid'])}, {holder['command']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that did not say who it is"
