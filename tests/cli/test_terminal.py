"""A run in a shell: the verdict first, the worst finding on top, and nothing that steers the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from walkaround.cli.console import Console, plain
from walkaround.cli.terminal import FACES, fitted, render, width_of
from walkaround.model.run import Run
from walkaround.model.verdict import EXIT_CODES, Verdict, Word


def console(width: int = 100, *, colour: bool = False, symbols: bool = True) -> Console:
    return Console(io.StringIO(), terminal=False, colour=colour, width=width, symbols=symbols)


def test_a_run_reads_from_the_verdict_down(run: Run) -> None:
    """The whole text, as it stands in a window of 100 columns."""
    assert run.since is not None
    before = run.since.started.astimezone()
    assert render(run, console(), "out/report.html").splitlines() == [
        "✘ NOT READY  churn-assistant",
        "  Two findings block crm.customers, which is required.",
        "  46 of 49 checks ran: 40 passed, 4 failed, 2 inconclusive; 3 could not be assessed. Rises from 0.4",
        "  points on would typically be seen.",
        "  crm.customers: 100 312 rows of 1 904 312 (lines, seed 7), against 2 000 of the pilot.",
        "",
        "Blocks (2)",
        "  MIS001  email         17.4 % of email is missing; the pilot had 0 %, the limit is 0.5 %.",
        "  FMT001  signup_date   31.2 % of signup_date are dates in a format that the pilot did not have; the",
        "                        limit is 0.5 %. The new formats are %d/%m/%Y and %m-%d-%y.",
        "",
        "Warns (1)",
        "  CAT001  segment       3.1 % of segment are categories that the pilot did not have.",
        "",
        "Inconclusive (1)",
        "  OUT001  amount        1.9 % of amount is beyond the fences.",
        "",
        "Not assessed (1)",
        "  DRF001  age           25 values are too few to tell.",
        "",
        "To know (1)",
        "  SCH002  loyalty_tier  The column loyalty_tier is new.",
        "",
        f"Since   the run of {before:%Y-%m-%d %H:%M %Z} (ready with conditions): 1 new, 1 still.",
        "Exit    1, not ready: something blocks",
        "Report  out/report.html",
        "Next    walkaround explain MIS001",
    ]


@pytest.mark.parametrize("width", [40, 60, 72, 80, 110])
def test_no_line_is_wider_than_the_window(run: Run, width: int) -> None:
    """Text wraps; only a path, which people copy, does not."""
    assert all(width_of(line) <= width for line in render(run, console(width)).splitlines())


@pytest.mark.parametrize("word", EXIT_CODES)
def test_a_verdict_is_never_told_by_colour_alone(run: Run, word: Word) -> None:
    """Word and symbol lead the first line, in ASCII where the stream has no more; the exit code closes the text."""
    text = render(replace(run, verdict=Verdict(word)), console(symbols=False))
    face = FACES[word]
    assert text.startswith(f"{face.ascii} {face.words}")
    assert f"\nExit    {EXIT_CODES[word]}, " in text
    assert text.isascii()


def test_colour_is_there_only_where_it_is_shown(run: Run) -> None:
    """Piped text holds no escape sequence."""
    assert "\x1b[" in render(run, console(colour=True))
    assert "\x1b[" not in render(run, console())


def test_at_most_twenty_findings_are_listed_and_the_rest_is_counted(run: Run) -> None:
    """The worst come first and the last line says how many are left out."""
    many = (*[run.findings[0]] * 15, *[run.findings[2]] * 15)
    text = render(replace(run, findings=many), console())
    assert text.count("MIS001  email") == 15
    assert text.count("CAT001  segment") == 5
    assert "Warns (15)" in text
    assert "  and 10 more, in the report" in text


def test_a_group_without_room_shows_its_worst(run: Run) -> None:
    """However many block, two of each group below are named: what was not assessed above all."""
    many = (*[run.findings[0]] * 25, run.findings[2], *[run.findings[4]] * 3)
    text = render(replace(run, findings=many), console())
    assert text.count("MIS001  email") == 20
    assert "  and 5 more, in the report\n\nWarns (1)\n  CAT001  segment" in text
    assert text.count("DRF001  age") == 2
    assert "Not assessed (3)" in text
    assert "  and 1 more, in the report" in text


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x07", "\u202e", "\u2066", "\r", "\n", "\ud800", "\u200b", "\x9b"])
def test_names_and_messages_cannot_steer_the_terminal(run: Run, hostile: str) -> None:
    """Control, bidi and broken characters are shown as escapes wherever a name or a message stands."""
    first = run.findings[0]
    outcome = replace(first.outcome, columns=(f"a{hostile}b",), source=f"s{hostile}")
    bad = replace(first, outcome=outcome, message=f"m{hostile}m")
    source = replace(run.sources[0], name=f"s{hostile}", problem=f"p{hostile}")
    project = replace(run.project, name=f"n{hostile}")
    text = render(replace(run, findings=(bad,), sources=(source,), project=project), console(), f"r{hostile}")
    assert hostile not in text.replace("\n", "" if hostile == "\n" else "\n")
    assert plain(f"n{hostile}") in text


def test_a_long_name_keeps_its_two_ends() -> None:
    """Names differ at their ends, so they are cut in the middle; wide characters count for two."""
    cut = fitted("customer_" + "x" * 10_000 + "_id", 20)
    assert width_of(cut) == 20
    assert cut.startswith("customer_")
    assert cut.endswith("_id")
    assert width_of(fitted("顧客" * 40, 15)) == 15
    assert fitted("short", 8) == "short   "
    assert [width_of(fitted("abcdef", width)) for width in (1, 2, 3)] == [1, 2, 3]


def test_a_source_that_could_not_be_read_says_why(run: Run) -> None:
    """Its problem stands where its rows would."""
    source = replace(run.sources[0], problem="crm/customers.csv: is empty")
    assert "crm.customers: crm/customers.csv: is empty" in render(replace(run, sources=(source,)), console())


def test_more_than_one_source_is_named_with_each_finding(run: Run) -> None:
    """With two sources a column alone would not say where it is."""
    two = (run.sources[0], replace(run.sources[0], name="crm.orders"))
    assert "MIS001  crm.customers email" in render(replace(run, sources=two), console())
