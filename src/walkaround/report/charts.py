"""Charts: where the lines and bars of the page's small pictures stand; templates/charts.html draws them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from walkaround.model.outcome import Outcome
from walkaround.model.run import Bin, ColumnFigures, ColumnPair, Share
from walkaround.report.date_format import readable
from walkaround.report.words import KINDS, day, figure, number, parts, percent, yes_or_no

WIDTH: Final = 340.0
"""Width of a histogram in its own units, which are pixels where there is room."""
LEFT: Final = 40.0
TOP: Final = 8.0
BOTTOM: Final = 104.0
"""Edges of a histogram's plot: labels stand left of it and below it."""
CEILINGS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
"""Scales that a reader can halve in the head."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, at `at`; `anchor` as SVG says it."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of the pilot and a stepped line of production, as SVG paths over one pair of axes."""

    title: str
    pilot: str
    production: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar of 100 units, from `at`, `width` wide."""

    label: str
    kind: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Missing:
    """Two stacked bars: the pilot's missing rows and production's, by kind, on one scale up to `ceiling`.

    A side without the column has None: an empty bar would say that nothing is missing there.
    """

    title: str
    ceiling: str
    pilot: tuple[Segment, ...] | None
    production: tuple[Segment, ...] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One label with its share on both sides; None on a side that there is not."""

    label: str
    pilot: float | None
    production: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Observed against limit and pilot, on one scale of 0 to 100."""

    title: str
    observed: float
    limit: float
    pilot: float | None
    low: float | None
    high: float | None
    beyond: bool


def histogram(pair: ColumnPair) -> Histogram | None:
    """The distributions of a column over each other; None where neither side may be shown or has any."""
    pilot, production = _bins(pair.pilot), _bins(pair.production)
    either = pilot or production
    if not either or not either[-1].high > either[0].low:
        return None
    low, high = either[0].low, either[-1].high
    ceiling = _ceiling(max(each.share for each in (*pilot, *production)))

    def x(value: float) -> float:
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - 6)

    def y(share: float) -> float:
        return BOTTOM - share / ceiling * (BOTTOM - TOP)

    label = day if pair.is_date else number
    across = (
        Tick(x(low), label(low), "start"),
        Tick(x((low + high) / 2), label((low + high) / 2)),
        Tick(x(high), label(high), "end"),
    )
    up = tuple(Tick(y(share), percent(share), "end") for share in (0.0, ceiling / 2, ceiling))
    sides = " and ".join(name for name, held in (("pilot (bars)", pilot), ("production (line)", production)) if held)
    title = f"Distribution: {sides}, from {label(low)} to {label(high)}; tallest bar {percent(ceiling)} at most"
    return Histogram(
        title,
        "".join(_bar(x(each.low), x(each.high), y(each.share)) for each in pilot if each.share),
        _steps([(x(each.low), x(each.high), y(each.share)) for each in production]),
        across,
        up,
    )


def _bins(figures: ColumnFigures | None) -> tuple[Bin, ...]:
    held = figures.bins if figures is not None else ()
    finite = all(math.isfinite(each) for part in held for each in (part.low, part.high, part.share))
    return held if finite else ()


def _bar(left: float, right: float, top: float) -> str:
    gap = min(1.0, (right - left) / 4)
    return f"M{left:.1f} {BOTTOM:.0f}V{top:.1f}H{right - gap:.1f}V{BOTTOM:.0f}z"


def _steps(bars: list[tuple[float, float, float]]) -> str:
    if not bars:
        return ""
    line = "".join(f"V{top:.1f}H{right:.1f}" for _, right, top in bars)
    return f"M{bars[0][0]:.1f} {BOTTOM:.0f}{line}V{BOTTOM:.0f}"


def _ceiling(highest: float) -> float:
    return next((each for each in CEILINGS if each >= highest), max(highest, 1.0))


def missing(pair: ColumnPair) -> Missing | None:
    """What is missing, by kind, on both sides; None where nothing is."""
    sides = [None if figures is None else figures.missing for figures in (pair.pilot, pair.production)]
    highest = max(sum(part.share for part in side or ()) for side in sides)
    if not highest > 0:
        return None
    ceiling = _ceiling(highest)
    told = ["no such column" if side is None else parts(side) or "nothing" for side in sides]
    title = f"Missing: pilot {told[0]}; production {told[1]}; the bars end at {percent(ceiling)}"
    return Missing(title, percent(ceiling), _stacked(sides[0], ceiling), _stacked(sides[1], ceiling))


def _stacked(shares: tuple[Share, ...] | None, ceiling: float) -> tuple[Segment, ...] | None:
    if shares is None:
        return None
    at, made = 0.0, []
    for part in shares:
        width = part.share / ceiling * 100
        made.append(Segment(KINDS.get(part.label, part.label), part.label, at, width))
        at += width
    return tuple(made)


def rows(pair: ColumnPair, part: str, most: int) -> tuple[tuple[Row, ...], int]:
    """The shares called `part` on both sides, at most `most`, the largest on either side first; and how many were left
    out.
    """
    sides = [
        None if figures is None else {each.label: each.share for each in getattr(figures, part)}
        for figures in (pair.pilot, pair.production)
    ]
    before, now = (side or {} for side in sides)
    labels = sorted({**now, **before}, key=lambda label: (-max(now.get(label, 0.0), before.get(label, 0.0)), label))
    told = readable if part == "formats" else str
    made = [
        Row(told(label), *(None if side is None else side.get(label, 0.0) for side in sides)) for label in labels[:most]
    ]
    return tuple(made), len(labels) - len(made)


def gap(outcome: Outcome) -> Gap | None:
    """How far the figure is from its limit; None where either is not known or below zero, or where it is or is not."""
    observed, limit = outcome.observed, outcome.limit
    if observed is None or limit is None or yes_or_no(outcome):
        return None
    low, high = outcome.interval or (None, None)
    known = [each for each in (observed, limit, outcome.pilot, low, high) if each is not None]
    if not all(math.isfinite(each) and each >= 0 for each in known) or not max(known) > 0:
        return None
    scale = 100 / (max(known) * 1.04)
    words = f"production {figure(outcome, observed)}, limit {figure(outcome, limit)}"
    if outcome.pilot is not None:
        words += f", pilot {figure(outcome, outcome.pilot)}"

    def placed(value: float | None) -> float | None:
        return None if value is None else value * scale

    return Gap(
        words, observed * scale, limit * scale, placed(outcome.pilot), placed(low), placed(high), observed > limit
    )
