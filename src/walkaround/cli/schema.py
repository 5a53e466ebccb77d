"""`walkaround schema config|run`."""

from __future__ import annotations

import json

import click

from walkaround.cli.console import Console, talk_options


@click.command("schema")
@click.argument("what", type=click.Choice(["config", "run"]))
@talk_options
def command(what: str) -> None:
    """Print the JSON Schema of walkaround.yaml (config), or of the run as JSON (run)."""
    if what == "config":
        from walkaround.settings.load import schema  # noqa: PLC0415 - either is loaded when it is asked for

        printed = schema()
    else:
        from walkaround.report.schema import run_schema  # noqa: PLC0415 - as above

        printed = run_schema()
    Console.stdout().say(json.dumps(printed, indent=2, ensure_ascii=False))
