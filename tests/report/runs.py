"""Runs made by hand, for the tests of the report."""

# ruff: noqa: E501, FBT003 - made values, set like tables

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import (
    Bin,
    Change,
    ColumnFigures,
    ColumnPair,
    Owner,
    Project,
    Run,
    Share,
    Since,
    SourceRun,
)
from walkaround.model.sample import DeclaredColumn, Drawn, Records, SourceFacts
from walkaround.model.verdict import Coverage, Verdict

STARTED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HOSTILE = (
    '<script>window.pwned=1</script></style></title></svg>"\'><img src=x onerror="window.pwned=1">'
    "<a href='javascript:window.pwned=1'>&lt;\u202eevil\u2066\x00\x07\x1b[31m\ud800 {{ 7*7 }} {% raw %}"
)
LONG = "x" * 10_000


def finding(code: str = "MIS001", column: str = "email", **changes: Any) -> Finding:
    held = {
        "status": "fail", "severity": "blocker", "fact": "missing_rate", "observed": 0.174, "count": 17_454,
        "rows": 100_312, "interval": (0.172, 0.176), "limit": 0.005, "pilot": 0.0, "chance": 1e-12, "level": 8e-5,
    } | changes  # fmt: skip
    outcome = Outcome(code, "crm.customers", (column,), **held)
    return Finding(
        outcome,
        "Missing values",
        "missingness",
        f"17.4 % of {column} is missing; the pilot had 0 %, the limit is 0.5 %",
        "Find the step that leaves the column empty, and backfill it; or train the model with the gap it will meet.",
    )


def bins(middle: float, low: float = 0.0, high: float = 100.0, count: int = 24) -> tuple[Bin, ...]:
    width = (high - low) / count
    weights = [math.exp(-(((low + (at + 0.5) * width - middle) / (high - low) * 6) ** 2)) for at in range(count)]
    return tuple(
        Bin(low + at * width, low + (at + 1) * width, weight / sum(weights)) for at, weight in enumerate(weights)
    )


def figures(**changes: Any) -> ColumnFigures:
    return ColumnFigures(**({"declared": "text", "reads_as": "text", "rows": 2_000, "missing_rate": 0.0} | changes))


def email() -> ColumnPair:
    missing = (Share("null", 9_000, 0.09), Share("word", 8_454, 0.084))
    return ColumnPair(
        "email", True,
        figures(shapes=(Share("a+@a+.a+", 1_900, 0.95), Share("a+.a+@a+.a+", 100, 0.05)), lengths=(8, 41), distinct=2_000),
        figures(rows=100_312, missing_rate=0.174, missing=missing, shapes=(Share("a+@a+.a+", 80_000, 0.97),),
                lengths=(3, 60), distinct=79_221, distinct_is="estimate"),
    )  # fmt: skip


def signup() -> ColumnPair:
    return ColumnPair(
        "signup_date", False,
        figures(declared="date", reads_as="date", formats=(Share("%Y-%m-%d", 2_000, 1.0),), ambiguous_rate=0.0,
                bins=bins(19_500, 18_000, 20_500), distinct=900),
        figures(rows=100_312, reads_as="date", ambiguous_rate=0.127, bins=bins(19_900, 18_000, 20_500), formats=(
            Share("%Y-%m-%d", 60_000, 0.6), Share("%d/%m/%Y", 30_000, 0.3), Share("%b %d, %Y", 10_000, 0.1))),
        is_date=True,
    )  # fmt: skip


def amount() -> ColumnPair:
    return ColumnPair(
        "amount", False,
        figures(declared="double", reads_as="decimal", bins=bins(30), low=1.0, median=30.0, high=80.0, distinct=1_800),
        figures(rows=100_312, reads_as="decimal", bins=bins(55), low=3.0, median=55.2, high=99_000.0,
                styles=(Share("1234.5", 90_000, 0.9), Share("1.234,5", 10_000, 0.1))),
    )  # fmt: skip


def country() -> ColumnPair:
    return ColumnPair(
        "country", False,
        figures(categories=(Share("PT", 1_200, 0.6), Share("ES", 800, 0.4)), distinct=2),
        figures(rows=100_312, categories=(Share("PT", 50_000, 0.5), Share("ES", 40_000, 0.4), Share("FR", 10_312, 0.1))),
    )  # fmt: skip


