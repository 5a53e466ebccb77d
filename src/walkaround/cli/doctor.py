"""`walkaround doctor [SOURCE]...`: whether everything that check needs is there."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from walkaround.cli.console import Console, plain, progress, talk_options
from walkaround.cli.options import config

if TYPE_CHECKING:
    from walkaround.workflow.looking import Diagnosis

AILING: Final = 3
"""The exit code where something stands in the way: check could not assess."""
COLOURS: Final = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command("doctor")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@config
@talk_options
def command(names: tuple[str, ...], form: str, config: Path) -> int:
    """Try what `check` needs: settings, room, clock, and each source with one login, read-only. Reads no row."""
    from walkaround import settings, workflow  # noqa: PLC0415 - not before the command line is known to be right

    told = workflow.doctor(settings.load(config), names, progress=progress())
    console = Console.stdout()
    if form == "json":
        console.say(json.dumps({"diagnoses": [asdict(each) for each in told]}, indent=2))
    else:
        console.say("\n".join(line for each in told for line in _lines(each, console)))
    return AILING if any(each.state == "problem" for each in told) else 0


def _lines(diagnosis: Diagnosis, console: Console) -> list[str]:
    state = console.paint(diagnosis.state.ljust(7), fg=COLOURS[diagnosis.state])
    lines = [f"{state}  {console.paint(plain(diagnosis.about), bold=True)}: {plain(diagnosis.words)}"]
    return [*lines, f"         {plain(diagnosis.hint)}"] if diagnosis.hint else lines
