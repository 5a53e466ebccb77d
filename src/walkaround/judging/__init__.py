"""The one place with an opinion: from what was measured and held to, to outcomes, findings and verdict."""

from walkaround.judging.effective import effective
from walkaround.judging.exact import with_exact
from walkaround.judging.findings import findings
from walkaround.judging.outcomes import Assessed, Judgement, judge
from walkaround.judging.rows import RowsRead, row_outcomes
from walkaround.judging.verdict import coverage, verdict

__all__ = [
    "Assessed",
    "Judgement",
    "RowsRead",
    "coverage",
    "effective",
    "findings",
    "judge",
    "row_outcomes",
    "verdict",
    "with_exact",
]
