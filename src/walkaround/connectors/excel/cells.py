"""Cells as text: errors by the words that the workbook shows, dates without a time of day that nobody gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

CellForm = Literal["text", "date", "time", "duration"]
"""How the cells of a column are said. "date": all are dates at midnight; "time": all are times of day, which a workbook
keeps as its day 0; "duration": all are spans of time, which it keeps as days."""
_ERRORS: Final = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip
_ERROR: Final = re.compile(r"Error\((\w+)\)")
_MOMENT: Final = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$"
_MIDNIGHT: Final = " 00:00:00"
_DAY_0: Final = "1899-12-31 "
_LEAP: Final = datetime(1900, 3, 1)  # noqa: DTZ001 - days of a workbook have no zone
"""Day 61. Workbooks count a 29 February 1900 that never was, so days from here on are counted from one day earlier."""


def with_errors(cells: pa.RecordBatch, errors: Iterable[Any]) -> pa.RecordBatch:
    """The cells, with the word for each error where the reader left a hole."""
    places: dict[int, dict[int, str]] = {}
    for error in errors:
        row, column = error.offset_position
        found = _ERROR.search(error.detail)
        places.setdefault(column, {})[row] = _ERRORS.get(found.group(1), "#ERROR!") if found else "#ERROR!"
    columns = list(cells.columns)
    for column, words in places.items():
        values = columns[column].to_pylist()
        for row, word in words.items():
            values[row] = word
        columns[column] = pa.array(values, pa.string())
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)


def column_forms(table: pa.RecordBatch, kinds: Callable[[Sequence[int]], Mapping[int, str]]) -> tuple[CellForm, ...]:
    """The form of each column. `kinds` tells what kind of cells columns have throughout; asked only of those whose text
    looks like dates, because it reads the sheet again.
    """
    looked = [place for place, column in enumerate(table.columns) if _all(pc.match_substring_regex(column, _MOMENT))]
    found = kinds(looked) if looked else {}
    return tuple(_form(column, found.get(place, "")) for place, column in enumerate(table.columns))


def _form(column: pa.Array, kind: str) -> CellForm:
    if kind == "duration":
        return "duration"
    if kind not in ("datetime", "date"):
        return "text"
    if _all(pc.starts_with(column, _DAY_0)):
        return "time"
    return "date" if _all(pc.ends_with(column, _MIDNIGHT)) else "text"


def _all(flags: pa.Array) -> bool:
    return bool(pc.all(flags).as_py()) and flags.null_count < len(flags)


def in_form(column: pa.Array, form: CellForm) -> pa.Array:
    """The cells of a column as its form says them."""
    if form == "date":
        return pc.utf8_slice_codeunits(column, 0, len("2024-01-03"))
    if form == "time":
        return pc.utf8_slice_codeunits(column, len(_DAY_0), None)
    if form == "duration":
        return pa.array([text and _duration(text) for text in column.to_pylist()], pa.string())
    return column


def _duration(text: str) -> str:
    """A moment as the time since day 0.

    >>> _duration("1900-01-01 12:30:00")
    '36:30:00'
    """
    moment = datetime.fromisoformat(text)
    zero = datetime(1899, 12, 30 if moment >= _LEAP else 31)  # noqa: DTZ001 - days of a workbook have no zone
    seconds = round((moment - zero).total_seconds())
    if seconds < 0:
        return text
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