def rich(blockers: int = 2) -> Run:
    """A run with something of everything."""
    found = [finding(), finding("FMT002", "signup_date", fact="ambiguous_rate", observed=0.127, count=12_740)]
    found = [*found, *(finding("MIS001", f"column_{at}") for at in range(blockers - 2))][:blockers]
    warn = finding("CAT001", "country", severity="warning", chance=2.5e-5, fact="new_category_rate")
    doubt = finding("MIS001", "phone", status="inconclusive", severity="warning", chance=0.02, enough=12_000)
    unseen = finding("DRF001", "age", status="not_assessed", severity="warning", observed=None, count=None, rows=None,
                     interval=None, reason="fewer than 30 values", chance=None)  # fmt: skip
    passed = tuple(
        Outcome("MIS001", "crm.customers", (f"p{at}",), "pass", "warning", "missing_rate", 0.0, 0, 100_312,
                limit=0.005, pilot=0.0, detectable=0.004)
        for at in range(40)
    )  # fmt: skip
    found = [*found, warn, doubt, unseen]
    source = SourceRun(
        "crm.customers", "${CRM_DIR}/customers.csv",
        facts=SourceFacts("delimited text", (DeclaredColumn("email", "text"),), 1_904_312, "exact", 123_456_789, STARTED,
                          ("customer_id",), ("UTF-8", "delimiter ;"), ("SELECT 1",), 1.5),
        drawn=Drawn("lines", 7, 100_312, 0.0527, ("duplicate rows",)),
        records=Records(100_312, 100_330, {"ragged": 11}, {"cp1252": 3}, 4, 2, 1),
        fingerprint="9b4ce6e7", pilot_uri="data/pilot/customers.parquet", pilot_rows=2_000, pilot_fingerprint="41aa77f0",
        pilot_frozen=STARTED, pilot_frozen_by="ana", columns=(country(), amount(), signup(), email(),
            ColumnPair("fax", False, figures(), None), ColumnPair("segment", False, None, figures(missing_rate=None, rows=0))),
    )  # fmt: skip
    return Run(
        "01JD0000000000000000000000", STARTED, 4.1, "check", {"walkaround": "0.1.0", "python": "3.11"},
        Verdict("not_ready" if blockers else "ready_with_conditions", tuple(each.label for each in found[:blockers]),
                "a required source has at least one blocking finding" if blockers else "nothing blocks, but not everything planned passed"),
        Coverage(43 + blockers, 42 + blockers, 40, blockers + 1, 1, 1, 0, 0.05, 0.004),
        tuple(found), (*(each.outcome for each in found), *passed), (source,),
        Project("churn-assistant", "Predict churn for retail customers, weekly batch", "FR-2026-118", "internal",
                Owner("Ana Silva", "ana.silva@corp.example", None, date(2026, 11, 14)), "m.costa@corp.example"),
        Since("01JC", STARTED, "ready", (Change("new", "MIS001 crm.customers email", "17.4 % missing"),), True),
        0.95, {"sample": "100000"},
    )  # fmt: skip


def empty() -> Run:
    """A run in which everything that was planned passed: nothing was planned."""
    verdict = Verdict("ready", (), "everything that was planned was checked and passed")
    return Run("01JE", STARTED, 0.1, "compare", {}, verdict, Coverage())


def unread() -> Run:
    """A run in which nothing could be read."""
    missed = finding("ACC001", "", status="not_assessed", observed=None, count=None, rows=None, interval=None,
                     reason="the file is empty", required=True, chance=None, limit=None)  # fmt: skip
    missed = replace(missed, outcome=replace(missed.outcome, columns=()), message="crm.customers could not be read")
    source = SourceRun("crm.customers", "a.csv", problem="the file is empty")
    verdict = Verdict("not_assessed", (missed.label,), "no blocker was found, but evidence that is required is missing")
    return Run("01JF", STARTED, 0.1, "compare", {}, verdict, Coverage(1, 0, not_assessed=1), (missed,), (missed.outcome,),
               (source,))  # fmt: skip


