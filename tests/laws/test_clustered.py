"""Law 2 for samples drawn in units: what pages differ in is no news, and what is news is still told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from walkaround.judging import findings
from walkaround.model.fact import Fact
from walkaround.model.policy import Policy
from walkaround.model.sample import STRATUM, UNIT, Barrier, Drawn
from walkaround.model.source import Source

PAGES, PAGE = 400, 100
SEEDS = 12


def table(chance: np.random.Generator) -> pa.Table:
    """Pages that were written at one time each, and so are alike: what is missing, the mix, the level, the spelling."""
    page = np.repeat(np.arange(PAGES), PAGE)
    rows = len(page)
    outage = (chance.random(PAGES) < 0.1)[page]
    level = chance.normal(100, 20, PAGES)[page]
    region = chance.integers(0, 5, PAGES)[page]
    return pa.table(
        {
            "id": [f"k{row:06d}" for row in range(rows)],
            "email": [None if lost else f"user{row}@corp.example" for row, lost in enumerate(outage)],
            "amount": level + chance.normal(0, 5, rows),
            "region": np.array(["north", "south", "east", "west", "isles"])[
                np.where(chance.random(rows) < 0.8, region, chance.integers(0, 5, rows))
            ],
            "note": np.where(chance.random(rows) < 0.9, "ok", np.where(outage, "N/A", "seen")),
            UNIT: pa.array(page),
        }
    )


def rows_of(pages: Any) -> pa.Array:
    return pa.array((np.sort(pages)[:, None] * PAGE + np.arange(PAGE)).ravel())


def in_pages(profiles: Any) -> Any:
    """The same profiles, of samples of tables that are a hundred times as large."""
    return [replace(each, drawn=Drawn("system", 7, each.rows, 0.01)) for each in profiles]


def plain(whole: pa.Table) -> pa.Table:
    return whole.drop_columns([UNIT])


@pytest.mark.parametrize("pilot_in_pages", [False, True])
def test_pages_of_one_table(pilot_in_pages: Any, compared: Any, held: Any) -> None:
    """A production of 25 or 60 pages against a pilot of the same table, rows at random or other pages: failing findings
    stay within the budget of their runs, but for what so few draws show by luck.
    """
    policy, failing = Policy(), []
    for seed in range(SEEDS):
        chance = np.random.default_rng([seed, 37])
        whole, pages = table(chance), chance.permutation(PAGES)
        count = (25, 60)[seed % 2]
        pilot = plain(whole).take(pa.array(chance.choice(PAGES * PAGE, 4_000, replace=False)))
        if pilot_in_pages:
            pilot = whole.take(rows_of(pages[100:160]))
        judged = held(*in_pages(compared(pilot, whole.take(rows_of(pages[:count])))))
        failing += [(seed, o.code, o.fact, o.columns, o.chance) for o in judged.failing()]
    most = int(stats.poisson.ppf(0.999, policy.false_alarms_per_run * SEEDS))
    assert len(failing) <= most, failing


def test_taken_for_rows_they_fail(compared: Any, held: Any) -> None:
    """The other side of the test above: the same pages without their units fail in nearly every run."""
    failed = 0
    for seed in range(4):
        chance = np.random.default_rng([seed, 37])
        whole, pages = table(chance), chance.permutation(PAGES)
        pilot = plain(whole).take(pa.array(chance.choice(PAGES * PAGE, 4_000, replace=False)))
        failed += bool(held(*in_pages(compared(pilot, plain(whole.take(rows_of(pages[:25])))))).failing())
    assert failed >= 3


def test_25_clusters_of_10_000_rows(compared: Any, held: Any) -> None:
    """400 of 10,000 rows are missing, all of them on one of 25 pages: against a pilot of 1,000 rows with 1 % that is no
    failure; spread over all pages it is.
    """
    pilot = pa.table({"a": [None if row % 100 == 0 else f"v{row % 40}" for row in range(1_000)]})

    def production(missing: Any) -> pa.Table:
        values = [None if lost else f"v{row % 40}" for row, lost in enumerate(missing)]
        return pa.table({"a": values, UNIT: np.repeat(np.arange(25), 400)})

    def told(missing: Any) -> Any:
        judged = held(*in_pages(compared(pilot, production(missing))))
        return next(o for o in judged.outcomes if o.code == "MIS001")

    one_page, spread = told(np.arange(10_000) < 400), told(np.arange(10_000) % 25 == 0)
    assert one_page.count == spread.count == 400
    assert one_page.status != "fail"
    assert spread.status == "fail"
    assert one_page.interval[1] - one_page.interval[0] > 5 * (spread.interval[1] - spread.interval[0])


def test_strata_find_what_is_there(compared: Any, held: Any) -> None:
    """One page of each of 400 strata, 5 % of one column emptied: it fails as it does on rows drawn one by one."""
    chance = np.random.default_rng(5)
    whole = table(chance)
    rows = np.arange(0, PAGES * PAGE, 4)
    production = whole.take(pa.array(rows)).append_column(STRATUM, pa.array(rows // PAGE))
    spoilt = [None if place % 20 == 0 else name for place, name in enumerate(production["region"].to_pylist())]
    judged = held(
        *in_pages(compared(plain(whole).slice(0, 4_000), production.set_column(3, "region", pa.array(spoilt))))
    )
    assert ("MIS001", ("region",)) in {(o.code, o.columns) for o in judged.failing()}


def test_a_handful_of_pages_supports_no_pass(compared: Any, held: Any) -> None:
    """Law 3: 400 rows of four pages that are alike in themselves tell no more than four rows, so nothing passes."""
    whole = table(np.random.default_rng(7))
    judged = held(*in_pages(compared(plain(whole), whole.slice(0, 4 * PAGE))))
    of_values = [o for o in judged.outcomes if o.columns == ("amount",) and o.fact == "beyond_range_rate"]
    assert {o.status for o in of_values} == {"not_assessed"}
    assert "from so few places" in of_values[0].reason


KEYED = Source("s", "s", key=("id",))


def keyed(rows: int, repeats: int = 0) -> pa.Table:
    ids = [f"k{row if row >= repeats else rows - 1 - row:05d}" for row in range(rows)]
    return pa.table({"id": ids, "n": pa.array(range(rows), pa.int64())})


def sampled(profile: Any, method: str, **of_source: Any) -> Any:
    """The same profile, of a sample that was drawn so, of a source that says this of itself."""
    drawn = Drawn(method, 7, profile.rows, 0.01, ("duplicate rows",))
    return replace(profile, drawn=drawn, facts_of_source=replace(profile.facts_of_source, **of_source))


def outcome(judged: Any, code: str, *columns: str) -> Any:
    return next(o for o in judged.outcomes if o.code == code and (not columns or o.columns == columns))


def test_exact_duplicates_are_assessed(compared: Any, held: Any) -> None:
    """What the server counted over its whole table stands instead of the sample's, and without an interval."""
    pilot, production = compared(keyed(500), keyed(500), KEYED)
    assert outcome(held(pilot, sampled(production, "pages")), "DUP001").status == "not_assessed"
    counted = Fact("repeated_key_rate", ("id",), 0.057, 57_000, 1_000_000, "exact")
    told = outcome(held(pilot, sampled(production, "pages", exact=(counted,))), "DUP001")
    assert (told.status, told.observed, told.count, told.rows) == ("fail", 0.057, 57_000, 1_000_000)
    assert (told.basis, told.interval) == ("exact", None)
    none = Fact("repeated_key_rate", ("id",), 0.0, 0, 1_000_000, "exact")
    assert outcome(held(pilot, sampled(production, "pages", exact=(none,))), "DUP001").status == "pass"


