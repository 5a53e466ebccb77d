"""The way to pandas, for metrics that somebody wrote for it and for nothing else. Off unless the user turns it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from walkaround.gx.rows.answers import ROW
from walkaround.gx.rows.names import columns as by_name

if TYPE_CHECKING:
    from walkaround.gx.rows.engine import PolarsExecutionEngine

DROPPED: Final[Mapping[str, Literal["all", "any"]]] = {
    "both_values_are_missing": "all",
    "all_values_are_missing": "all",
    "either_value_is_missing": "any",
    "any_value_is_missing": "any",
}
"""What GX's `ignore_row_if` means to `DataFrame.dropna`."""


def whole_frame(engine: PolarsExecutionEngine, frame: pl.LazyFrame) -> Any:
    """All rows and columns."""
    return engine.collect([frame])[0].to_pandas(date_as_object=True)


def domain_frame(engine: PolarsExecutionEngine, domain: Mapping[str, Any]) -> Any:
    """The rows of a domain, with the columns that it is about and those that name its rows (all, where it names none),
    numbered as in the batch.

    Raises:
        ExecutionEngineError: falling back to pandas is not allowed.
    """
    columns = _columns(domain)
    columns = [target.name for target in engine.request(domain, {}, {}).columns(columns)]
    naming = [name for name in engine.naming if name in engine.batch_rows(domain).schema]
    converted = list(dict.fromkeys([*columns, *naming])) if columns else []
    engine.allow_fallback(", ".join(converted) or "the whole batch")
    numbered = engine.domain_rows(domain, numbered=True)
    if converted:
        numbered = numbered.select(ROW, *by_name(converted))
    [rows] = engine.collect([numbered])
    frame = rows.drop(ROW).to_pandas(date_as_object=True)
    frame.index = rows[ROW].to_list()
    rule = DROPPED.get(str(domain.get("ignore_row_if")))
    return frame if rule is None else frame.dropna(how=rule, subset=columns)


def _columns(domain: Mapping[str, Any]) -> list[str]:
    if domain.get("column") is not None:
        return [domain["column"]]
    if domain.get("column_A") is not None:
        return [domain["column_A"], domain["column_B"]]
    return list(domain.get("column_list") or ())
