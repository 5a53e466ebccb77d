"""The tables of `profile` and `history`."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from walkaround.cli import columns
from walkaround.cli.console import Console
from walkaround.cli.history import table
from walkaround.cli.terminal import width_of
from walkaround.history.stored import StoredRun
from walkaround.model.run import ColumnFigures, ColumnPair, Run, Share
from walkaround.model.sample import Drawn

CONSOLE = Console(io.StringIO(), terminal=False, colour=False, width=80, symbols=True)


def pair(name: str, figures: ColumnFigures) -> ColumnPair:
    return ColumnPair(name, personal=False, production=figures)


def test_a_profile_is_a_line_a_column(run: Run) -> None:
    """What it reads as, what is missing, how many are distinct, and how it looks, in columns that line up."""
    shapes = (Share("a+@a+.a+", 80, 0.8), Share("a+ at a+", 20, 0.2))
    pairs = (
        pair("email", ColumnFigures("text", "email", 100, 0.1743, shapes=shapes, distinct=1_234)),
        pair("amount", ColumnFigures("text", "number", 100, 0.0, low=1.0, median=20.5, high=300.0, distinct=7)),
        pair("rare", ColumnFigures("text", "text", 100, 0.0001, distinct=9, distinct_is="estimate")),
    )
    source = replace(run.sources[0], columns=pairs, drawn=Drawn("full", 7, 100), duplicate_rate=0.25)
    assert columns.render(replace(run, sources=(source,)), CONSOLE, "p.html").splitlines() == [
        "crm.customers  100 rows, 3 columns",
        "25 % of rows repeat an earlier one",
        "",
        "column  reads as  missing  distinct  range or shapes",
        "email   email      17.4 %     1 234  a+@a+.a+ 80 %, a+ at a+ 20 %",
        "amount  number        0 %         7  1 · 20.5 · 300",
        "rare    text       <0.1 %        ~9",
        "",
        "Report  p.html",
    ]


def test_hostile_names_keep_to_their_column(run: Run) -> None:
    """Ten thousand characters, or an escape sequence, do not break the table."""
    figures = ColumnFigures("text", "text", 1, 0.0, shapes=(Share("x\x1b[2J" * 5_000, 1, 1.0),), distinct=1)
    pairs = (pair("\u202e\x1b[31m" + "n" * 10_000, figures),)
    text = columns.render(replace(run, sources=(replace(run.sources[0], columns=pairs),)), CONSOLE)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(width_of(line) <= 80 for line in text.splitlines())


def test_history_is_a_line_a_run() -> None:
    """When, which, the verdict in words, and how its checks came out."""
    started = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    stored = StoredRun("01J", started, 4.13, "check", "churn", "not_ready", (), 49, 40, 4, 2, 3, 0, "r")
    when = f"{started.astimezone():%Y-%m-%d %H:%M %Z}"
    assert table([stored], CONSOLE).splitlines() == [
        f"{'when':<{len(when)}}  run  verdict    failed  inconclusive  not assessed  passed  seconds",
        f"{when}  01J  not ready       4             2             3      40      4.1",
    ]
