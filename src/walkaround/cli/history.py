"""`walkaround history`: the runs of this project, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from walkaround import settings
from walkaround.cli import stored
from walkaround.cli.console import Console, note, plain, talk_options
from walkaround.cli.options import config
from walkaround.cli.terminal import FACES

if TYPE_CHECKING:
    from walkaround.history.stored import StoredRun


@click.command("history")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many runs to list.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@config
@talk_options
def command(limit: int, form: str, config: Path) -> None:
    """List the runs of this project, newest first."""
    path = stored.history(settings.load(config, settings.Unasked()))
    runs: Sequence[StoredRun] = ()
    if path.is_file():
        from walkaround.history.store import History  # noqa: PLC0415 - DuckDB is loaded where it is read

        with History.open(path) as history:
            runs = history.runs(limit)
    console = Console.stdout()
    if form == "json":
        console.say(json.dumps({"runs": [_object(run) for run in runs]}, indent=2))
    elif runs:
        console.say(table(runs, console))
    else:
        note("No run is remembered yet; `walkaround check` makes one.")


def table(runs: Sequence[StoredRun], console: Console) -> str:
    """A line a run: when, which, the verdict, and how its checks came out."""
    heads = ("when", "run", "verdict", "failed", "inconclusive", "not assessed", "passed", "seconds")
    rows = [_cells(run) for run in runs]
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    lines = [console.paint(_line(heads, widths), bold=True)]
    for run, row in zip(runs, rows, strict=True):
        colour = next((face.colour for word, face in FACES.items() if word == run.verdict), None)
        before, verdict, after = _line(row, widths).partition(row[2])
        lines.append(before + console.paint(verdict, fg=colour) + after)
    return "\n".join(lines)


def _cells(run: StoredRun) -> tuple[str, ...]:
    counts = (run.failed, run.inconclusive, run.not_assessed, run.passed)
    when = f"{run.started.astimezone():%Y-%m-%d %H:%M %Z}"
    verdict = plain(run.verdict).replace("_", " ")
    return (when, plain(run.id), verdict, *(str(count) for count in counts), f"{run.seconds:.1f}")


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    texts = [text.ljust(width) for text, width in zip(row[:3], widths[:3], strict=True)]
    numbers = [text.rjust(width) for text, width in zip(row[3:], widths[3:], strict=True)]
    return "  ".join([*texts, *numbers])


def _object(run: StoredRun) -> dict[str, Any]:
    words = ("id", "command", "project", "verdict", "seconds")
    counts = ("planned", "passed", "failed", "inconclusive", "not_assessed", "waived")
    return {
        **{name: getattr(run, name) for name in words},
        "started": run.started.isoformat().replace("+00:00", "Z"),
        "because": list(run.because),
        **{name: getattr(run, name) for name in counts},
    }
