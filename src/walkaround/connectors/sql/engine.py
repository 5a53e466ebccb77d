"""Engine: a dialect made of values. What differs between vendors is words; each vendor's module holds its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import Lookup
from walkaround.connectors.sql.dialect import Ask, Fault, Limits, Session
from walkaround.connectors.sql.drawing import Draw, Wanted
from walkaround.connectors.sql.engine_draws import drawn
from walkaround.connectors.sql.faults import Client, Rule, understood
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.shape import Shape, TableName
from walkaround.model.source import Method

OwnDraw = Callable[[Method, Shape, Wanted, str], Draw | None]


def _none_of_its_own(method: Method, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    del method, shape, wanted, table
    return None


@dataclass(frozen=True, slots=True)
class Engine:
    """A kind of server, as `Dialect` describes it.

    `log_in` is one attempt; `begin` what is sent first, `end` what is sent last. `own_draw` is asked before the draws
    that engines have in common.
    """

    kind: str
    schemes: tuple[str, ...]
    client: Client
    grammar: Grammar
    lookup: Lookup
    log_in: Callable[[Address, Limits], Session]
    begin: Callable[[Limits], Sequence[str]]
    rules: tuple[Rule, ...]
    end: tuple[str, ...] = ()
    own_draw: OwnDraw = _none_of_its_own

    def connect(self, address: Address, limits: Limits) -> Session:
        """One attempt to log in."""
        return self.log_in(address, limits)

    def opening(self, limits: Limits) -> Sequence[str]:
        """What is sent first."""
        return self.begin(limits)

    def closing(self) -> Sequence[str]:
        """What is sent last."""
        return self.end

    def tables(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables and views that this user may see."""
        return self.lookup.listed(ask, address)

    def look(self, ask: Ask, table: TableName) -> Shape | None:
        """What the catalog says of a table."""
        return self.lookup.looked(ask, table)

    def quoted(self, name: str) -> str:
        """A name as SQL."""
        return self.grammar.quoted(name)

    def project(self, column: Any, shape: Shape) -> Projection:
        """How a column is asked for."""
        del shape
        return self.grammar.projection(column)

    def draw(self, method: Method, shape: Shape, wanted: Wanted) -> Draw | None:
        """The rows that are drawn by one method."""
        table = self._name(shape.table)
        return self.own_draw(method, shape, wanted, table) or drawn(method, self.grammar, shape, wanted, table)

    def exact(self, what: str, shape: Shape, key: tuple[str, ...]) -> str | None:
        """The query that counts a fact over the whole table."""
        return counting(what, shape, key, self.grammar, self._name(shape.table))

    def fault(self, error: BaseException) -> Fault | None:
        """What an error of the client library means."""
        return understood(error, self.rules, self.client)

    def _name(self, table: TableName) -> str:
        return ".".join(self.grammar.quoted(part) for part in (table.schema, table.name) if part)


def counting(what: str, shape: Shape, key: tuple[str, ...], grammar: Grammar, table: str) -> str | None:
    """The query that counts a fact of `EXACT`; None where it makes no sense."""
    if what == "row_count":
        return f"SELECT COUNT(*) FROM {table}"  # noqa: S608 - names are quoted
    if what == "nulls":
        counts = "".join(f", COUNT(*) - COUNT({grammar.quoted(column.name)})" for column in shape.columns)
        return f"SELECT COUNT(*){counts} FROM {table}"  # noqa: S608 - names are quoted
    if what != "duplicates" or not key or not {*key} <= {column.name for column in shape.columns}:
        return None
    names = [grammar.quoted(name) for name in key]
    there = " AND ".join(f"{name} IS NOT NULL" for name in names)
    groups = f"SELECT COUNT(*) AS n FROM {table} WHERE {there} GROUP BY {', '.join(names)}"  # noqa: S608 - names are quoted
    return f"SELECT COALESCE(SUM(n), 0), COUNT(*) FROM ({groups}) g"  # noqa: S608 - names are quoted
