"""`walkaround check [SOURCE...]`: what a schedule runs."""

from __future__ import annotations

from pathlib import Path

import click

from walkaround.cli import stored
from walkaround.cli.console import progress, talk_options
from walkaround.cli.options import config, output, positions, suites
from walkaround.cli.showing import show
from walkaround.cli.writing import spare_sources


@click.command("check")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@config
@suites
@output
@positions
@talk_options
def command(
    *,
    names: tuple[str, ...],
    config: Path,
    suites: tuple[Path, ...],
    form: str,
    report: Path | None,
    failing_cells: Path | None,
    duplicate_groups: Path | None,
) -> int:
    """Assess all sources of walkaround.yaml, or those named.

    Reads each source once, holds it against its frozen pilot, remembers the run in .walkaround/history.duckdb and
    writes its report below reports/.
    """
    from walkaround import settings, workflow  # noqa: PLC0415 - not before the command line is known to be right

    project = settings.load(config)
    sources = project.chosen(names)
    read = [str(config), *map(str, suites), *stored.locations(project, sources)]
    spare_sources((report, failing_cells, duplicate_groups), read)
    run = workflow.check(
        project,
        names,
        suites=suites,
        failing_cells=failing_cells,
        duplicate_groups=duplicate_groups,
        progress=progress(),
    )
    page = stored.folder(project) / run.id / stored.PAGE
    show(run, form, report, str(page) if page.is_file() else "")
    return run.verdict.exit_code
