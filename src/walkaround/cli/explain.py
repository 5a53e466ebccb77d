"""`walkaround explain CODE`, and the same for every check as a page of the documentation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import click

from walkaround.cli.console import Console, talk_options
from walkaround.cli.exits import unknown
from walkaround.errors import UsageError
from walkaround.model.check import Check

_SEVERITIES = {
    "critical": "critical: blocks from the grave rise on, and warns below it",
    "warning": "warning: never blocks",
    "info": "info: is told, and does not count",
}
_FAMILY = (
    "that of the expectation's family: nulls are missingness, patterns, lengths and types format, sets and ranges "
    "semantics, keys duplicates, figures of a distribution drift, columns schema, row counts volume, several columns "
    "together integrity"
)
_AS_WRITTEN = (
    "what the expectation's own bounds, and its `mostly`, do not allow",
    _FAMILY,
    "as the expectation says: critical blocks, warning warns, info is told; critical where it says nothing",
)
"""Rise, dimension and severity of what a user wrote."""


@click.command("explain")
@click.argument("code", required=False, metavar="[CODE]")
@click.option("--markdown", is_flag=True, help="Print all checks as the page docs/checks.md.")
@talk_options
def command(code: str | None, markdown: bool) -> None:
    """What the check CODE looks at, why it matters, and what to do; without CODE, the list of all checks."""
    from walkaround.checks import by_code, why  # noqa: PLC0415 - checks load Polars

    known = by_code()
    console = Console.stdout()
    if markdown:
        console.say(page((check, why(check.code)) for check in known.values()))
    elif code is None:
        console.say("\n".join(f"{console.paint(check.code, bold=True)}  {check.title}" for check in known.values()))
    elif code.upper() in known:
        check = known[code.upper()]
        console.say(text(check, why(check.code), console))
    else:
        raise UsageError(unknown("check", code, tuple(known)), "`walkaround explain` lists all of them")


def text(check: Check, why: str, console: Console) -> str:
    """One check for a shell."""
    parts = [f"{console.paint(check.code, bold=True)}  {check.title}"]
    for title, words in _parts(check, why):
        body = [
            "\n".join(textwrap.wrap(part, console.width - 2, initial_indent="  ", subsequent_indent="  "))
            for part in words.split("\n\n")
        ]
        parts.append("\n".join([console.paint(title, bold=True), "\n\n".join(body)]))
    return "\n\n".join(parts)


def page(checks: Iterable[tuple[Check, str]]) -> str:
    """All checks as Markdown; each comes with why it matters."""
    lines = ["# Checks", "", "Made by `walkaround explain --markdown > docs/checks.md`; a test holds it to the code."]
    for check, why in checks:
        lines += ["", f"## {check.code}: {check.title}"]
        for title, words in _parts(check, why):
            lines += ["", f"**{title}.** {words}"]
    return "\n".join(lines)


def _parts(check: Check, why: str) -> list[tuple[str, str]]:
    grave = "" if check.grave is None else f", grave from {_points(check.grave)} on"
    matters = f"{_points(check.tolerance)} over the pilot, of {check.of}{grave}" if check.tolerance else f"any{grave}"
    rise = f"{matters}; `policy` in walkaround.yaml sets others"
    dimension, severity = str(check.dimension), _SEVERITIES[check.severity]
    if check.dimension_of is not None:
        rise, dimension, severity = _AS_WRITTEN
    return [
        ("Dimension", dimension),
        ("Severity", severity),
        ("Rise that matters", rise),
        ("Why it matters", why),
        ("How it is computed", check.computed),
        ("False alarms", check.false_alarms),
        ("What to do", check.remedy),
    ]


def _points(rise: float) -> str:
    return f"{rise * 100:g} points" if rise else "any rise"
