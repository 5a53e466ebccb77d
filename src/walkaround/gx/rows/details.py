"""What GX shows of unexpected rows: their values, their numbers, a query for them, and the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import polars as pl
from great_expectations.constants import MAX_RESULT_RECORDS

from walkaround.gx.rows.answers import ROW, Condition, Unexpected
from walkaround.gx.rows.names import columns
from walkaround.gx.rows.request import Request

Detail = Callable[[Request, Condition], Any]
Domain = Literal["column", "pair", "columns"]

COMPLETE = "COMPLETE"


class Pair(tuple[Any, ...]):
    """Two values, null after all others: GX sorts the pairs that it counts, and leaves all out where that fails."""

    __slots__ = ()

    def __lt__(self, other: tuple[Any, ...]) -> bool:
        """Value by value."""
        return [(value is None, 0 if value is None else value) for value in self] < [
            (value is None, 0 if value is None else value) for value in other
        ]


def details(domain: Domain) -> Mapping[str, Detail]:
    """The metrics of unexpected rows, by the suffix of their names."""
    return {
        "unexpected_values": _values_of(domain),
        "unexpected_index_list": _index_list,
        "unexpected_index_query": _index_query,
        "unexpected_rows": _whole_rows,
    }


def _values_of(domain: Domain) -> Detail:
    def values(request: Request, condition: Condition) -> Any:
        def finish(frame: pl.DataFrame) -> list[Any]:
            shown = frame.head(MAX_RESULT_RECORDS)
            if domain == "column":
                return shown[condition.columns[0]].to_list()
            if domain == "pair":
                return [Pair(both) for both in zip(*(shown[name].to_list() for name in condition.columns), strict=True)]
            return shown.select(columns(condition.columns)).to_dicts()

        return _first(request, condition, finish)

    return values


def _index_list(request: Request, condition: Condition) -> Any:
    """Row numbers; where GX was asked to name rows by columns, what these hold beside the values."""
    named = index_columns(_format(request))
    without_values = bool(_format(request).get("exclude_unexpected_values"))

    def finish(frame: pl.DataFrame) -> list[Any]:
        if not named:
            return frame[ROW].to_list()
        if frame.is_empty():
            return []
        missing = [name for name in named if name not in request.schema]
        if missing:
            raise ValueError(
                f'Error: The unexpected_index_column "{missing[0]}" does not exist in Dataframe. '
                "Please check your configuration and try again."
            )
        if without_values:
            return [frame.select(columns(named)).to_dict(as_series=False)]
        return frame.select(columns([*condition.columns, *named])).to_dicts()

    return _first(request, condition, finish)


def _index_query(request: Request, condition: Condition) -> Any:
    """The call of pandas that would keep the unexpected rows, as GX on pandas prints it, where it is asked for.

    It names every row, not the first few, and most callers drop it: without being asked for, it is not made.
    """
    asked = _format(request).get("return_unexpected_index_query")
    if asked is False or (not asked and _format(request)["result_format"] != COMPLETE):
        return None
    return Unexpected(condition, (), None, lambda frame: f"df.filter(items={frame[ROW].to_list()}, axis=0)")


def _whole_rows(request: Request, condition: Condition) -> Any:
    """All columns of the first unexpected rows, as the pandas frame that GX's results hold."""
    limit = _limit(request)
    limit = MAX_RESULT_RECORDS if limit is None else min(limit, MAX_RESULT_RECORDS)
    return Unexpected(condition, None, limit, _as_pandas)


def _as_pandas(frame: pl.DataFrame) -> Any:
    rows = frame.drop(ROW).to_pandas(date_as_object=True)
    rows.index = frame[ROW].to_list()
    return rows


def _first(request: Request, condition: Condition, finish: Callable[[pl.DataFrame], Any]) -> Unexpected:
    """The rows of an answer: the same for each detail of one condition, so that one query answers all."""
    named = [name for name in index_columns(_format(request)) if name in request.schema]
    return Unexpected(condition, tuple(dict.fromkeys([*condition.columns, *named])), _limit(request), finish)


def _format(request: Request) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = request.arguments["result_format"]
    return asked


def _limit(request: Request) -> int | None:
    if _format(request)["result_format"] == COMPLETE:
        return None
    return int(_format(request).get("partial_unexpected_count", 20))


def index_columns(result_format: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that are to name a row."""
    names = result_format.get("unexpected_index_column_names") or ()
    return (names,) if isinstance(names, str) else tuple(names)
