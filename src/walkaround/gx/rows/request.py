"""A request: what one metric is asked about, and of which rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from great_expectations.exceptions import InvalidMetricAccessorDomainKwargsKeyError

from walkaround.gx.rows.names import column


@dataclass(frozen=True, slots=True)
class Target:
    """A column that a metric is about."""

    name: str
    dtype: pl.DataType

    @property
    def expr(self) -> pl.Expr:
        """Its values."""
        return column(self.name)

    @property
    def numeric(self) -> bool:
        """Whether arithmetic is defined on it: numbers, booleans as 0 and 1, and a column of nothing but nulls."""
        return self.dtype.is_numeric() or self.dtype in (pl.Boolean, pl.Null)

    @property
    def number(self) -> pl.Expr:
        """Its values as numbers: decimals as floats, as GX on pandas converts them."""
        if self.dtype.is_decimal() or self.dtype == pl.Null:
            return self.expr.cast(pl.Float64)
        return self.expr.cast(pl.UInt8) if self.dtype == pl.Boolean else self.expr

    def require_number(self, what: str) -> None:
        """Refuse a column that is no number.

        Raises:
            TypeError: the column is no number.
        """
        if not self.numeric:
            # GX on pandas fails with NumPy's words for text, which people look for
            text = "could not convert string to float: " if self.dtype == pl.String else ""
            raise TypeError(f"{text}{what} of column {self.name!r} needs a number, and it is {self.dtype}")


@dataclass(frozen=True, slots=True)
class Request:
    """A metric's domain and arguments, the dependencies it named, and the rows of its domain.

    `rows` gives the domain as a lazy frame, its row condition applied, and `collect` runs what is made of it; `schema`
    are the columns of the batch.
    """

    schema: Mapping[str, pl.DataType]
    domain: Mapping[str, Any]
    arguments: Mapping[str, Any]
    metrics: Mapping[str, Any]
    rows: Callable[[], pl.LazyFrame]
    collect: Callable[[pl.LazyFrame], pl.DataFrame]

    def argument(self, name: str, default: Any = None) -> Any:
        """An argument, or the default where it is absent or null."""
        value = self.arguments.get(name)
        return default if value is None else value

    def column(self, key: str = "column") -> Target:
        """The column that the domain names.

        Raises:
            InvalidMetricAccessorDomainKwargsKeyError: the batch has no such column.
        """
        return self.columns([self.domain[key]])[0]

    def columns(self, names: Iterable[str]) -> list[Target]:
        """Some columns of the batch, by name; where there is none of a name, the one that has it in other letter case.

        Raises:
            InvalidMetricAccessorDomainKwargsKeyError: the batch has no such column.
        """
        return [Target(found, self.schema[found]) for found in map(self._found, names)]

    def _found(self, name: str) -> str:
        if name in self.schema:
            return name
        for other in self.schema:
            if other.casefold() == name.casefold():
                return other
        raise InvalidMetricAccessorDomainKwargsKeyError(
            message=f'Error: The column "{name}" in BatchData does not exist.'
        )


def domain_key(domain: Mapping[str, Any]) -> tuple[Hashable, ...]:
    """Equal for domains of the same rows, whichever columns of them are looked at."""
    condition = domain.get("row_condition")
    told = "" if not condition else repr(condition.dict() if hasattr(condition, "dict") else condition)
    return domain.get("batch_id"), told, domain.get("condition_parser")
