"""SQL over the batch, for expectations that state the rows they do not want to see as a query."""

from __future__ import annotations

import re
from typing import Any, Final

import polars as pl
from great_expectations.constants import MAX_RESULT_RECORDS

from walkaround.gx.rows.definitions import Definition, Metric
from walkaround.gx.rows.request import Request

BATCH: Final = "gx_batch"
"""What the batch is called within the query; the user writes `{batch}`."""


QUERY: Final = re.compile(r"\s*\(*\s*(select|with)\b", re.IGNORECASE)
READS: Final = re.compile(r"\b(read|scan)_\w+\s*\(", re.IGNORECASE)
"""Functions by which Polars' SQL reads files: a suite that somebody shared must not."""


def _found(request: Request) -> pl.LazyFrame:
    query = request.argument("unexpected_rows_query", "")
    if not QUERY.match(query):
        raise ValueError("unexpected_rows_query must be a query: it starts with SELECT or WITH")
    if READS.search(query):
        raise ValueError("unexpected_rows_query asks the batch; it reads no files")
    for placeholder in ("{batch}", "{active_batch}"):
        query = query.replace(placeholder, BATCH)
    return pl.SQLContext({BATCH: request.rows()}, eager=False).execute(query.replace("{{", "{").replace("}}", "}"))


def _rows(request: Request) -> list[dict[str, Any]]:
    return request.collect(_found(request).head(MAX_RESULT_RECORDS)).to_dicts()


def _count(request: Request) -> int:
    return int(request.collect(_found(request).select(pl.len())).item())


METRICS: Final[tuple[Definition, ...]] = (
    Metric("unexpected_rows_query.table", _rows),
    Metric("unexpected_rows_query.row_count", _count),
)
