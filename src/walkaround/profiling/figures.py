"""Figures: what a report may show of two profiles. Law 4 is kept here: what leaves are counts, shapes, rates, the
numbers of columns that are not personal, and categories that law 4 allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.measures.column.categories import Categories
from walkaround.measures.column.dates import Dates
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.lengths import Lengths
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.column.numbers import Numbers, middle_of
from walkaround.measures.column.readings import Readings
from walkaround.measures.column.shapes import Shapes
from walkaround.measures.effects import Effects
from walkaround.measures.privacy import is_personal
from walkaround.model.profile import ColumnProfile, TableProfile
from walkaround.model.run import Bin, ColumnFigures, ColumnPair, Share

MOST: Final = 12
"""Shapes, formats or categories that are shown; more are a list that nobody reads."""
BINS: Final = 24
"""Bars of a histogram: enough to see two modes, few enough to print."""


def column_pairs(pilot: TableProfile | None, production: TableProfile, min_group: int) -> tuple[ColumnPair, ...]:
    """Every column of production in its order, then those that only the pilot has."""
    before = pilot.columns if pilot is not None else {}
    names = [*production.columns, *(name for name in before if name not in production.columns)]
    pairs = (_pair(name, before.get(name), production.columns.get(name), min_group) for name in names)
    fractions = None if pilot is None else pilot.drawn.fraction, production.drawn.fraction
    return tuple(
        replace(
            pair,
            pilot=_clustered(pair.pilot, before.get(pair.name), fractions[0]),
            production=_clustered(pair.production, production.columns.get(pair.name), fractions[1]),
        )
        for pair in pairs
    )


def _pair(name: str, pilot: ColumnProfile | None, production: ColumnProfile | None, min_group: int) -> ColumnPair:
    sides = [side for side in (pilot, production) if side is not None]
    personal = any(is_personal(side) for side in sides)
    edges, is_date = (np.empty(0), False) if personal else _edges(sides)
    shown = [
        None if side is None else _figures(side, edges, min_group, is_date=is_date, personal=personal)
        for side in (pilot, production)
    ]
    return ColumnPair(name, personal, shown[0], shown[1], is_date)


def _clustered(
    figures: ColumnFigures | None, column: ColumnProfile | None, fraction: float | None
) -> ColumnFigures | None:
    """The figures with their design effect, where rows were drawn in units."""
    effects = None if column is None else Effects.of(column, fraction)
    if figures is None or effects is None:
        return figures
    return replace(figures, design_effect=1.0 if effects.largest is None else round(effects.largest.value, 3))


def _figures(
    column: ColumnProfile,
    edges: NDArray[np.float64],
    min_group: int,
    *,
    is_date: bool,
    personal: bool,
) -> ColumnFigures:
    missing = column.get(Missingness) or Missingness()
    readings, numbers, dates = column.get(Readings), column.get(Numbers), column.get(Dates)
    shapes, lengths, distinct = column.get(Shapes), column.get(Lengths), column.get(Distinct)
    categories = column.get(Categories)
    present = missing.present
    kinds = {
        "null": missing.nulls + missing.nans,
        "empty": missing.empties,
        "blank": missing.blanks,
        "word": missing.worded,
    }
    allowed = {} if personal or categories is None or categories.many else categories.values
    held = numbers is not None and numbers.finite > 0 and not personal and not is_date
    return ColumnFigures(
        declared=column.declared,
        reads_as=readings.reads_as if readings else "nothing",
        rows=missing.rows,
        missing_rate=missing.missing / missing.rows if missing.rows else None,
        missing=_shares(kinds, missing.rows),
        shapes=_shares(shapes.shapes if shapes else {}, present),
        formats=_shares(dates.formats if dates else {}, present),
        styles=_shares(numbers.styles if numbers else {}, present),
        categories=_shares({value: rows for value, rows in allowed.items() if rows >= min_group}, present),
        ambiguous_rate=dates.ambiguous / dates.count if dates is not None and dates.count else None,
        bins=_bins(column, edges, is_date=is_date),
        low=_shown(numbers.quantile(0.01), readings) if held and numbers else None,
        median=_shown(numbers.quantile(0.5), readings) if held and numbers else None,
        high=_shown(numbers.quantile(0.99), readings) if held and numbers else None,
        lengths=(int(lengths.lengths[0]), int(lengths.lengths[-1]))
        if lengths is not None and len(lengths.lengths)
        else None,
        distinct=round(distinct.sketch.distinct) if distinct else None,
        distinct_is="exact" if distinct is None or distinct.sketch.complete else "estimate",
    )


def _shown(value: float | None, readings: Readings | None) -> float | None:
    """A quantile with the digits that its bucket supports: whole for integers, three significant ones else."""
    if value is None:
        return None
    return float(round(value)) if readings is not None and readings.reads_as == "integer" else float(f"{value:.3g}")


def _shares(counts: Mapping[str, int], of: int) -> tuple[Share, ...]:
    """The largest parts, largest first; nothing where there is nothing to share."""
    largest = sorted(((count, label) for label, count in counts.items() if count), key=lambda part: (-part[0], part[1]))
    return tuple(Share(label, count, count / of) for count, label in largest[:MOST]) if of else ()


def _histogram(column: ColumnProfile, *, is_date: bool) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Places and counts, (k,) each, of a column's days or numbers."""
    if is_date:
        dates = column.get(Dates)
        days, counts = dates.histogram if dates else (np.empty(0), np.empty(0, np.int64))
        return days.astype(np.float64), counts
    numbers = column.get(Numbers)
    if numbers is None or not len(numbers.buckets):
        return np.empty(0), np.empty(0, np.int64)
    return np.clip(middle_of(numbers.buckets), numbers.minimum, numbers.maximum), numbers.counts


def _edges(sides: list[ColumnProfile]) -> tuple[NDArray[np.float64], bool]:
    """Edges that both sides share, over the middle 99 % of either, so that one outlier does not flatten all bars."""
    is_date = any((dates := side.get(Dates)) is not None and dates.count for side in sides)
    lows, highs = [], []
    for side in sides:
        places, counts = _histogram(side, is_date=is_date)
        if len(places):
            share = np.cumsum(counts) / counts.sum()
            lows.append(places[int(np.searchsorted(share, 0.005))])
            highs.append(places[min(int(np.searchsorted(share, 0.995)), len(places) - 1)])
    if not lows or max(highs) <= min(lows):
        return np.empty(0), is_date
    return np.linspace(min(lows), max(highs), BINS + 1), is_date


def _bins(column: ColumnProfile, edges: NDArray[np.float64], *, is_date: bool) -> tuple[Bin, ...]:
    """The column's share in each bar; what lies beyond the outer edges counts in the outer bars."""
    places, counts = _histogram(column, is_date=is_date)
    if not len(edges) or not len(places):
        return ()
    at = np.clip(np.searchsorted(edges, places, side="right") - 1, 0, len(edges) - 2)
    shares = np.bincount(at, counts, len(edges) - 1) / counts.sum()
    return tuple(
        Bin(float(low), float(high), float(share)) for low, high, share in zip(edges, edges[1:], shares, strict=False)
    )
