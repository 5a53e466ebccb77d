"""The table as a whole: rows, columns, types, and its first rows."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import Scalar
from walkaround.gx.rows.column_types import column_type, needs_nulls
from walkaround.gx.rows.definitions import Definition, Metric
from walkaround.gx.rows.names import column
from walkaround.gx.rows.request import Request

FIRST_ROWS: Final = 5


def _row_count(_: Request) -> Scalar:
    return Scalar(pl.len(), int)


def _columns(request: Request) -> list[str]:
    return list(request.schema)


def _column_types(request: Request) -> Any:
    """The name and the type of each column. Whole numbers and booleans have one type with nulls and one without."""
    asked = [column(name).null_count() for name, dtype in request.schema.items() if needs_nulls(dtype)]

    def finish(counts: dict[str, int]) -> list[dict[str, Any]]:
        return [
            {"name": name, "type": column_type(dtype, nulls=bool(counts.get(name)))}
            for name, dtype in request.schema.items()
        ]

    return Scalar(pl.struct(asked), finish) if asked else finish({})


def _head(request: Request) -> Any:
    """The first rows, or all but the last where `n_rows` is negative, as the pandas frame that GX prints."""
    rows, frame = request.argument("n_rows", FIRST_ROWS), request.rows()
    if rows < 0 or request.argument("fetch_all", default=False):
        whole = request.collect(frame)
        return (whole.head(rows) if not request.argument("fetch_all", default=False) else whole).to_pandas()
    return request.collect(frame.head(rows)).to_pandas()


METRICS: Final[tuple[Definition, ...]] = (
    Metric("table.row_count", _row_count),
    Metric("table.columns", _columns),
    Metric("table.column_types", _column_types, {"include_nested": True}),
    Metric("table.head", _head, {"n_rows": FIRST_ROWS, "fetch_all": False}),
)
