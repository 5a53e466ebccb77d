"""Asking: how a column of text must be shown to an expectation, by what the expectation itself says.

A suite was written against typed data; a text file has none. What its author saw stands in the arguments: a set of
texts is compared with texts, a bound that is a number with numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from walkaround.columns.reading import Reading, View
from walkaround.model.core_expectations import CORE, about
from walkaround.model.row_suite import RowExpectation

Views = dict[str, View]
TEXTUAL: Final = ("str", "text", "char", "object", "clob")
"""Parts of the names that libraries and databases have for the type of texts."""


def views(expectation: RowExpectation, readings: Mapping[str, Reading]) -> Views:
    """How each column of text that the expectation is about is shown to it. Others, as those of its row condition, are
    shown as the type they read as.
    """
    columns = [name for name in expectation.columns if name in readings]
    asks = about(expectation.type).asks
    if asks == "set":
        return {name: _written(elements) for name, elements in _sets(expectation, columns)}
    view: View = "typed"
    if asks in {"text", "number"}:
        view = "text" if asks == "text" else "number"
    elif asks == "order":
        view = _by_bounds(expectation, [readings[name] for name in columns])
    elif asks == "identity":
        view = _alike([readings[name] for name in columns])
    elif asks == "type":
        asked = [str(expectation.kwargs.get("type_", "")), *map(str, expectation.kwargs.get("type_list") or ())]
        view = "text" if any(part in name.lower() for name in asked for part in TEXTUAL) else "typed"
    return dict.fromkeys(columns, view)


def _by_bounds(expectation: RowExpectation, columns: Sequence[Reading]) -> View:
    """As numbers where the bounds are, or where there are none and all columns read so."""
    bounds = list(_flat([expectation.kwargs.get(name) for name in ("min_value", "max_value", "quantile_ranges")]))
    numbers = _written(bounds) == "number" if bounds else all(reading.numeric for reading in columns)
    return "number" if numbers else "typed"


def _alike(columns: Sequence[Reading]) -> View:
    """As what all columns read as, or as the texts they are."""
    kinds = {"number" if reading.type in {"whole", "decimal"} else reading.type for reading in columns}
    return "typed" if len(kinds) == 1 and "" not in kinds else "text"


def unread(shown: Views, readings: Mapping[str, Reading]) -> str:
    """Why columns that are to be numbers are none, in words without values; empty where they are."""
    for name, view in shown.items():
        reading = readings[name]
        if view == "number" and reading.present and not reading.numeric:
            none = reading.present - reading.numbers
            return f"it asks for numbers, and {none:,} of {reading.present:,} values of {name} do not read as one"
    return ""


def asked_for(expectations: Sequence[RowExpectation], columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that any of the expectations looks at: those it names, or all where its text or its code may
    name any.
    """
    wanted: set[str] = set()
    for expectation in expectations:
        condition = expectation.kwargs.get("row_condition")
        free = expectation.type not in CORE or (about(expectation.type).told == "whole" and not expectation.columns)
        if free or isinstance(condition, str):
            return tuple(columns)
        wanted.update(expectation.columns, _named(condition))
    lower = {name.lower() for name in wanted}  # Great Expectations finds a column of a condition in any case
    return tuple(name for name in columns if name.lower() in lower)


def kept_for(expectations: Sequence[RowExpectation], columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without which an answer would be another: all where any expectation is about which there are, and
    one at least, as rows without columns cannot be counted.
    """
    known = [about(expectation.type) for expectation in expectations]
    if any(each.asks == "nothing" and each.told == "columns" for each in known):
        return tuple(columns)
    return asked_for(expectations, columns) or tuple(columns[:1])


def _sets(expectation: RowExpectation, columns: Sequence[str]) -> Iterable[tuple[str, list[Any]]]:
    """Each column with the elements that it is held against."""
    kwargs = expectation.kwargs
    pairs = kwargs.get("value_pairs_set")
    if pairs:
        sides = ((str(kwargs.get("column_A")), 0), (str(kwargs.get("column_B")), 1))
        return [(name, [pair[side] for pair in pairs]) for name, side in sides if name in columns]
    partition = kwargs.get("partition_object") or {}
    elements = kwargs.get("value_set") or partition.get("values") or partition.get("bins") or []
    return [(name, list(elements)) for name in columns]


def _written(elements: Iterable[Any]) -> View:
    """As texts, as numbers, or neither."""
    said = [element for element in elements if element is not None]
    if any(isinstance(element, str) for element in said):
        return "text"
    if said and all(isinstance(element, int | float) and not isinstance(element, bool) for element in said):
        return "number"
    return "typed"


def _flat(value: Any) -> Iterable[Any]:
    """The scalars of a nested value, without null."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "quantiles":
                yield from _flat(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner)
    elif value is not None:
        yield value


def _named(condition: Any) -> set[str]:
    """The columns of a row condition as Great Expectations saves it."""
    if isinstance(condition, list):
        return {name for inner in condition for name in _named(inner)}
    if not isinstance(condition, Mapping):
        return set()
    column = condition.get("column")
    own = {str(column["name"])} if isinstance(column, Mapping) and "name" in column else set()
    return own | {name for inner in condition.values() for name in _named(inner)}
