"""Options that several commands share, so that they are spelled and mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from walkaround.cli.writing import OutFile
from walkaround.errors import SourceError, UsageError

F = TypeVar("F", bound=Callable[..., Any])
Rows = int | Literal["full"]


class RowCount(click.ParamType[Rows]):
    """A number of rows, or `full`."""

    name = "N|full"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Rows:
        """The number, or the word."""
        if value == "full":
            return "full"
        text = str(value)
        if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) < 2**63:
            self.fail(f"{value!r} is neither a number of rows nor full", param, ctx)
        return int(text)


def sampling(function: F) -> F:
    """--sample and --seed."""
    function = click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=7, show_default=True, help="Seed of every draw."
    )(function)
    return click.option(
        "--sample", type=RowCount(), help="Rows to draw; files are read whole where this is not given."
    )(function)


def output(function: F) -> F:
    """--format and --report."""
    function = click.option(
        "--report", type=OutFile(), metavar="F.html", help="Where to write the page that can be sent on."
    )(function)
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="What to print: for people, or one JSON object.",
    )(function)


def positions(function: F) -> F:
    """--failing-cells and --duplicate-groups: positions of rows, never values, and only where asked for."""
    function = click.option(
        "--duplicate-groups", type=OutFile(), metavar="F.csv", help="Write which rows repeat each other: row,group."
    )(function)
    return click.option(
        "--failing-cells", type=OutFile(), metavar="F.csv", help="Write which cells fail: row,column,code."
    )(function)


def suites(function: F) -> F:
    """--suite: suites of rows that people wrote."""
    return click.option(
        "--suite",
        "suites",
        multiple=True,
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE.json",
        help="A suite of Great Expectations about rows, to hold production to as well; repeat it for several.",
    )(function)


def config(function: F) -> F:
    """--config."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("walkaround.yaml"),
        show_default=True,
        help="The settings of the project.",
    )(function)


def existing(name: str) -> str:
    """A path, pattern or URI of the command line, of which there is something to read.

    Raises:
        UsageError: there is no such file, or no connector for such a URI.
    """
    from walkaround.connectors import connector_for  # noqa: PLC0415 - not before a command needs it
    from walkaround.connectors.address import address_of, without_secrets  # noqa: PLC0415
    from walkaround.connectors.location import FILE_SCHEMES, locate  # noqa: PLC0415
    from walkaround.model.source import Source  # noqa: PLC0415

    source = Source(without_secrets(name), name)
    try:
        if address_of(source).scheme in ("", *FILE_SCHEMES):
            locate(source)
        else:
            connector_for(source)
    except SourceError as error:
        if error.reason == "missing":
            raise UsageError(error.message, error.hint) from None
    return name
