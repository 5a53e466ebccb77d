"""Values that must be, or must not be, among some others."""

from __future__ import annotations

from typing import Final

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.column_conditions import never, unless
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.literals import member
from walkaround.gx.rows.request import Request


def _in_set(request: Request) -> Condition:
    column, values = request.column(), request.argument("value_set")
    return never(column.name) if values is None else unless(member(column.expr, values, column.dtype), column)


def _not_in_set(request: Request) -> Condition:
    column, values = request.column(), request.argument("value_set")
    return never(column.name) if values is None else unless(~member(column.expr, values, column.dtype), column)


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("column_values.in_set", _in_set),
    MapMetric("column_values.not_in_set", _not_in_set),
)
