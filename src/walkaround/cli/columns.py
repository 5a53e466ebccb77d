"""Columns: the profile of one source as a table in a shell, a line for each column."""

from __future__ import annotations

from typing import Final

from walkaround.cli.console import Console, plain
from walkaround.cli.terminal import fitted, number, width_of
from walkaround.model.run import ColumnFigures, Run, SourceRun
from walkaround.report.words import clustered

MAX_NAME: Final = 30
"""Longer names are cut in the middle."""
MAX_LABEL: Final = 24
"""Longer shapes and categories likewise."""


def render(run: Run, console: Console, report: str = "") -> str:
    """Every source of a profile run: what was read, and its columns."""
    parts = [_source(source, console) for source in run.sources]
    if report:
        parts.append([f"{console.paint('Report', bold=True)}  {plain(report)}"])
    return "\n\n".join("\n".join(lines) for lines in parts)


def _source(source: SourceRun, console: Console) -> list[str]:
    how = "" if source.drawn.method == "full" else f", drawn by {source.drawn.method}, seed {source.drawn.seed}"
    lost = f", {number(source.records.lost)} records rejected" if source.records.lost else ""
    heading = console.paint(plain(source.name), bold=True)
    lines = [f"{heading}  {number(source.drawn.rows)} rows, {len(source.columns)} columns{how}{lost}"]
    if source.duplicate_rate is not None:
        lines.append(f"{_percent(source.duplicate_rate)} of rows repeat an earlier one")
    lines += [plain(note) for note in source.facts.notes]
    lines += [plain(f"Not seen: {barrier.message}") for barrier in source.facts.barriers]
    lines += [plain(f"Clustered sample: {said}") for said in [clustered(source)] if said]
    return [*lines, "", *_table(source, console)] if source.columns else lines


def _table(source: SourceRun, console: Console) -> list[str]:
    figures = [(plain(pair.name), pair.production or pair.pilot) for pair in source.columns]
    rows = [(name, *_cells(found)) for name, found in figures if found is not None]
    heads = ("column", "reads as", "missing", "distinct", "range or shapes")
    widths = [max(width_of(row[at]) for row in [heads, *rows]) for at in range(4)]
    widths[0] = min(widths[0], MAX_NAME)
    rest = max(10, console.width - sum(widths) - 2 * len(widths))
    looks = [_looks(found, rest) for _, found in figures if found is not None]
    lines = [_line((*row, look), widths) for row, look in zip(rows, looks, strict=True)]
    return [console.paint(_line(heads, widths), bold=True), *lines]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, reads_as, missing, distinct = (fitted(text, width) for text, width in zip(row[:4], widths, strict=True))
    right = [text.strip().rjust(width) for text, width in zip((missing, distinct), widths[2:], strict=True)]
    return "  ".join([name, reads_as, *right, row[4]]).rstrip()


def _cells(figures: ColumnFigures) -> tuple[str, str, str]:
    missing = "" if figures.missing_rate is None else _percent(figures.missing_rate)
    about = "~" if figures.distinct_is != "exact" else ""
    distinct = "" if figures.distinct is None else about + number(figures.distinct)
    return plain(figures.reads_as), missing, distinct


def _looks(figures: ColumnFigures, width: int) -> str:
    """Quantiles of numbers, formats of dates, shapes of texts: whatever the column has, as much as fits."""
    if figures.low is not None and figures.high is not None and not figures.formats:
        middle = " to" if figures.median is None else f" · {figures.median:g} ·"
        return f"{figures.low:g}{middle} {figures.high:g}"
    shown = ""
    for part in figures.formats or figures.categories or figures.shapes:
        label = plain(part.label)
        told = f"{label if width_of(label) <= MAX_LABEL else fitted(label, MAX_LABEL)} {_percent(part.share)}"
        longer = f"{shown}, {told}" if shown else told
        if width_of(longer) > width:
            return shown or fitted(told, width)
        shown = longer
    return shown


def _percent(share: float) -> str:
    """A share in per cent; never "0 %" for what is there, nor "100 %" for what is not all."""
    if 0 < share < 0.001:  # noqa: PLR2004 - the smallest share that one decimal can show
        return "<0.1 %"
    if 0.999 < share < 1:  # noqa: PLR2004 - the largest, likewise
        return ">99.9 %"
    return f"{share * 100:.1f} %".replace(".0 %", " %")
