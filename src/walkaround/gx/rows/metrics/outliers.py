"""Values far from the rest: z-scores, and the windows of quartiles or of the standard deviation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import Condition, Scalar
from walkaround.gx.rows.column_conditions import never, unless
from walkaround.gx.rows.definitions import Definition, MapMetric, Metric
from walkaround.gx.rows.request import Request

MEAN: Final = "column.mean"
DEVIATION: Final = "column.standard_deviation"
STATISTICS: Final = "column.outlier_statistics"
IQR: Final = "iqr"
STD: Final = "std"
MULTIPLIER: Final = 1.5
"""Tukey's fences reach one and a half quartile ranges out."""


def _z_score(request: Request) -> Condition:
    column = request.column()
    mean, deviation = request.metrics[MEAN], request.metrics[DEVIATION]
    if deviation is None or math.isnan(deviation) or deviation == 0 or math.isnan(mean):
        return never(column.name)  # no spread, so no score, as on GX's other engines
    score = (column.number - mean) / deviation
    threshold = request.arguments["threshold"]
    # the default is both sides; null says one, as on pandas
    under = score.abs() < abs(threshold) if request.argument("double_sided", default=False) else score < threshold
    return unless(under | score.is_nan(), column)


def _moments(_: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {MEAN: {}, DEVIATION: {}}


def _statistics(request: Request) -> Scalar:
    """Lower and upper reference and the spread, None where the column offers none."""
    column, method = request.column(), request.argument("method", IQR)
    column.require_number("Outlier statistics")
    values = column.number.cast(pl.Float64)
    if method == IQR:
        quartiles = [values.quantile(share, "linear") for share in (0.25, 0.75)]
        return Scalar(pl.concat_list(quartiles), _fences)
    if method == STD:
        return Scalar(pl.concat_list(values.mean(), values.std(ddof=1)), _around_mean)
    raise NotImplementedError(f"method {method!r} has not been implemented")


def _fences(quartiles: Any) -> Any:
    low, high = map(_finite, quartiles)
    return _outlier_statistics(low, high, None if low is None or high is None else high - low)


def _around_mean(moments: Any) -> Any:
    mean, deviation = map(_finite, moments)
    return _outlier_statistics(mean, mean, deviation)


def _outlier_statistics(low: float | None, high: float | None, spread: float | None) -> Any:
    from great_expectations.expectations.metrics.column_aggregate_metrics.column_outlier_statistics import (  # noqa: PLC0415 - GX has it since 1.21
        OutlierStatistics,
    )

    return OutlierStatistics(low, high, spread)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _not_outliers(request: Request) -> Condition:
    column, method = request.column(), request.argument("method", IQR)
    low, high, spread = request.metrics[STATISTICS]
    if low is None or high is None or spread is None:
        return never(column.name)
    reach, values = request.argument("multiplier", MULTIPLIER) * spread, column.number
    if method == IQR:
        return unless((values >= low - reach) & (values <= high + reach), column)
    if reach <= 0:
        return unless(values == low, column)
    return unless((values - low).abs() < reach, column)


def _method(arguments: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {STATISTICS: {"method": arguments.get("method") or IQR}}


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric(
        "column_values.z_score.under_threshold",
        _z_score,
        defaults={"double_sided": True, "threshold": None},
        needs=_moments,
    ),
    Metric(STATISTICS, _statistics, {"method": IQR}),
    MapMetric(
        "column_values.not_outliers",
        _not_outliers,
        defaults={"method": IQR, "multiplier": MULTIPLIER},
        needs=_method,
    ),
)