def test_exact_nulls_are_missing_values_where_nothing_else_is(compared: Any, held: Any) -> None:
    """Nulls of an integer column are all that can be missing in it; a text may be empty as well: it stays sampled."""
    pilot, production = compared(keyed(500), keyed(500), KEYED)
    exact = tuple(Fact("null_rate", (name,), 0.2, 200_000, 1_000_000, "exact") for name in ("id", "n"))
    judged = held(pilot, sampled(production, "rows", exact=exact))
    told = outcome(judged, "MIS001", "n")
    assert (told.status, told.count, told.basis) == ("fail", 200_000, "exact")
    assert outcome(judged, "MIS001", "id").status == "pass"


def test_a_sample_of_keys_counts_repeats(compared: Any, held: Any) -> None:
    """All rows of a key are in a sample by the key's hash, so repeated keys are assessed from it."""
    pilot, production = compared(keyed(500), keyed(500, repeats=30), KEYED)
    assert outcome(held(pilot, sampled(production, "rows")), "DUP001").status == "not_assessed"
    told = outcome(held(pilot, sampled(production, "key_hash")), "DUP001")
    assert (told.status, told.count, told.basis) == ("fail", 30, "sample")


def test_a_column_that_may_not_be_read(compared: Any, held: Any) -> None:
    """It is there: ACC001 speaks for it and all its checks, SCH001 does not; it is missed where the pilot had it."""
    pilot, production = compared(keyed(500), keyed(500).drop_columns(["n"]), KEYED)
    barrier = Barrier("denied", "s: no right to read n and secret", "GRANT SELECT (n)", ("n", "secret"))
    judged = held(pilot, sampled(production, "full", barriers=(barrier,)))
    told = [(o.columns, o.status, o.required) for o in judged.outcomes if o.code == "ACC001"]
    assert told == [(("n",), "not_assessed", True), (("secret",), "not_assessed", False)]
    assert {o.folded for o in judged.outcomes if "n" in o.columns and o.code != "ACC001"} == {True}
    assert "SCH001" not in {o.code for o in judged.failing()}
    assert outcome(judged, "DUP002").reason == "a column may not be read"
    found = [finding for finding in findings(judged.outcomes) if finding.outcome.code == "ACC001"]
    assert [finding.message for finding in found] == [barrier.message] * 2
    assert {finding.remedy for finding in found} == {"GRANT SELECT (n)"}


def test_rows_that_a_policy_hides(compared: Any, held: Any) -> None:
    """One sees a part of the table, so evidence that is required is missing, whatever passed."""
    pilot, production = compared(keyed(500), keyed(500), KEYED)
    barrier = Barrier("denied", "s: row-level security shows this user a part of the rows", "ask for BYPASSRLS")
    [told] = [o for o in held(pilot, sampled(production, "full", barriers=(barrier,))).outcomes if o.code == "ACC001"]
    assert (told.columns, told.status, told.required) == ((), "not_assessed", True)
