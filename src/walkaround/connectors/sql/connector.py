"""The connector of a server that speaks SQL: looks, plans and reads, whatever the dialect."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from walkaround.connectors.address import Address, address_of
from walkaround.connectors.contract import REMOTE_ROWS, Plan
from walkaround.connectors.sql.dialect import Ask, Dialect, Limits
from walkaround.connectors.sql.drawing import LADDER, Draw, Piece, Wanted
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.reading import ServerSample
from walkaround.connectors.sql.request import Request
from walkaround.connectors.sql.shape import Shape, TableName
from walkaround.connectors.sql.speaking import Speaking, speaking
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import DeclaredColumn, Sample, SourceFacts
from walkaround.model.source import Source

NEAR: Final = 1.25
"""A table estimated to hold up to so many times the rows that are wanted is read whole: estimates are off by a tenth,
and the whole table can tell what no sample can."""


Price = Callable[[Ask, tuple[str, ...]], tuple[str, ...]]
"""What queries will cost, in words, where the server tells without running them."""


class SqlConnector:
    """A kind of server. A value made of its dialect, so that a module of a server holds only what is its own."""

    def __init__(self, dialect: Dialect, price: Price | None = None) -> None:
        self.dialect = dialect
        self._price = price
        self.kind = dialect.kind
        self.schemes = dialect.schemes

    def claims(self, uri: str) -> bool:
        """By scheme."""
        return uri.partition("://")[0].lower() in self.schemes

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it: one login, catalog queries, no row."""
        try:
            plan = self.plan(source)
        except SourceError as error:
            return (error,)
        return tuple(
            SourceError(source.name, barrier.reason, barrier.message, barrier.hint) for barrier in plan.facts.barriers
        )

    def datasets(self, source: Source) -> Iterator[str]:
        """The tables and views that this user may see."""
        address = address_of(source)
        with speaking(self.dialect, source, address, limits_of(source), []) as line:
            found = self.dialect.tables(line.ask, address)
        yield from map(str, found)

    def describe(self, source: Source) -> SourceFacts:
        """What the catalog says."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """One login; the catalog is asked, no row is read."""
        address = address_of(source)
        said: list[str] = []
        with speaking(self.dialect, source, address, limits_of(source), said) as line:
            shape = looked_up(self.dialect, line, source, address)
        only = source.sample.columns
        projections = tuple(
            self.dialect.project(column, shape) for column in shape.columns if not only or column.name in only
        )
        draw = chosen_draw(self.dialect, shape, source)
        request = Request(shape, projections, draw, tuple(statements(self.dialect, projections, draw)))
        exact = tuple(
            statement
            for what in source.exact
            if (statement := self.dialect.exact(what, shape, source.key or shape.keys)) is not None
        )
        facts = SourceFacts(
            self.kind,
            tuple(DeclaredColumn(column.name, column.type) for column in shape.columns),
            rows_total=shape.rows,
            rows_total_is=shape.rows_are,
            bytes=shape.bytes,
            key=shape.keys,
            notes=shape.notes,
            statements=tuple(said),
            barriers=shape.barriers,
            foreign_keys=shape.foreign_keys,
        )
        steps = (*self.dialect.opening(limits_of(source)), *exact, *request.statements, *self.dialect.closing())
        rows = None if draw.method == "full" else draw.rows
        if self._price is not None:
            with speaking(self.dialect, source, address, limits_of(source), said) as line:
                draw = replace(draw, cost=(*draw.cost, *self._price(line.ask, request.statements)))
            facts = replace(facts, statements=tuple(said))
        return Plan(
            source, self.kind, (), facts, rows, source.sample.seed, (request,), draw.method, steps, draw.cost
        )  # fmt: skip

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan; the server is asked when they are first wanted."""
        return ServerSample(self.dialect, plan, address_of(plan.source), _state(plan))


def limits_of(source: Source) -> Limits:
    """What reading a source may cost."""
    return Limits(source.sample.seconds, source.sample.bytes)


def looked_up(dialect: Dialect, line: Speaking, source: Source, address: Address) -> Shape:
    """The table that the source names.

    Raises:
        SourceError: there is none of that name, several, or no column of it may be read.
    """
    wanted = source.table or address.options.get("table") or address.parts.fragment
    tables = dialect.tables(line.ask, address)
    name = _named(wanted, tables) or _unlisted(wanted)
    if name is None:
        raise _no_table(source, address, wanted, tables)
    shape = dialect.look(line.ask, name)
    if shape is None:
        raise _no_table(source, address, wanted, tables)
    for barrier in shape.barriers if not shape.columns else ():
        raise SourceError(source.name, barrier.reason, f"{source.name}: {barrier.message}", barrier.hint)
    if not shape.columns:
        hint = f"ask its owner for: GRANT SELECT ON {name} TO {address.user or 'the user of walkaround'}"
        raise SourceError(source.name, "denied", f"{source.name}: no column of {name} may be read", hint)
    return shape


