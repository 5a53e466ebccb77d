"""A session with an ODBC driver in a process of its own: what the driver does to its process, it does not do to us."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.sql.dialect import CONNECT_SECONDS

WORKER: Final = Path(__file__).with_name("worker.py")
NO_ROW: Final = " WHERE 1 = 0"
"""A query that ends so has no row; it is answered with its columns."""
GRACE: Final = 10.0
"""Seconds that a driver may take beyond its time limit before its process is ended."""


class OdbcError(Exception):
    """What the driver said."""


class CrashedError(OdbcError):
    """The driver ended its process."""


class StuckError(OdbcError):
    """The driver did not answer within its time limit, and its process was ended."""


class OdbcSession:
    """One process with one connection. To stop a query, the process is ended, and with it the connection."""

    def __init__(self, seconds: float, longest_text: int, command: tuple[str, ...] = (), grace: float = GRACE) -> None:
        self._grace = grace
        self._seconds = max(1, int(seconds))
        self._text = longest_text
        self._timed_out = False
        self._busy = False
        self._process = subprocess.Popen(  # noqa: S603 - our own program, and no part of a command is the user's
            command or (sys.executable, "-P", str(WORKER)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a driver may print values there
            start_new_session=True,  # an interrupt of the terminal is ours to handle
        )

    def log_in(self, string: str, user: str | None, password: str | None) -> None:
        """One attempt to connect."""
        asked = {"do": "connect", "string": string, "user": user, "password": password, "seconds": CONNECT_SECONDS}
        for _ in self._answers(asked, CONNECT_SECONDS):
            pass

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small; of a query without a row, its columns: name, type, nullable."""
        batches = list(self.stream(statement))
        if statement.endswith(NO_ROW):
            return [(column.name, str(column.type), column.nullable) for column in batches[0].schema]
        return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; left early, its process is ended."""
        asked = {"do": "query", "sql": statement, "seconds": self._seconds, "text": self._text}
        self._busy = True
        try:
            for content in self._answers(asked, self._seconds):
                with pa.ipc.open_stream(content) as reader:
                    yield from reader
            self._busy = False
        except OdbcError:
            self._busy = False
            raise
        finally:
            self.cancel()

    def cancel(self) -> tuple[str, ...]:
        """End the process where a query runs."""
        if self._busy:
            self._busy = False
            self.close()
        return ()

    def close(self) -> None:
        """End the process."""
        process = self._process
        with suppress(OSError):
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _answers(self, request: dict[str, Any], seconds: float) -> Iterator[bytes]:
        """What the process answers to a request, each within the time limit."""
        process = self._process
        assert process.stdin is not None  # noqa: S101 - they are pipes
        assert process.stdout is not None  # noqa: S101
        with suppress(OSError):  # that it is gone shows when its answer is read
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        while True:
            watch = Timer(seconds + self._grace, self._end)
            watch.start()
            try:
                line = process.stdout.readline()
                answer: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
                content = process.stdout.read(answer.get("bytes", 0))
            finally:
                watch.cancel()
            if not answer or len(content) < answer.get("bytes", 0):
                raise self._gone()
            if "missing" in answer:
                raise ModuleNotFoundError(name=answer["missing"])
            if "error" in answer:
                raise OdbcError(answer["error"])
            if "end" in answer:
                return
            yield content

    def _end(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _gone(self) -> OdbcError:
        code = self._process.wait()
        if self._timed_out:
            return StuckError("the driver did not answer in time")
        with suppress(ValueError):
            return CrashedError(f"the driver ended its process ({signal.Signals(-code).name})")
        return CrashedError(f"the driver ended its process (exit {code})")
