"""INT002: rows point to rows of another table that are not there.

Features are joined from several tables. A row whose key finds nothing in the other table is dropped by the join, or
filled with nothing, and the model learns from, or decides on, something else than the pilot did.
"""

from __future__ import annotations

from typing import Final

from walkaround.model.check import Check
from walkaround.model.outcome import Outcome

TOLERANCE: Final = 0.001
"""Orphans up to a tenth of a point are the price of loading tables one after the other."""
GRAVE: Final = 0.01


def message(outcome: Outcome) -> str:
    """How many, of how many, and where they point to."""
    share = 100 * (outcome.observed or 0.0)
    of = f"{outcome.count or 0:,} of {outcome.rows or 0:,} rows"
    return f"{share:.2g} % of {', '.join(outcome.columns)} ({of}) have no row in {outcome.detail}; the limit is 0.1 %"


CHECK = Check(
    code="INT002",
    title="Orphans between tables",
    dimension="integrity",
    severity="critical",
    of="rows whose key has a value",
    computed=(
        "For each foreign key that the server declares, and for each column that is named like the key of another "
        "table of the same source: rows whose key is not in the other table. Tables that are sampled are drawn by the "
        "hash of the key, with the same seed, so that the same keys are drawn in both; intervals count keys, not rows."
    ),
    false_alarms=(
        "Tables that are loaded one after the other, read in between. A relation that was guessed from names warns and "
        "never blocks."
    ),
    remedy="Load the tables in one transaction, or find what deletes or delays the rows of the other table.",
    message=message,
    tolerance=TOLERANCE,
    grave=GRAVE,
)
