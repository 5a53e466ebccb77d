"""USR001: an expectation of the user's own suite.

A team writes down what it relies on. Where production breaks that, what was built on it breaks too, whatever the pilot
looked like.

Suites of Great Expectations that people wrote about rows are held against the same rows as everything else here, and
their outcomes count in the same verdict.
"""

from __future__ import annotations

from walkaround.checks import words
from walkaround.model.check import Check
from walkaround.model.core_expectations import about
from walkaround.model.expectation import USERS_CODE
from walkaround.model.outcome import Dimension, Outcome

FAMILY = ("expect_", "unexpected_")
"""How the types of Great Expectations begin; facts of a profile do not."""


def message(outcome: Outcome) -> str:
    """What was expected, and how far from it production is."""
    if not outcome.fact.startswith(FAMILY):
        above = outcome.limit is not None and outcome.observed is not None and outcome.observed > outcome.limit
        held = f"allows at most {_figure(outcome.limit)}" if above else "asks for more"
        return f"{outcome.fact} of {words.where(outcome)} is {_figure(outcome.observed)}; the suite {held}"
    if outcome.status == "not_assessed":
        return f"{words.where(outcome)}: {outcome.detail} could not be assessed: {outcome.reason}"
    if outcome.count is not None and outcome.rows and outcome.limit is not None and "proportion" not in outcome.fact:
        allowed = f", which allows {words.share(outcome.limit)}" if outcome.limit else ""
        of = "values" if len(outcome.columns) == 1 and dimension(outcome) != "missingness" else "rows"
        of += f" of {words.where(outcome)}" if outcome.columns else ""
        share = words.share(outcome.observed)
        return f"{outcome.count:,} of {outcome.rows:,} {of} ({share}) break {outcome.detail}{allowed}"
    if outcome.status == "inconclusive":
        return f"whether {words.where(outcome)} meets {outcome.detail} is open"
    return _broken(outcome)


def _broken(outcome: Outcome) -> str:
    """What was expected of a figure, or of something that has none."""
    if outcome.observed is None:
        return f"{words.where(outcome)} breaks {outcome.detail}"
    if outcome.fact.startswith("unexpected_rows"):
        return f"{_figure(outcome.observed)} rows break {outcome.detail}"
    of = " rows" if "row_count" in outcome.fact else " columns" if "column_count" in outcome.fact else ""
    return f"{words.where(outcome)} has {_figure(outcome.observed)}{of}, which breaks {outcome.detail}"


def _figure(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.6g}"


def dimension(outcome: Outcome) -> Dimension:
    """That of the family of the expectation: of nulls, patterns, sets, keys, columns ..."""
    return about(outcome.fact.partition(" ")[0]).dimension


CHECK = Check(
    code=USERS_CODE,
    title="An expectation of your own",
    dimension="semantics",
    severity="critical",
    of="its own",
    computed=(
        "Great Expectations runs the suites expectations/<source>/rows*.json, those that `suites` in walkaround.yaml "
        "names, and those given with --suite, on the rows that were read. Columns of text files are shown to each "
        "expectation as it asks for them: patterns see the text, a bound that is a number sees numbers, a set sees "
        "texts or numbers as its elements are written; columns that read as one type without loss have that type, and "
        "an empty field is null. An expectation that errors, or finds no values to look at, is not assessed. On a "
        "sample, what no row of 30 or more breaks passes, and a share of rows passes or fails where its whole interval "
        "does; what a sample cannot tell (uniqueness, "
        "sums, extremes, order) is not assessed, and the number of rows is what the source says."
    ),
    false_alarms="Those of the expectation: nothing is allowed for chance that `mostly` does not allow.",
    remedy="Mend the rows at the source, or change the expectation in its file if it no longer says what is meant.",
    message=message,
    dimension_of=dimension,
)
