"""Definitions of metrics: what the modules in `metrics` offer, and what is registered with GX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.request import Request

Dependencies = Callable[[Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]
"""From a metric's arguments to the metrics that it needs of the same domain, each with its arguments."""


def nothing(arguments: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """No dependencies."""
    del arguments
    return {}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with one value: `answer` gives it, or the query for it."""

    name: str
    answer: Callable[[Request], Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    needs: Dependencies = nothing


@dataclass(frozen=True, slots=True)
class MapMetric:
    """A metric of rows: `condition` says which are unexpected; counts, values and row numbers follow from it."""

    name: str
    condition: Callable[[Request], Condition]
    domain: Literal["column", "pair", "columns"] = "column"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    needs: Dependencies = nothing


Definition = Metric | MapMetric
