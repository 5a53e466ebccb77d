"""The dialect of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from walkaround.connectors.address import Address
from walkaround.connectors.postgres.catalog import listed, looked
from walkaround.connectors.postgres.drawing import drawn
from walkaround.connectors.postgres.faults import understood
from walkaround.connectors.postgres.projecting import projected, quoted, written
from walkaround.connectors.postgres.session import AdbcSession
from walkaround.connectors.sql.dialect import IDLE_SECONDS, LOCK_SECONDS, Ask, Fault, Limits, Session
from walkaround.connectors.sql.drawing import Draw, Wanted
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.shape import Shape, TableName
from walkaround.model.source import Method


class Postgres:
    """PostgreSQL, over ADBC."""

    kind = "postgresql"
    schemes = ("postgresql", "postgres")

    def connect(self, address: Address, limits: Limits) -> Session:
        """One attempt to log in."""
        return AdbcSession(address, limits)

    def opening(self, limits: Limits) -> Sequence[str]:
        """A read-only transaction of one snapshot, and what holds within it, and ends with it."""
        return (
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            f"SET LOCAL statement_timeout = {int(limits.seconds * 1000)}",
            f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000}",
            f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_SECONDS * 1000}",
            "SET LOCAL standard_conforming_strings = on",
            "SET LOCAL TimeZone = 'UTC'",
            "SET LOCAL DateStyle = 'ISO'",
            "SET LOCAL IntervalStyle = 'postgres'",
            "SET LOCAL extra_float_digits = 1",
            "SET LOCAL bytea_output = 'hex'",
            # A guest takes one core, and gets its rows in the order in which they lie.
            "SET LOCAL max_parallel_workers_per_gather = 0",
            "SET LOCAL synchronize_seqscans = off",
        )

    def closing(self) -> Sequence[str]:
        """The end of the transaction."""
        return ("ROLLBACK",)

    def tables(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables and views that this user may read."""
        del address  # a session sees one database
        return listed(ask)

    def look(self, ask: Ask, table: TableName) -> Shape | None:
        """What the catalog says of a table."""
        return looked(ask, table)

    def quoted(self, name: str) -> str:
        """A name as SQL."""
        return quoted(name)

    def project(self, column: Any, shape: Shape) -> Projection:
        """How a column is asked for."""
        return projected(column, shape.facet("encoding"))

    def draw(self, method: Method, shape: Shape, wanted: Wanted) -> Draw | None:
        """The rows that are drawn by one method."""
        return drawn(method, shape, wanted)

    def exact(self, what: str, shape: Shape, key: tuple[str, ...]) -> str | None:
        """The query that counts a fact over the whole table."""
        table = written(shape.table)
        if what == "row_count":
            return f"SELECT count(*) FROM {table}"  # noqa: S608 - names are quoted
        if what == "nulls":
            counts = "".join(f", count(*) - count({quoted(column.name)})" for column in shape.columns)
            return f"SELECT count(*){counts} FROM {table}"  # noqa: S608 - names are quoted
        if what != "duplicates" or not key or not {*key} <= {column.name for column in shape.columns}:
            return None
        names = [quoted(name) for name in key]
        whole = " AND ".join(f"{name} IS NOT NULL" for name in names)
        groups = f"SELECT count(*) AS n FROM {table} WHERE {whole} GROUP BY {', '.join(names)}"  # noqa: S608 - names are quoted
        return f"SELECT coalesce(sum(n), 0)::bigint, count(*) FROM ({groups}) g"  # noqa: S608 - names are quoted

    def fault(self, error: BaseException) -> Fault | None:
        """What an error of the driver means."""
        return understood(error)
