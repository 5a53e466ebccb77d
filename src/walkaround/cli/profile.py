"""`walkaround profile SOURCE|FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from walkaround.cli import columns
from walkaround.cli.console import Console, progress, talk_options
from walkaround.cli.options import Rows, existing, output, sampling
from walkaround.cli.showing import show, write_page
from walkaround.cli.writing import spare_sources

UNREAD: Final = 3
"""The exit code where the source is there but could not be read."""


@click.command("profile")
@click.argument("source", metavar="FILE")
@sampling
@output
@talk_options
def command(source: str, sample: Rows | None, seed: int, form: str, report: Path | None) -> int:
    """Profile FILE (a path, a pattern or a URI) and judge nothing: exit 0 once it was read."""
    spare_sources((report,), (existing(source),))
    from walkaround import workflow  # noqa: PLC0415 - not before the command line is known to be right

    run = workflow.profile(source, sample=sample, seed=seed, progress=progress())
    unread = any(part.problem for part in run.sources)
    if form == "json" or unread:
        show(run, form, report)
    else:
        write_page(run, report)
        console = Console.stdout()
        console.say(columns.render(run, console, str(report or "")))
    return UNREAD if unread else 0