def profile() -> Run:
    """A profile: no pilot, no findings."""
    source = rich().sources[0]
    alone = tuple(replace(pair, pilot=None) for pair in source.columns if pair.production is not None)
    verdict = Verdict("not_assessed", (), "a profile alone is held against nothing, so it has no verdict")
    return Run("01JG", STARTED, 0.1, "profile", {}, verdict, Coverage(), sources=(replace(source, columns=alone),))


def hostile(text: str = HOSTILE) -> Run:
    """The rich run with `text` wherever a source, a person or a file may put one."""
    run = rich()
    source = run.sources[0]

    def spoiled(side: ColumnFigures | None) -> ColumnFigures | None:
        parts = ("shapes", "formats", "styles", "categories")
        return side and replace(side, declared=text, **{part: (Share(text, 10, 0.5),) for part in parts})

    pairs = tuple(
        replace(pair, name=f"{text}{at}", pilot=spoiled(pair.pilot), production=spoiled(pair.production))
        for at, pair in enumerate(source.columns)
    )
    found = tuple(
        replace(each, message=f"{text} is missing", remedy=text, title=text,
                outcome=replace(each.outcome, source=text, columns=(f"{text}0", text), detail=text, reason=text))
        for each in run.findings
    )  # fmt: skip
    facts = replace(source.facts, kind=text, notes=(text,), statements=(text,))
    source = replace(source, name=text, uri=text, pilot_uri=text, pilot_frozen_by=text, fingerprint=text, columns=pairs,
                     pilot_fingerprint=text, problem=text, facts=facts, drawn=replace(source.drawn, method=text, cannot_tell=(text,)),
                     records=replace(source.records, rejected={text: 1}, repaired={text: 1}))  # fmt: skip
    project = Project(text, text, text, text, Owner(text, text, text), text)
    since = Since(text, STARTED, text, (Change(text, text, text),))
    return replace(run, id=text, project=project, sources=(source,), findings=found, since=since, versions={text: text},
                   settings={text: text}, verdict=replace(run.verdict, rule=text, because=(text,)),
                   outcomes=tuple(each.outcome for each in found))  # fmt: skip


def wide(columns: int = 1_000) -> Run:
    """A run over many columns, each with a finding."""
    run = rich()
    kinds = (country(), amount(), signup(), email())
    pairs = tuple(replace(kinds[at % 4], name=f"column_{at}_of_a_wide_table") for at in range(columns))
    found = tuple(
        finding("MIS001", pair.name, severity="warning" if at % 3 else "blocker") for at, pair in enumerate(pairs)
    )
    passed = tuple(replace(run.outcomes[-1], columns=(pair.name,)) for pair in pairs for _ in range(4))
    return replace(run, sources=(replace(run.sources[0], columns=pairs),), findings=found,
                   outcomes=(*(each.outcome for each in found), *passed))  # fmt: skip


def unknown() -> Run:
    """The hostile run with codes that no check has, so that its page depends on nothing but itself."""
    run = hostile()
    found = tuple(replace(each, outcome=replace(each.outcome, code=HOSTILE)) for each in run.findings)
    passed = replace(rich().outcomes[-1], code=HOSTILE, source=HOSTILE, columns=(HOSTILE,))
    return replace(run, findings=found, outcomes=(*(each.outcome for each in found), passed))


def renamed() -> Run:
    """A run in which a column was renamed, so that three of its checks were not made."""
    gone = finding("SCH004", "phone", fact="column_renamed", observed=1.0, count=1, rows=1, detail="phone_number")
    gone = replace(
        gone, title="A column was renamed", dimension="schema", message="phone is probably called phone_number"
    )
    moot = Outcome("MIS001", "crm.customers", ("phone",), "not_assessed", "warning", "missing_rate",
                   reason="production does not have the column", folded=True)  # fmt: skip
    run = rich()
    return replace(
        run,
        findings=(gone,),
        outcomes=(gone.outcome, moot, replace(moot, code="FMT003"), replace(moot, code="FMT005")),
        coverage=Coverage(5, 1, 0, 1, 0, 4),
        verdict=Verdict("not_ready", (gone.label,), "a rule"),
    )
