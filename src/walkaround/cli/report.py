"""`walkaround report [RUN]`: a stored run again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from walkaround import settings
from walkaround.cli import stored, terminal
from walkaround.cli.console import Console, talk_options
from walkaround.cli.options import config
from walkaround.cli.writing import OutFile, write
from walkaround.model.run import Run


@click.command("report")
@click.argument("wanted", required=False, metavar="[RUN]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "junit", "markdown"]),
    default="text",
    show_default=True,
    help="What to make of the run.",
)
@click.option("-o", "--output", type=OutFile(), metavar="FILE", help="Write to a file instead of stdout.")
@config
@talk_options
def command(wanted: str | None, form: str, output: Path | None, config: Path) -> None:
    """Show RUN again: its id, the beginning of its id, or its folder; the latest run where none is named."""
    named = wanted is not None and Path(wanted).exists()
    reports = Path() if named else stored.folder(settings.load(config, settings.Unasked()))
    record = stored.find(wanted, reports)
    from walkaround.report.stored import load_run  # noqa: PLC0415 - only where a run is read

    run = load_run(record)
    page = record.with_name(stored.PAGE)
    if form == "text" and output is None:
        console = Console.stdout()
        console.say(terminal.render(run, console, str(page) if page.is_file() else ""))
        return
    text = _text(run, form)
    if output is None:
        Console.stdout().say(text.rstrip("\n"))
    else:
        write(output, text)


def _text(run: Run, form: str) -> str:
    from walkaround.report import json, junit, markdown, render  # noqa: PLC0415 - Jinja is loaded for pages only

    if form == "text":
        return terminal.render(run, Console.plain()) + "\n"
    forms: dict[str, Callable[[Run], str]] = {
        "html": render.html,
        "json": json.dumps,
        "junit": junit.xml,
        "markdown": markdown.text,
    }
    return forms[form](run)
