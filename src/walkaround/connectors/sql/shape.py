"""Shape: what a server says of one of its tables before a row is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from walkaround.model.sample import Barrier, ForeignKey


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    """A table or view. `schema` is empty where the server has no schemas."""

    schema: str
    name: str

    def __str__(self) -> str:
        """As a person writes it: `public.customers`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class ServerColumn:
    """A column. `type` is the server's own word for its type, with its parameters: `numeric(12,2)`."""

    name: str
    type: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Heap:
    """A stretch of storage that is addressed by page number: a table without partitions, or one partition."""

    table: TableName
    pages: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Keys from `low` to `high`, both included, and about how many rows have them."""

    low: int
    high: int
    rows: int


@dataclass(frozen=True, slots=True)
class KeyRange:
    """A unique column of whole numbers, and the smallest and the largest that it holds.

    `stretches` are how thick the keys lie, in order and without a gap between them, where the server tells.
    """

    column: str
    low: int
    high: int
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """One table: its columns that may be read, its size, and what rows can be drawn by.

    `heaps` are the stretches that pages can be drawn of, none where the server or the table (a view) has none.
    `keys` is the declared primary key. `range` is set where a key of whole numbers can be drawn from by its value.
    `barriers` are what this user does not get to see. `facets` is for what only one dialect needs again ("encoding").
    """

    table: TableName
    columns: tuple[ServerColumn, ...]
    rows: int | None = None
    rows_are: Literal["exact", "estimate"] | None = None
    bytes: int | None = None
    is_view: bool = False
    heaps: tuple[Heap, ...] = ()
    page_bytes: int = 8192
    keys: tuple[str, ...] = ()
    range: KeyRange | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    notes: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()

    @property
    def pages(self) -> int:
        """Pages of all heaps together."""
        return sum(heap.pages for heap in self.heaps)

    def facet(self, name: str) -> str:
        """What the dialect noted under a name; empty where it noted nothing."""
        return dict(self.facets).get(name, "")
