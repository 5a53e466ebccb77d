"""`walkaround compare PILOT PRODUCTION`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from walkaround.cli.console import progress, talk_options
from walkaround.cli.options import Rows, existing, output, positions, sampling, suites
from walkaround.cli.showing import show
from walkaround.cli.writing import spare_sources

DEFAULT_REPORT: Final = Path("walkaround-report.html")
"""Where the page goes when people look at the result and name no other file."""


@click.command("compare")
@click.argument("pilot", metavar="PILOT")
@click.argument("production", metavar="PRODUCTION")
@click.option("--key", multiple=True, metavar="COL", help="A column of the key; repeat it for a key of several.")
@sampling
@suites
@output
@positions
@talk_options
def command(
    *,
    pilot: str,
    production: str,
    key: tuple[str, ...],
    sample: Rows | None,
    seed: int,
    suites: tuple[Path, ...],
    form: str,
    report: Path | None,
    failing_cells: Path | None,
    duplicate_groups: Path | None,
) -> int:
    """Hold PRODUCTION against PILOT: paths, patterns ('data/*.csv') or URIs.

    Prints the verdict and what led to it, and writes a page that can be sent on (walkaround-report.html unless
    --report names another; with --format json only where --report is given).
    """
    page = DEFAULT_REPORT if report is None and form == "text" else report
    spare_sources((page, failing_cells, duplicate_groups), (existing(pilot), existing(production), *map(str, suites)))
    from walkaround import workflow  # noqa: PLC0415 - not before the command line is known to be right

    run = workflow.compare(
        pilot,
        production,
        key=key,
        sample=sample,
        seed=seed,
        suites=suites,
        failing_cells=failing_cells,
        duplicate_groups=duplicate_groups,
        progress=progress(),
    )
    show(run, form, page)
    return run.verdict.exit_code
