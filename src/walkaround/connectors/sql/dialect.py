"""Dialect: all that differs from server to server, as one contract. Nothing else knows which server it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.drawing import Draw, Wanted
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.shape import Shape, TableName
from walkaround.errors import AccessReason
from walkaround.model.source import Method

APPLICATION: Final = "walkaround"
"""The name under which servers list our sessions."""
CONNECT_SECONDS: Final = 10
LOCK_SECONDS: Final = 5
"""A guest waits no longer than this for anybody's lock."""
IDLE_SECONDS: Final = 60
"""The server may end our transaction when we say nothing for so long."""

Ask = Callable[[str], list[tuple[Any, ...]]]
"""Send a statement whose answer is small; the rows."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may cost: seconds of a statement and of the whole, bytes that arrive."""

    seconds: float = 300.0
    bytes: int = 2 << 30


@dataclass(frozen=True, slots=True)
class Fault:
    """A driver's or server's error, understood. `passes`: it may be gone a moment later, so that trying again makes
    sense; never so for a login that was refused. `words` never quote a value.
    """

    reason: AccessReason
    words: str
    hint: str
    passes: bool = False


class Session(Protocol):
    """One connection. Sends what it is told to and nothing else, but for what the driver sends to open and to end."""

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small; its rows, none where it has no answer."""

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; batches of about a mebibyte, in the order of the server, and at least one, empty if need be.

        Left early, it stops the query on the server.
        """

    def cancel(self) -> tuple[str, ...]:
        """Stop what runs on the server, at once; the statements that were sent for it. Nothing where nothing runs."""

    def close(self) -> None:
        """End the connection, whatever state it is in. Never raises."""


class Dialect(Protocol):
    """A kind of server. Holds no state."""

    @property
    def kind(self) -> str:
        """The word that facts and reports use: "postgresql", "mysql", ..."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """URI schemes in lower case."""

    def connect(self, address: Address, limits: Limits) -> Session:
        """One attempt to log in, with a time limit.

        Raises:
            Exception: the driver's own; `fault` understands it.
            SourceError: the driver is not installed.
        """

    def opening(self, limits: Limits) -> Sequence[str]:
        """What is sent first: a read-only transaction of one snapshot, timeouts, the time zone UTC."""

    def closing(self) -> Sequence[str]:
        """What is sent last, where all went well: the end of the transaction."""

    def tables(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables and views that this user may see, system tables left out, sorted."""

    def look(self, ask: Ask, table: TableName) -> Shape | None:
        """What the catalog says of a table; None where there is none of that name. Reads no row of it."""

    def quoted(self, name: str) -> str:
        """A name as SQL."""

    def project(self, column: Any, shape: Shape) -> Projection:
        """How a column (`ServerColumn`) is asked for."""

    def draw(self, method: Method, shape: Shape, wanted: Wanted) -> Draw | None:
        """The rows that are drawn by one method; None where this server, or this table, does not offer it."""

    def exact(self, what: str, shape: Shape, key: tuple[str, ...]) -> str | None:
        """The query that counts a fact (of `EXACT`) over the whole table; None where it makes no sense.

        "row_count" answers one number; "nulls" the rows, then one number of nulls for each column; "duplicates" rows
        with a whole key, and how many distinct keys they have.
        """

    def fault(self, error: BaseException) -> Fault | None:
        """What an error of the driver means; None where it is not the driver's."""