def chosen_draw(dialect: Dialect, shape: Shape, source: Source) -> Draw:
    """How the rows are drawn: all of them where that is what is wanted or hardly more, else by the method that the
    settings name, else by the first of the ladder that this table offers.

    Raises:
        UsageError: the method that the settings name is not offered.
    """
    request = source.sample
    rows = request.rows if isinstance(request.rows, int) else REMOTE_ROWS
    small = shape.rows is not None and shape.rows <= (rows if isinstance(request.rows, int) else rows * NEAR)
    if request.rows == "full" or (small and request.method is None):
        whole = (Piece(_name(dialect, shape.table)),)
        return Draw("full", whole, shape.rows, 1.0, cost=(_whole(shape),), cannot_tell=())
    wanted = Wanted(rows, request.seed, f"{dialect.kind}|{shape.table}", source.key or shape.keys)
    for method in [request.method] if request.method else LADDER:
        if (draw := dialect.draw(method, shape, wanted)) is not None:
            return draw
    offered = [method for method in LADDER if dialect.draw(method, shape, wanted) is not None]
    raise UsageError(
        f"{source.name}: {shape.table} cannot be sampled by {request.method}", f"it can by {', '.join(offered)}"
    )


def statements(dialect: Dialect, projections: Sequence[Projection], draw: Draw) -> Iterator[str]:  # fmt: skip
    """The queries of a sample, word for word. Columns are named by number: a server may fold, cut or repeat names."""
    asked = [expression for projection in projections for expression in projection.expressions]
    for piece in draw.pieces:
        listed = [f"{expression} AS {dialect.quoted(f'c{place}')}" for place, expression in enumerate(asked)]
        if piece.unit:
            listed.append(f"{piece.unit} AS {dialect.quoted('unit')}")
        where = f" WHERE {piece.where}" if piece.where else ""
        tail = f" {piece.tail}" if piece.tail else ""
        yield f"SELECT {', '.join(listed)} FROM {piece.source}{where}{tail}"  # noqa: S608 - names are quoted


def _name(dialect: Dialect, table: TableName) -> str:
    return ".".join(dialect.quoted(part) for part in (table.schema, table.name) if part)


def _whole(shape: Shape) -> str:
    rows = "all rows" if shape.rows is None else f"all of about {shape.rows:,} rows"
    return f"one full scan, {rows}" + ("" if shape.bytes is None else f", {shape.bytes:,} bytes")


def _named(wanted: str | None, tables: Sequence[TableName]) -> TableName | None:
    """The table of that name: as it is written, or without its schema where only one has it, letter case aside."""
    if not wanted:
        return tables[0] if len(tables) == 1 else None
    for same in (
        [table for table in tables if str(table) == wanted],
        [table for table in tables if table.name == wanted],
        [table for table in tables if str(table).lower() == wanted.lower()],
        [table for table in tables if table.name.lower() == wanted.lower()],
    ):
        if len(same) == 1:
            return same[0]
    return None


def _unlisted(wanted: str | None) -> TableName | None:
    """A name with its schema is asked for even where it is not listed: it may be a partition, or one that this user may
    not read, which is not the same as missing.
    """
    schema, dot, name = (wanted or "").partition(".")
    return TableName(schema, name) if dot else None


def _no_table(source: Source, address: Address, wanted: str | None, tables: Sequence[TableName]) -> SourceError:
    names = [str(table) for table in tables]
    where = address.parts.path.strip("/") or address.parts.hostname or address.scheme
    if not wanted:
        hint = f"name one: table: {names[0]}" if names else "ask for the right to read its tables"
        some = f": {', '.join(names[:20])}" if names else ""
        return SourceError(
            source.name, "missing", f"{source.name}: {where} has {len(names)} tables and none is named{some}", hint
        )
    near = difflib.get_close_matches(wanted, [*names, *(table.name for table in tables)], n=1)
    hint = f"did you mean {near[0]}?" if near else "look at its name, or ask its owner for the right to read it"
    words = f"{source.name}: {where} has no table {wanted}, or this user may not see it"
    return SourceError(source.name, "missing", words, hint)


def _state(plan: Plan) -> str:
    """What the sample is a sample of, before it was read."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update("\n".join([plan.kind, str(plan.source.table), str(plan.seed), *plan.steps]).encode())
    return digest.hexdigest()
