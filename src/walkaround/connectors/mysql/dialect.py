"""The dialect of MySQL and MariaDB: the two differ in what they call a statement's time limit, and in little else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote

from walkaround.connectors.address import Address
from walkaround.connectors.mysql import catalog, queries
from walkaround.connectors.mysql.cells import ranges_drawn, thinning_of
from walkaround.connectors.mysql.faults import fault_of
from walkaround.connectors.mysql.projecting import TEXTS, bare_type, key_text, projected, quoted
from walkaround.connectors.sql.dialect import IDLE_SECONDS, LOCK_SECONDS, Ask, Fault, Limits, Session
from walkaround.connectors.sql.drawing import HASH_SPACE, PIECES, Draw, Piece, Wanted, threshold
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.shape import ServerColumn, Shape, TableName
from walkaround.model.source import Method

RANGES: Final = 1_500
"""Ranges of keys in one statement: the optimizers of both give up, and scan the table, at some thousands."""
_NO_LIMIT: Final = (1 << 64) - 1


class MySql:
    """MySQL 5.7 and newer, MariaDB 10.3 and newer."""

    kind = "mysql"
    schemes = ("mysql", "mariadb")

    def connect(self, address: Address, limits: Limits) -> Session:
        """One attempt to log in."""
        from walkaround.connectors.mysql.session import MySqlSession  # noqa: PLC0415 - the driver loads where it is used

        return MySqlSession(address, limits)

    def opening(self, limits: Limits) -> Sequence[str]:
        """UTF-8, one snapshot that is read and not written, time limits, and no mode that changes what text says.

        What stands between `/*M!` and `*/` is read by MariaDB alone, what stands between `/*!` and `*/` by MySQL alone:
        the statements are the same for both.
        """
        milliseconds = int(limits.seconds * 1000)
        settings = (
            f"sql_mode = '', time_zone = '+00:00', sql_select_limit = {_NO_LIMIT}, wait_timeout = {IDLE_SECONDS}, "
            f"net_read_timeout = {IDLE_SECONDS}, net_write_timeout = {IDLE_SECONDS}, "
            f"lock_wait_timeout = {LOCK_SECONDS}, innodb_lock_wait_timeout = {LOCK_SECONDS} "
            f"/*M!100303 , max_statement_time = {limits.seconds:g} */ /*!50708 , max_execution_time = {milliseconds} */"
        )
        return (
            "SET NAMES utf8mb4",
            f"SET SESSION {settings}",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        )

    def closing(self) -> Sequence[str]:
        """Nothing was written, so there is nothing to keep."""
        return ("ROLLBACK",)

    def tables(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables and views of the database that the address names, else of all."""
        return catalog.listed(ask, unquote(address.parts.path.strip("/")) or None)

    def look(self, ask: Ask, table: TableName) -> Shape | None:
        """What the catalog says of a table."""
        return catalog.looked(ask, table)

    def quoted(self, name: str) -> str:
        """A name as SQL."""
        return quoted(name)

    def project(self, column: Any, shape: Shape) -> Projection:
        """How a column is asked for."""
        del shape
        return projected(column)

    def draw(self, method: Method, shape: Shape, wanted: Wanted) -> Draw | None:
        """The rows that are drawn by one method; None where this table does not offer it."""
        source = queries.written(shape.table)
        if method == "key_ranges":
            return _by_ranges(shape, wanted, source)
        if method == "key_hash":
            return _by_hash(shape, wanted, source)
        if method == "rows" and shape.rows:
            share = min(1.0, wanted.rows / shape.rows)
            where = f"RAND({wanted.chance.randrange(1 << 31)}) < {share:.12f}"
            return Draw("rows", (Piece(source, where),), wanted.rows, share, cost=(_scan(shape),))
        if method == "first":
            cost = (f"the first {wanted.rows:,} rows",)
            return Draw(
                "first", (Piece(source, "", f"LIMIT {wanted.rows}"),), wanted.rows, cost=cost, probability=False
            )
        return None

    def exact(self, what: str, shape: Shape, key: tuple[str, ...]) -> str | None:
        """The query that counts a fact over the whole table."""
        source = queries.written(shape.table)
        if what == "row_count":
            return f"SELECT COUNT(*) FROM {source}"  # noqa: S608 - names are quoted
        if what == "nulls":
            nulls = ", ".join(f"COALESCE(SUM({quoted(column.name)} IS NULL), 0)" for column in shape.columns)
            return f"SELECT COUNT(*), {nulls} FROM {source}"  # noqa: S608 - names are quoted
        if what == "duplicates" and key and {column.name for column in shape.columns}.issuperset(key):
            columns = {column.name: column for column in shape.columns}
            names = ", ".join(_as_stored(columns[name]) for name in key)
            whole = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in key)
            groups = f"SELECT COUNT(*) AS n FROM {source} WHERE {whole} GROUP BY {names}"  # noqa: S608 - names are quoted
            return f"SELECT COALESCE(SUM(n), 0), COUNT(*) FROM ({groups}) AS walkaround_groups"  # noqa: S608 - names are quoted
        return None

    def fault(self, error: BaseException) -> Fault | None:
        """What an error of the driver means."""
        return fault_of(error)


