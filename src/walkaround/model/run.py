"""Run: one assessment, whole. Report, JSON, exit code, history and alerts are all read from this value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.sample import Drawn, Records, SourceFacts
from walkaround.model.source import EMPTY
from walkaround.model.verdict import Coverage, Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole: `count` rows, `share` of the denominator. Labels are shapes, formats, kinds, or categories
    that law 4 allows; never other values.
    """

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram: the share of the column's numbers (or days) from `low` to below `high`."""

    low: float
    high: float
    share: float


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """One side of a column, ready to be shown. Parts that do not apply, or may not be shown, are empty or None.

    `missing` splits missing rows by kind ("null", "empty", "blank", "word"; of rows). `shapes`, `formats` (dates) and
    `styles` (numbers) are shares of non-missing rows, largest first, at most 12. `bins` of pilot and production have
    the same edges; for dates the edges are days since 1970-01-01. `low`, `median`, `high`: the 1 %, 50 % and 99 %
    quantiles, left out for personal columns. `lengths`: shortest and longest text, in characters. `design_effect`: how
    many rows tell as much as one drawn by itself, of the most clustered that was looked at in the column; None where
    rows were not drawn in units.
    """

    declared: str
    reads_as: str
    rows: int
    missing_rate: float | None = None
    missing: tuple[Share, ...] = ()
    shapes: tuple[Share, ...] = ()
    formats: tuple[Share, ...] = ()
    styles: tuple[Share, ...] = ()
    categories: tuple[Share, ...] = ()
    ambiguous_rate: float | None = None
    bins: tuple[Bin, ...] = ()
    low: float | None = None
    median: float | None = None
    high: float | None = None
    lengths: tuple[int, int] | None = None
    distinct: int | None = None
    distinct_is: str = "exact"
    design_effect: float | None = None


@dataclass(frozen=True, slots=True)
class ColumnPair:
    """A column in pilot and production; one side is None where the column is only in the other (or was renamed)."""

    name: str
    personal: bool
    pilot: ColumnFigures | None = None
    production: ColumnFigures | None = None
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source of a run. `problem` says why it could not be read, in words; then `facts` and `drawn` may be bare.

    `pilot_*` describe the pilot it was held against. `duplicate_rate` is the share of production rows that repeat an
    earlier row, None where the sample cannot tell.
    """

    name: str
    uri: str
    criticality: str = "required"
    problem: str = ""
    facts: SourceFacts = SourceFacts("nothing")
    drawn: Drawn = Drawn("nothing", 0, 0)
    records: Records = Records(0)
    fingerprint: str = ""
    duplicate_rate: float | None = None
    pilot_uri: str = ""
    pilot_rows: int = 0
    pilot_fingerprint: str = ""
    pilot_frozen: datetime | None = None
    pilot_frozen_by: str = ""
    columns: tuple[ColumnPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """The one person who answers for the source in operation."""

    name: str | None = None
    email: str | None = None
    deputy: str | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What the assessment is for; bare in `compare`."""

    name: str = ""
    use_case: str = ""
    funding_request: str = ""
    classification: str = ""
    owner: Owner = Owner()
    sponsor: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one finding since the last run: "new", "gone", "worse", "better" or "still"."""

    kind: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last run of the same project, and whether data, rules or sample changed."""

    run: str
    started: datetime
    verdict: str
    changes: tuple[Change, ...] = ()
    rules_changed: bool = False
    sample_changed: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One assessment. `command` is "compare", "check", "profile" or "demo"; times are UTC."""

    id: str
    started: datetime
    seconds: float
    command: str
    versions: Mapping[str, str]
    verdict: Verdict
    coverage: Coverage
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    sources: tuple[SourceRun, ...] = ()
    project: Project = Project()
    since: Since | None = None
    confidence: float = 0.95
    settings: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    def _repr_html_(self) -> str:
        """What a notebook shows where a cell ends in a run: verdict, counts, first findings."""
        from walkaround.report.render import notebook  # noqa: PLC0415 - points up; only a notebook ever comes here

        return notebook(self)
