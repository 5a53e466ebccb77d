"""Sample: what was read of a source, how it was drawn, and what was lost on the way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from walkaround.errors import AccessReason
from walkaround.model.fact import Fact
from walkaround.model.source import EMPTY

if TYPE_CHECKING:
    import pyarrow as pa


UNIT: Final = "__walkaround_unit"
"""Name of the hidden int64 column that says which sampling unit (page, key range, row group, file) a row came from.

A sample that has it was drawn in clusters; no measure of columns sees it."""
STRATUM: Final = "__walkaround_stratum"
"""Name of the hidden int64 column that says which stratum a row's unit was drawn in. Strata are numbered in the order
of the table; a sample with units and without strata had its units drawn from the whole table at once."""
HIDDEN: Final = frozenset({UNIT, STRATUM})

TYPELESS: Final = frozenset({"delimited", "ndjson", "json", "kafka", "mongodb", "rest"})
"""Kinds of source whose types are what a reader makes of them; a column without values has none."""


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column as the source declares it. `type` is the source's own word ("VARCHAR"); "text" in text files."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Barrier:
    """A part of a source that could not be seen: a column without the right to read it, rows hidden by a policy.

    `columns` are those that it hides; none where it hides rows. `message` says what happened, `hint` what to ask whom
    for. Becomes a finding, ACC001.
    """

    reason: AccessReason
    message: str
    hint: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values are keys of another table, as the source declares it."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the source says of itself, apart from its rows.

    `notes` are things that a reader of the report should know of the file: its encoding, its delimiter, a preamble.
    `statements` lists every statement that was sent to a server, or request to a store, in order.
    `barriers` are parts that could not be seen. `exact` are facts that the source counted over its whole table.
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
    barriers: tuple[Barrier, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    exact: tuple[Fact, ...] = ()

    @property
    def denied(self) -> frozenset[str]:
        """Columns that are there and may not be read."""
        return frozenset(name for barrier in self.barriers for name in barrier.columns)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the rows of a sample were chosen.

    `method`: "full", "row_groups" (seeded rows of each row group), "lines" (seeded data lines), "rows" (rows drawn one
    by one), "pages" and "key_ranges" (seeded units, one of each stratum of the table), "key_hash" (all rows of the keys
    whose hash is small: duplicates and related tables stay countable), "system" (the engine's own choice of blocks),
    "windows" (seeded stretches of a log's offsets, one of each stratum), "first" (the first so many). `fraction` is the
    share of all rows that is in the sample, where it is known.
    `cannot_tell`: what this method leaves unknown, in words for the report ("duplicate rows").
    `probability`: False where rows were not drawn by chance (the first N): no inference is made from such a sample.
    """

    method: str
    seed: int
    rows: int
    fraction: float | None = None
    cannot_tell: tuple[str, ...] = ()
    probability: bool = True

    @property
    def whole(self) -> bool:
        """Whether these are all rows of the source."""
        return self.method == "full" or self.fraction == 1.0

    @property
    def unknown(self) -> frozenset[str]:
        """What the method cannot tell; never duplicates where it keeps all rows of a key."""
        return frozenset(self.cannot_tell) - ({"duplicate rows"} if self.method == "key_hash" else set())


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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a sample by now. Reading tells more: a sample then puts another in its place."""

    facts: SourceFacts
    drawn: Drawn
    records: Records = Records(0)
    fingerprint: str = ""


class Sample(ABC):
    """Rows of one source that can be read as often as needed.

    Reading twice gives the same batches in the same order. Row 0 is the first data row; rejected records, blank lines,
    preamble and header are not counted. `facts`, `drawn`, `records` and `fingerprint` are complete once `batches` was
    read to its end for the first time; before that they say what is known so far.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def known(self) -> Known:
        """What is known by now."""

    @property
    def facts(self) -> SourceFacts:
        """What the source says of itself."""
        return self.known.facts

    @property
    def drawn(self) -> Drawn:
        """How the rows were chosen."""
        return self.known.drawn

    @property
    def records(self) -> Records:
        """What became of the records."""
        return self.known.records

    @property
    def fingerprint(self) -> str:
        """Short text that is the same when the same rows are read again: of method, seed, rows and source state."""
        return self.known.fingerprint

    def fetch(self) -> None:  # noqa: B027 - files have nothing to fetch
        """Bring the rows of a source that is far away here, so that reading them asks nobody. Files have them here.

        Raises:
            SourceError: the source could not be read.
        """

    def stop(self) -> None:  # noqa: B027 - nor to stop
        """End a `fetch` that goes on in another thread, and what runs on the server for it."""

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in reading order, in batches of one schema, of bounded size (about 128 MiB at most).

        Raises:
            SourceError: the source could not be read, or changed since the sample was opened.
        """
