"""`walkaround plan [SOURCE]...`: what check would read, and what it costs the source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from walkaround.cli.console import Console, plain, progress, talk_options
from walkaround.cli.options import config

if TYPE_CHECKING:
    from walkaround.workflow.looking import Planned

UNPLANNED: Final = 3
"""The exit code where a source could not be planned, as where it could not be read."""
LONGEST: Final = 800
"""Characters of a statement that are shown as text; JSON has all of it."""
ALIKE: Final = 60
"""Longer lines that share so many first characters are statements of one kind."""


@click.command("plan")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@config
@talk_options
def command(names: tuple[str, ...], form: str, config: Path) -> int:
    """Say what `check` would read of all sources, or of those named, and how. Reads no row.

    A server is asked for its catalog, with one login. What is printed as sent is what check would send, word for word.
    """
    from walkaround import settings, workflow  # noqa: PLC0415 - not before the command line is known to be right

    told = workflow.plan(settings.load(config), names, progress=progress())
    console = Console.stdout()
    if form == "json":
        console.say(json.dumps({"plans": [_object(planned) for planned in told]}, indent=2))
    else:
        console.say("\n\n".join("\n".join(_lines(planned, console)) for planned in told))
    return UNPLANNED if any(planned.problem for planned in told) else 0


def _lines(planned: Planned, console: Console) -> list[str]:
    heading = console.paint(plain(planned.source.name), bold=True)
    if planned.plan is None:
        return [f"{heading}  cannot be read", f"  {plain(planned.problem)}"]
    made = planned.plan
    first, *others = str(made).splitlines()
    _, _, what = first.partition(": ")
    lines = [f"{heading}  {plain(what)}"]
    lines += [f"  {line}" for line in _steps([plain(line.strip()) for line in others])]
    if made.facts.barriers:
        lines += [f"  {console.paint('not seen', fg='yellow')}: {plain(each.message)}" for each in made.facts.barriers]
    return lines


def _steps(lines: list[str]) -> Iterator[str]:
    """Each line; of those that begin alike, as the statements of one sample do, the first and how many follow."""
    for _, group in groupby(lines, key=lambda line: line[:ALIKE]):
        first, *others = group
        yield first if len(first) <= LONGEST else f"{first[: LONGEST - 200]} ... {first[-200:]}"
        if others and len(first) > ALIKE:
            yield f"and {len(others)} more such statements, for other rows; --format json has every word"
        else:
            yield from others


def _object(planned: Planned) -> dict[str, Any]:
    made = planned.plan
    if made is None:
        return {"source": planned.source.name, "problem": planned.problem}
    facts = made.facts
    return {
        "source": planned.source.name,
        "problem": "",
        "kind": made.kind,
        "method": made.method or ("full" if made.rows is None else "rows"),
        "rows": made.rows,
        "seed": made.seed,
        "rows_total": facts.rows_total,
        "rows_total_is": facts.rows_total_is,
        "bytes": facts.bytes,
        "columns": [{"name": column.name, "type": column.type} for column in facts.columns],
        "cost": list(made.cost),
        "would_send": list(made.steps),
        "was_sent": list(facts.statements),
        "not_seen": [{"columns": list(each.columns), "message": each.message} for each in facts.barriers],
    }
