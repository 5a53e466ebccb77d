"""A connection of PyMySQL that sends nothing by itself and hands out columns. Loaded when a server is first spoken to.

The driver makes an object of each packet and a tuple of each row, and most of its time goes into that. A result in the
text protocol is simple: a packet a row, in it each value behind its length. Here values go straight to their column.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from pymysql.connections import Connection
from pymysql.constants import CR
from pymysql.err import OperationalError
from pymysql.protocol import MysqlPacket

from walkaround.connectors.sql.dialect import CONNECT_SECONDS

BATCH_BYTES: Final = 1 << 20
BATCH_ROWS: Final = 8192
FULL: Final = 0xFFFFFF
"""A packet of so many bytes goes on in the next one."""
NULL, ERROR, END = 0xFB, 0xFF, 0xFE
"""First bytes of a value that is missing, and of packets that are no row."""
SHORT: Final = 0xFA
"""A length up to this is one byte."""
LENGTHS: Final = {0xFC: 2, 0xFD: 3, 0xFE: 8}
"""How many bytes a longer length has, by what stands before it."""
LONGEST_END: Final = 9
"""A packet that begins like an end and has so many bytes is a row whose first value is very long."""

Columns = list[list[bytes | None]]


class ColumnConnection(Connection):
    """One connection. `patience` is how long an answer may take; the greeting may take as long as connecting may."""

    def __init__(self, *, patience: float, **arguments: Any) -> None:
        super().__init__(**arguments, read_timeout=CONNECT_SECONDS, write_timeout=CONNECT_SECONDS)
        self._read_timeout = patience  # the driver knows one time limit for both

    def set_character_set(self, charset: str, collation: str | None = None) -> None:
        """Nothing is sent: the opening statements ask for it, and are written down."""

    def columns(self) -> Iterator[Columns]:
        """The rows of the query that was sent unbuffered, as columns, about a mebibyte at a time; once at least.

        What arrives is counted row by row: the next one may be a thousand times the size of this one.

        Raises:
            OperationalError: the server's error, or the connection was lost.
        """
        result: Any = self._result
        some = False
        while result.unbuffered_active:
            columns: Columns = [[] for _ in range(result.field_count)]
            if self._fill([column.append for column in columns], result) or not some:
                yield columns
                some = True

    def drop(self) -> None:
        """End the connection without reading what the server still sends."""
        self.leave()
        with suppress(Exception):
            self.close()

    def cut(self) -> None:
        """End the line at once, whoever waits for an answer on it, in whatever thread."""
        with suppress(Exception):
            self._sock.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """Expect no more of the answer; the driver would read it to its end."""
        result: Any = self._result
        if result is not None:
            result.unbuffered_active = False

    def _fill(self, appends: list[Callable[[bytes | None], None]], result: Any) -> int:
        """Read rows until there is enough, or no more; how many."""
        arrived = rows = 0
        while rows < BATCH_ROWS and arrived < BATCH_BYTES:
            data = self._packet()
            kind = data[0]
            if kind >= END and (kind == ERROR or len(data) < LONGEST_END):
                result.unbuffered_active = False
                result.has_next = False
                MysqlPacket(data, self.encoding).check_error()
                break
            share_out(data, appends)
            arrived += len(data)
            rows += 1
        return rows

    def _packet(self) -> bytes:
        try:
            header = self._rfile.read(4)
            size = int.from_bytes(header[:3], "little")
            data: bytes = self._rfile.read(size)
        except OSError as error:
            self._force_close()
            raise OperationalError(CR.CR_SERVER_LOST, f"Lost connection to MySQL server ({error})") from None
        except BaseException:  # an interrupt in the middle of a packet: nobody knows any more where the next begins
            self._force_close()
            raise
        if len(header) < 4 or len(data) < size:  # noqa: PLR2004 - the bytes of a header
            self._force_close()
            raise OperationalError(CR.CR_SERVER_LOST, "Lost connection to MySQL server")
        self._next_seq_id = (header[3] + 1) % 256
        return data if size < FULL else data + self._packet()


def share_out(data: bytes, appends: list[Callable[[bytes | None], None]]) -> None:
    r"""Each value of a row to its column.

    >>> row: Columns = [[], [], []]
    >>> share_out(b"\x02ab\xfb\x00", [column.append for column in row])
    >>> row
    [[b'ab'], [None], [b'']]
    """
    start = 0
    for append in appends:
        size = data[start]
        start += 1
        if size > SHORT:
            if size == NULL:
                append(None)
                continue
            length = LENGTHS[size]
            size = int.from_bytes(data[start : start + length], "little")
            start += length
        end = start + size
        append(data[start:end])
        start = end
