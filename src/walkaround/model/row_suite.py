"""RowSuite: a Great Expectations suite about rows that a person wrote, and what a run answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from walkaround.model.limit import Severity

BOUNDS: Final = {
    "min_value": "at least ", "max_value": "at most ", "value": "", "threshold": "threshold ", "type_": "",
    "strftime_format": "",
}  # fmt: skip
"""Arguments that say in short what is expected. Sets, patterns and queries are left out: they may hold values."""
LONGEST: Final = 40
"""Characters of an argument that are repeated in messages."""


@dataclass(frozen=True, slots=True)
class RowExpectation:
    """One expectation: Great Expectations' type, arguments and severity; `place` counts from 1 in its file."""

    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    place: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values it is about; none where it is about the table."""
        if self.type.startswith("expect_table_"):
            return ()
        one = [self.kwargs.get(name) for name in ("column", "column_A", "column_B")]
        several = self.kwargs.get("column_list")
        return tuple(dict.fromkeys(str(name) for name in [*one, *(several or ())] if name is not None))

    @property
    def mostly(self) -> float:
        """The share of rows that must be as expected."""
        mostly = self.kwargs.get("mostly")
        return 1.0 if mostly is None else float(mostly)

    @property
    def words(self) -> str:
        """Type and bounds, for people: '"expect column values to be between" (at least 0, at most 100)'."""
        given = {name: self.kwargs.get(name) for name in BOUNDS}
        told = [f"{BOUNDS[name]}{value}" for name, value in given.items() if isinstance(value, str | int | float)]
        told += ["on some rows only"] if self.kwargs.get("row_condition") else []
        short = [each if len(each) <= LONGEST else f"{each[:LONGEST]}..." for each in told]
        name = f'"{self.type.replace("_", " ")}"'
        return f"{name} ({', '.join(short)})" if short else name


@dataclass(frozen=True, slots=True)
class RowSuite:
    """The expectations of one file. `file` is its path, for whoever has to mend it, `digest` a hash of its text."""

    file: str
    expectations: tuple[RowExpectation, ...]
    digest: str

    @property
    def name(self) -> str:
        """What reports call it: the name of the file alone."""
        return PurePath(self.file).name


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one expectation. `success` is None where there is no answer; `error` then says why, without values.

    `count` of `rows` were not as expected; `rows` are those that it speaks of (without nulls, as Great Expectations
    counts), None where it speaks of columns. `observed` is the number that was held to the bounds, where that is a
    count or a rate.
    """

    success: bool | None
    error: str = ""
    rows: int | None = None
    count: int | None = None
    observed: float | None = None
