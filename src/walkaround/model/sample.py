"""Sample: what was read of a source, how it was drawn, and what was lost on the way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from walkaround.model.source import EMPTY

if TYPE_CHECKING:
    import pyarrow as pa


TYPELESS: Final = frozenset({"delimited", "ndjson", "json"})
"""Kinds of source whose types are what a reader makes of them; a column without values has none."""


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column as the source declares it. `type` is the source's own word ("VARCHAR"); "text" in text files."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the source says of itself, apart from its rows.

    `notes` are things that a reader of the report should know of the file: its encoding, its delimiter, a preamble.
    `statements` lists every statement that was sent to a server.
    """

    kind: str
    columns: tuple[DeclaredColumn, ...] = ()
    rows_total: int | None = None
    rows_total_is: Literal["exact", "estimate"] | None = None
    bytes: int | None = None
    modified: datetime | None = None
    key: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the rows of a sample were chosen.

    `method`: "full", "row_groups" (seeded rows of each row group), "lines" (seeded data lines), "rows" (seeded rows of
    a table held in memory), ... `fraction` is the share of all rows that is in the sample, where it is known.
    `cannot_tell`: what this method leaves unknown, in words for the report ("duplicate rows").
    `probability`: False where rows were not drawn by chance (the first N): no inference is made from such a sample.
    """

    method: str
    seed: int
    rows: int
    fraction: float | None = None
    cannot_tell: tuple[str, ...] = ()
    probability: bool = True


@dataclass(frozen=True, slots=True)
class Records:
    """What became of the physical records of a text file; for other sources only `rows` counts.

    `rejected` counts records that could not be made into rows, by reason.
    `repaired` counts records that were read, but not as they stand (bytes of another encoding, NUL bytes), by reason.
    The invariant `rows + rejected + blank + preamble + header == physical` holds wherever `physical` is known.
    """

    rows: int
    physical: int | None = None
    rejected: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    repaired: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    blank: int = 0
    preamble: int = 0
    header: int = 0

    @property
    def lost(self) -> int:
        """Records that were rejected, whatever the reason."""
        return sum(self.rejected.values())


class Sample(ABC):
    """Rows of one source that can be read as often as needed.

    Reading twice gives the same batches in the same order. Row 0 is the first data row; rejected records, blank lines,
    preamble and header are not counted. `facts`, `drawn`, `records` and `fingerprint` are complete once `batches` was
    read to its end for the first time; before that they say what is known so far.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def facts(self) -> SourceFacts:
        """What the source says of itself."""

    @property
    @abstractmethod
    def drawn(self) -> Drawn:
        """How the rows were chosen."""

    @property
    @abstractmethod
    def records(self) -> Records:
        """What became of the records."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Short text that is the same when the same rows are read again: of method, seed, rows and source state."""

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in reading order, in batches of one schema, of bounded size (about 128 MiB at most).

        Raises:
            SourceError: the source could not be read, or changed since the sample was opened.
        """
