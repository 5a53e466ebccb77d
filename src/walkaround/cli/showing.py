"""Showing: a run to stdout and, as a page, to a file."""

from __future__ import annotations

from pathlib import Path

from walkaround.cli import terminal
from walkaround.cli.console import Console
from walkaround.cli.writing import write
from walkaround.model.run import Run


def show(run: Run, form: str, page: Path | None, stored: str = "") -> None:
    """Write the page, then print the run as `form` ("text" or "json").

    `stored` is where a page of the run stands already; it is named where no other is written.
    """
    write_page(run, page)
    console = Console.stdout()
    if form == "json":
        from walkaround.report import json  # noqa: PLC0415 - as above

        console.say(json.dumps(run).rstrip("\n"))
    else:
        console.say(terminal.render(run, console, str(page) if page is not None else stored))


def write_page(run: Run, page: Path | None) -> None:
    """Write the page of a run, where one is asked for.

    Raises:
        UsageError: the file cannot be written.
    """
    if page is not None:
        from walkaround.report import render  # noqa: PLC0415 - Jinja is loaded for pages only

        write(page, render.html(run))