def _by_ranges(shape: Shape, wanted: Wanted, source: str) -> Draw | None:
    if shape.range is None or not shape.range.stretches:
        return None
    (ranges, share), name = ranges_drawn(shape.range, wanted), quoted(shape.range.column)
    count = min(len(ranges), max(PIECES, -(-len(ranges) // RANGES)))
    kept = thinning_of(wanted)
    thinned = f" AND {_hash(f'CAST({name} AS CHAR)', wanted.seed)} % {kept} = 0" if kept > 1 else ""
    dealt = [ranges[start::count] for start in range(count)]
    listed = [" OR ".join(f"{name} BETWEEN {low} AND {high}" for low, high in share_of) for share_of in dealt]
    pieces = tuple(Piece(source, f"({where}){thinned}", "", name) for where in listed)
    rows = round(share * sum(stretch.rows for stretch in shape.range.stretches))
    of = f", of which one in {kept} is sent" if kept > 1 else ""
    cost = f"{len(ranges):,} ranges of the index of {shape.range.column}, about {rows:,} rows{of}"
    return Draw("key_ranges", pieces, rows // kept, share / kept, tuple(low for low, _ in ranges), (cost,))


def _by_hash(shape: Shape, wanted: Wanted, source: str) -> Draw | None:
    columns = {column.name: column for column in shape.columns}
    if not wanted.key or not shape.rows or not columns.keys() >= set(wanted.key):
        return None
    below = threshold(shape.rows, wanted)
    text = ", CHAR(31 USING utf8mb4), ".join(key_text(columns[name]) for name in wanted.key)
    hashed = _hash(text, wanted.seed)
    piece = Piece(source, f"{hashed} < {below}", unit=hashed)
    share = below / HASH_SPACE
    return Draw(
        "key_hash",
        (piece,),
        round(shape.rows * share),
        share,
        cost=(_scan(shape),),
        cannot_tell=("rows without a key",),
    )


def _as_stored(column: ServerColumn) -> str:
    """Text byte by byte: to a collation, other cases and blanks at the end are the same."""
    name = quoted(column.name)
    return f"CAST({name} AS BINARY)" if bare_type(column) in TEXTS else name


def _hash(text: str, seed: int) -> str:
    """`drawing.key_hash`, as SQL."""
    return f"CAST(CONV(LEFT(MD5(CONCAT({text}, '|{seed}')), 8), 16, 10) AS UNSIGNED)"


def _scan(shape: Shape) -> str:
    rows = "all rows" if shape.rows is None else f"all of about {shape.rows:,} rows"
    return f"one full scan, {rows}" + ("" if shape.bytes is None else f", {shape.bytes:,} bytes")
