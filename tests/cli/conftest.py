"""A run made by hand, and the command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome, Status, Weight
from walkaround.model.run import Change, Project, Run, Since, SourceRun
from walkaround.model.sample import Drawn, SourceFacts
from walkaround.model.verdict import Coverage, Verdict

Walk = Callable[..., subprocess.CompletedProcess[str]]


def finding(
    code: str,
    severity: Weight,
    message: str,
    columns: Sequence[str],
    status: Status = "fail",
) -> Finding:
    outcome = Outcome(code, "crm.customers", tuple(columns), status, severity, "missing_rate")
    return Finding(outcome, "title", "missingness", message, "remedy")


@pytest.fixture
def run() -> Run:
    """Not ready: two blockers, a warning, an inconclusive and a not assessed one, and something to know."""
    findings = (
        finding("MIS001", "blocker", "17.4 % of email is missing; the pilot had 0 %, the limit is 0.5 %.", ["email"]),
        finding(
            "FMT001",
            "blocker",
            "31.2 % of signup_date are dates in a format that the pilot did not have; the limit is 0.5 %. The new "
            "formats are %d/%m/%Y and %m-%d-%y.",
            ["signup_date"],
        ),
        finding("CAT001", "warning", "3.1 % of segment are categories that the pilot did not have.", ["segment"]),
        finding("OUT001", "warning", "1.9 % of amount is beyond the fences.", ["amount"], "inconclusive"),
        finding("DRF001", "warning", "25 values are too few to tell.", ["age"], "not_assessed"),
        finding("SCH002", "info", "The column loyalty_tier is new.", ["loyalty_tier"]),
    )
    source = SourceRun(
        "crm.customers",
        "crm/customers.csv",
        facts=SourceFacts("delimited", rows_total=1_904_312, rows_total_is="exact"),
        drawn=Drawn("lines", 7, 100_312, 0.0527),
        pilot_rows=2000,
    )
    started = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    changes = (Change("new", "MIS001 crm.customers email", "new"), Change("still", "CAT001", "still"))
    return Run(
        "01J0000000000000000000TEST",
        started,
        4.1,
        "check",
        {"walkaround": "0.1.0"},
        Verdict(
            "not_ready",
            ("MIS001 crm.customers email", "FMT001 crm.customers signup_date"),
            "Two findings block crm.customers, which is required.",
        ),
        Coverage(49, 46, 40, 4, 2, 3, 0, 0.05, 0.004),
        findings,
        sources=(source,),
        project=Project("churn-assistant"),
        since=Since("01J0", datetime(2026, 11, 20, 2, 0, tzinfo=UTC), "ready_with_conditions", changes),
    )


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """Run `walkaround` in an empty folder, or in `cwd`, as a process of its own."""

    def run_it(*arguments: str, cwd: Path = tmp_path, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "walkaround", *arguments],
            cwd=cwd,
            env={**os.environ, "TMPDIR": str(tmp_path), **environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run_it
