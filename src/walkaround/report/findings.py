"""Findings as a table, for a spreadsheet or a ticket system."""

from __future__ import annotations

import csv as comma_separated
import io
from typing import Final

from walkaround.model.run import Run

HEADER: Final = (
    "code", "title", "dimension", "source", "columns", "outcome", "severity", "fact", "observed", "count", "rows",
    "basis", "interval_low", "interval_high", "limit", "pilot", "chance", "message", "remedy",
)  # fmt: skip
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs at the start of a cell that make a spreadsheet run it, after OWASP's page on CSV injection; the last four are
full-width forms of the first.
"""


def csv(run: Run) -> str:
    """One line a finding, CRLF, every text cell guarded against being run as a formula."""
    text = io.StringIO()
    lines = comma_separated.writer(text, lineterminator="\r\n")
    lines.writerow(HEADER)
    for finding in run.findings:
        outcome = finding.outcome
        low, high = outcome.interval or (None, None)
        cells = (
            outcome.code, finding.title, finding.dimension, outcome.source, ", ".join(outcome.columns), outcome.status,
            outcome.severity, outcome.fact, outcome.observed, outcome.count, outcome.rows, outcome.basis, low, high,
            outcome.limit, outcome.pilot, outcome.chance, finding.message, finding.remedy,
        )  # fmt: skip
        lines.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode("utf-8", "replace").decode("utf-8")


def guarded(cell: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what would start one.

    >>> guarded("=1+1"), guarded("  @SUM(A1)"), guarded("email")
    ("'=1+1", "'  @SUM(A1)", 'email')
    """
    shown = cell.replace("\x00", "\u2400")
    return f"'{shown}" if shown.startswith(FORMULA) or shown.lstrip().startswith(FORMULA) else shown
