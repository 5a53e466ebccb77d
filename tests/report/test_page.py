"""What stands on the page, and in which words."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from walkaround.report import charts, foremost, render
from walkaround.report.answers import answered, covered
from walkaround.report.date_format import readable
from walkaround.report.page import page
from walkaround.report.words import told, yes_or_no


def test_a_hostile_page_is_as_it_was(runs: ModuleType) -> None:
    """Compared whole: run `make golden` where the page was meant to change, and read the difference."""
    golden = Path(__file__).with_name("hostile.html")
    assert render.html(runs.unknown()) == golden.read_bytes().decode()


@pytest.mark.parametrize(
    ("strftime", "words"),
    [
        ("%Y-%m-%d", "YYYY-MM-DD"),
        ("%d-%b-%Y", "DD-Mon-YYYY"),
        ("%d/%m/%Y|%m/%d/%Y", "DD/MM/YYYY or MM/DD/YYYY (open)"),
        ("%d.%m.%y %H:%M:%S%z", "DD.MM.YY hh:mm:ss+hhmm"),
        ("native", "native"),
        ("5 % | 7 %", "5 % | 7 %"),
    ],
)
def test_a_format_reads_as_people_write_it(strftime: str, words: str) -> None:
    """No percent sign of strftime is left, and what is no format is left alone."""
    assert readable(strftime) == words


def test_a_message_has_its_format_in_words(runs: ModuleType) -> None:
    """Only the format is reworded: a column that is called %d stays %d."""
    found = replace(
        runs.finding("FMT001", "%d", detail="%d-%b-%Y"), dimension="format", message="40.0 % of %d is dated %d-%b-%Y"
    )
    assert told(found) == "40.0 % of %d is dated DD-Mon-YYYY"


def test_checks_that_another_finding_covers_are_counted_apart(runs: ModuleType) -> None:
    """4 had no answer: 3 of them are covered by SCH004, 1 could not be assessed."""
    run = runs.renamed()
    assert answered(run) == (
        "1 of 5 planned checks gave an answer: 0 passed, 1 failed, 0 inconclusive; 3 are covered by another finding; "
        "1 could not be assessed."
    )
    (group,) = covered(run)
    assert (group.count, group.columns, group.by) == (3, ("phone",), run.findings[0])
    text = render.html(run)
    assert "Everything that was planned was looked at" not in text
    assert "covered by SCH004 (A column was renamed)" in text


def test_page_one_shows_other_columns_first(runs: ModuleType) -> None:
    """The widest first, then one of another column, though a second of the first column is wider."""
    wide, same, other, small = (
        runs.finding("FMT001", "signup", observed=0.4),
        runs.finding("FMT002", "signup", observed=0.3),
        runs.finding("MIS001", "email", observed=0.1),
        runs.finding("MIS001", "name", observed=0.05),
    )
    assert foremost.chosen([small, same, other, wide], 3) == (wide, other, small)
    assert foremost.chosen([same, wide], 3) == (wide, same)


def test_effect_is_the_rise_over_the_pilot(runs: ModuleType) -> None:
    """30 % where the pilot had 25 % is a smaller thing than 10 % where it had none; no figure means all rows."""
    assert foremost.effect(runs.finding(observed=0.3, pilot=0.25)) == pytest.approx(0.05)
    assert foremost.effect(runs.finding(observed=0.1, pilot=0.0)) == pytest.approx(0.1)
    assert foremost.effect(runs.finding(observed=None)) == 1.0


def test_what_is_or_is_not_has_no_figures(runs: ModuleType) -> None:
    """A column that is gone is told in words, without a bar or "production 1, limit 0"; a count keeps both."""
    gone = runs.finding("SCH001", "fax", fact="column_gone", observed=1.0, count=None, rows=None, limit=0.0, pilot=0.0)
    new = runs.finding("SCH002", "", fact="new_columns", observed=1.0, count=1, rows=9, limit=0.0, interval=None)
    assert yes_or_no(gone.outcome)
    assert charts.gap(gone.outcome) is None
    assert not yes_or_no(new.outcome)
    assert charts.gap(new.outcome) is not None


def test_a_column_that_is_gone_has_no_bar(runs: ModuleType) -> None:
    """An empty bar says that nothing is missing; where there is no column, there is none."""
    alone = replace(runs.email(), pilot=None)
    chart = charts.missing(alone)
    assert chart.pilot is None
    assert [(part.kind, round(part.width, 1)) for part in chart.production] == [("null", 45.0), ("word", 42.0)]
    assert chart.title.startswith("Missing: pilot no such column; production null 9.0 %")


def test_what_nobody_supplied_is_named_once(runs: ModuleType) -> None:
    """The rich run lacks a deputy, effort and cost; the empty run lacks everything."""
    assert page(runs.rich()).not_supplied == "deputy, effort, run cost"
    assert page(runs.empty()).not_supplied.startswith("funding request, classification, use case, operational owner")
    assert render.html(runs.empty()).lower().count("not supplied") == 1


def test_a_notebook_shows_the_verdict(runs: ModuleType) -> None:
    """A run that ends a cell is its verdict and findings, without a script and with every name escaped."""
    html = runs.rich()._repr_html_()
    assert "NOT READY" in html
    assert "17.4\u00a0% of email is missing" in html
    assert "<script" not in runs.hostile()._repr_html_()


def test_a_run_needs_no_template_engine_until_it_is_shown() -> None:
    """The import that points up happens in the notebook, never with the model."""
    code = "import sys, walkaround.model.run; print('jinja2' in sys.modules, 'walkaround.report' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False"]
