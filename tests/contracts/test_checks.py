"""What every check promises: its line of the catalogue, its words, its rows, and that it finds what it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from walkaround.checks import by_code, checks, why
from walkaround.columns import Table
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.sample import Records
from walkaround.model.source import ColumnSpec, Source

SEED = 3
ROWS = range(1_000)

# code: dimension, tolerance, grave, severity, as in the catalogue
CATALOGUE: dict[str, tuple[str, float, float | None, str]] = {
    "ACC001": ("access", 0.0, None, "critical"),
    "ACC002": ("access", 0.001, 0.01, "critical"),
    "SCH001": ("schema", 0.0, None, "critical"),
    "SCH002": ("schema", 0.0, None, "info"),
    "SCH003": ("schema", 0.005, 0.05, "critical"),
    "SCH004": ("schema", 0.0, None, "critical"),
    "MIS001": ("missingness", 0.005, 0.05, "critical"),
    "MIS002": ("missingness", 0.005, 0.05, "critical"),
    "MIS003": ("missingness", 0.005, 0.05, "critical"),
    "FMT001": ("format", 0.005, 0.02, "critical"),
    "FMT002": ("format", 0.0, 0.01, "critical"),
    "FMT003": ("format", 0.005, 0.10, "warning"),
    "FMT004": ("format", 0.005, 0.02, "critical"),
    "FMT005": ("format", 0.005, 0.05, "warning"),
    "FMT006": ("format", 0.005, 0.10, "warning"),
    "SEM001": ("semantics", 0.005, 0.05, "critical"),
    "CAT001": ("semantics", 0.005, 0.05, "warning"),
    "DUP001": ("duplicates", 0.0, None, "critical"),
    "DUP002": ("duplicates", 0.005, 0.05, "critical"),
    "OUT001": ("outliers", 0.005, 0.05, "warning"),
    "OUT002": ("outliers", 0.005, 0.01, "critical"),
    "OUT003": ("outliers", 0.001, 0.01, "critical"),
    "DRF001": ("drift", 0.1, None, "warning"),
    "INT002": ("integrity", 0.001, 0.01, "critical"),
    "OPS001": ("ownership", 0.0, None, "warning"),
    "USR001": ("semantics", 0.0, None, "critical"),
}


def test_the_catalogue() -> None:
    """Every check stands in the catalogue once, with its dimension, tolerance, grave limit and severity."""
    codes = [check.code for check in checks()]
    assert len(set(codes)) == len(codes)
    assert {
        check.code: (check.dimension, check.tolerance, check.grave, check.severity) for check in checks()
    } == CATALOGUE


@pytest.mark.parametrize("code", CATALOGUE)
def test_words(code: str) -> None:
    """A check says what it is, why it matters, how it is computed, when it is wrong and what to do."""
    check = by_code()[code]
    told = (check.title, check.of, check.computed, check.false_alarms, check.remedy, why(code))
    assert all(len(words.strip()) > 3 for words in told)
    assert all(not words.endswith(" ") and "  " not in words for words in told)


def iso(row: int) -> str:
    return f"20{10 + row % 10}-{row % 12 + 1:02d}-{row % 28 + 1:02d}"


def person(row: int) -> str:
    first, last = ("Ana", "Ben", "Carla", "David", "Eva"), ("Silva", "Meyer", "Novak", "Rossi", "Kral")
    return f"{first[row % 5]} {last[row % 7 % 5]}"


def measured(row: int) -> float:
    """From 100.0 to 199.9, each of a thousand numbers once."""
    return 100 + (row * 37 % 1_000) / 10


Value = Callable[[int], Any]


def constant(value: Any) -> Value:
    return lambda _: value


# code and fact: what the pilot holds, what every tenth row of production holds, and the codes that tell of it
TENTHS: dict[tuple[str, str], tuple[Value, Value, set[str]]] = {
    ("SCH003", "other_type_rate"): (lambda row: str(row % 50 + 10), constant("many"), {"CAT001", "FMT003", "FMT005"}),
    ("MIS001", "missing_rate"): (lambda row: str(row % 50 + 10), lambda row: [None, "", " "][row % 3], set()),
    ("MIS002", "placeholder_rate"): (lambda row: str(row % 50 + 10), constant("N/A"), set()),
    ("MIS003", "sentinel_day_rate"): (iso, constant("1900-01-01"), set()),
    ("MIS003", "sentinel_number_rate"): (lambda row: row * 7 % 990 + 9_000, constant(9_999), set()),
    ("FMT001", "new_date_format_rate"): (iso, lambda row: f"{13 + row // 10 % 10}/04/2015", {"FMT003"}),
    ("FMT002", "ambiguous_dates_rate"): (
        lambda row: f"{13 + row % 15}/0{row % 9 + 1}/2015",
        lambda row: f"0{row // 10 % 8 + 1}/09/2015",
        set(),
    ),
    ("FMT003", "new_shape_rate"): (
        lambda row: f"AB-{row * 37 % 1_000:03d}",
        lambda row: f"AB{row * 37 % 1_000:03d}-",
        set(),
    ),
    ("FMT004", "new_number_style_rate"): (
        lambda row: f"{measured(row):.2f}",
        lambda row: f"{measured(row):.2f}".replace(".", ","),
        {"FMT003"},
    ),
    ("FMT005", "length_beyond_rate"): (
        lambda row: "abcdefgh"[: row % 4 + 4] + f"{row:04d}",
        lambda row: f"abcdefghij{row:04d}",
        {"CAT001"},
    ),
    ("FMT006", "upper_rate"): (
        lambda row: ["north", "south", "wests"][row % 3],
        constant("NORTH"),
        {"CAT001", "DRF001", "FMT003"},
    ),
    ("SEM001", "company_rate"): (person, constant("Kral Group"), {"CAT001", "DRF001"}),
    ("CAT001", "new_value_rate"): (lambda row: "abc"[row % 3], constant("d"), {"DRF001"}),
    ("OUT001", "beyond_range_rate"): (measured, lambda row: 30_000.0 + row / 7, set()),
    ("OUT002", "other_unit_rate"): (measured, lambda row: 1_000 * (105 + row * 37 % 900 / 10), {"OUT001"}),
    ("OUT003", "negative_rate"): (measured, lambda row: -0.5 - row % 50, {"OUT001"}),
}


def tables(case: tuple[str, str]) -> tuple[pa.Table, pa.Table]:
    """A pilot, and a production in which every tenth row is spoilt. Each row has an id, so that none repeats."""
    good, spoilt, _ = TENTHS[case]
    ids = [f"k{row:05d}x" for row in ROWS]
    return (
        pa.table({"id": ids, "a": [good(row) for row in ROWS]}),
        pa.table({"id": ids, "a": [spoilt(row) if row % 10 == 0 else good(row) for row in ROWS]}),
    )


@pytest.mark.parametrize("case", TENTHS, ids="-".join)
def test_a_tenth_is_found(case: tuple[str, str], compared: Any, held: Any) -> None:
    """Of 1,000 rows 100 are spoilt: the check fails with 100 of 1,000 and points at these rows; no check joins it but
    those that see the same thing.
    """
    code, _ = case
    before, after = tables(case)
    judged = held(*compared(before, after))
    [outcome] = [o for o in judged.failing() if (o.code, o.fact) == case]
    assert outcome.columns == ("a",)
    assert outcome.count == 100
    assert outcome.rows == 1_000
    assert outcome.observed == pytest.approx(0.1)
    assert outcome.severity == ("warning" if CATALOGUE[code][3] == "warning" else "blocker")
    assert {o.code for o in judged.failing()} - {code} <= TENTHS[case][2]
    check = by_code()[code]
    assert "10.0 %" in check.message(outcome)
    assert check.cells is not None
    table = Table(
        after.to_batches()[0], {name: column.spec for name, column in judged.production.columns.items()}, SEED
    )
    assert np.flatnonzero(check.cells(table, judged.pilot, outcome)).tolist() == list(range(0, 1_000, 10))


@pytest.mark.parametrize("case", TENTHS, ids="-".join)
def test_the_same_data_is_not_found(case: tuple[str, str], compared: Any, held: Any) -> None:
    """The pilot's rows in another order fail nothing, and leave nothing in doubt."""
    before, _ = tables(case)
    shuffled = before.take(pa.array(np.random.default_rng(1).permutation(1_000)))
    judged = held(*compared(before, shuffled))
    assert {outcome.status for outcome in judged.outcomes} == {"pass"}
    assert (*case, ("a",)) in {(o.code, o.fact, o.columns) for o in judged.outcomes}


def failing(judged: Any) -> list[tuple[str, tuple[str, ...], int | None]]:
    return [(outcome.code, outcome.columns, outcome.count) for outcome in judged.failing()]


def test_column_gone(compared: Any, held: Any) -> None:
    """SCH001 alone tells of a column that is gone."""
    before = pa.table({"id": [f"k{row:05d}x" for row in ROWS], "seen": [iso(row) for row in ROWS]})
    judged = held(*compared(before, before.drop_columns(["seen"])))
    assert failing(judged) == [("SCH001", ("seen",), None)]
    assert {o.folded for o in judged.outcomes if o.columns == ("seen",) and o.code not in {"SCH001", "SCH004"}} == {
        True
    }


def test_column_new(compared: Any, held: Any) -> None:
    """SCH002 tells of a new column, and it does not count."""
    after = pa.table({"id": [f"k{row:05d}x" for row in ROWS], "seen": [iso(row) for row in ROWS]})
    judged = held(*compared(after.drop_columns(["seen"]), after))
    assert [(o.code, o.count, o.severity, o.detail) for o in judged.failing()] == [("SCH002", 1, "info", "seen")]


def test_column_renamed(compared: Any, held: Any) -> None:
    """SCH004 tells from which name to which, in place of a column gone and one new."""
    before = pa.table({"id": [f"k{row:05d}x" for row in ROWS], "signup_date": [iso(row) for row in ROWS]})
    judged = held(*compared(before, before.rename_columns(["id", "signup_dt"])))
    [outcome] = judged.failing()
    assert (outcome.code, outcome.columns, outcome.detail) == ("SCH004", ("signup_date",), "signup_dt")
    assert "signup_dt" in by_code()["SCH004"].message(outcome)


def test_keys_repeat(compared: Any, held: Any) -> None:
    """DUP001: 10 of 1,000 rows have the key of an earlier one; one alone would do."""
    before = pa.table({"k": list(ROWS), "v": [row * 7 % 1_000 for row in ROWS]})
    for repeats in (10, 1):
        after = before.set_column(0, "k", pa.array([0 if 0 < row <= repeats else row for row in ROWS]))
        judged = held(*compared(before, after, Source("s", "s", key=("k",))))
        assert ("DUP001", ("k",), repeats) in failing(judged)
        assert next(o for o in judged.outcomes if o.code == "DUP001").severity == "blocker"
    assert failing(held(*compared(before, before, Source("s", "s", key=("k",))))) == []


def test_rows_repeat(compared: Any, held: Any) -> None:
    """DUP002: every tenth row is the one nine before again, so 100 of 1,000 repeat an earlier one."""
    before = pa.table({"a": [f"k{row:05d}" for row in ROWS], "b": [iso(row) for row in ROWS]})
    after = before.take(pa.array([row - row % 10 if row % 10 == 9 else row for row in ROWS]))
    assert failing(held(*compared(before, after))) == [("DUP002", (), 100)]
    assert failing(held(*compared(before, before))) == []


def test_distribution_moved(compared: Any, held: Any) -> None:
    """DRF001: half of the rows of nine values in ten move to the tenth; the distance is 0.4."""
    before = pa.table({"id": [f"k{row:05d}x" for row in ROWS], "a": [row % 10 for row in ROWS]})
    after = before.set_column(1, "a", pa.array([row % 10 if row % 10 % 2 else 9 for row in ROWS]))
    judged = held(*compared(before, after))
    [outcome] = [o for o in judged.failing() if o.code == "DRF001"]
    assert outcome.observed == pytest.approx(0.5)
    assert {o.code for o in judged.failing()} <= {"DRF001", "MIS003"}


def test_records_rejected(compared: Any, held: Any) -> None:
    """ACC002: 20 of 1,020 records could not be read; the commonest reason is named."""
    one = pa.table({"a": [f"k{row:05d}x" for row in ROWS]})
    before, after = compared(one, one)
    lossy = replace(after, records=Records(1_000, rejected={"ragged": 15, "undecodable": 5}))
    judged = held(before, lossy)
    [outcome] = judged.failing()
    assert (outcome.code, outcome.count, outcome.rows, outcome.severity) == ("ACC002", 20, 1_020, "blocker")
    assert "ragged" in by_code()["ACC002"].message(outcome)
    assert failing(held(before, replace(after, records=Records(1_000)))) == []


def test_future_dates(compared: Any, held: Any) -> None:
    """OUT003: 100 of 1,000 dates are after the day on which production was written."""
    good = pa.table({"id": [f"k{row:05d}x" for row in ROWS], "a": [iso(row) for row in ROWS]})
    spoilt = good.set_column(
        1, "a", pa.array([iso(row).replace("20", "21", 1) if row % 10 == 0 else iso(row) for row in ROWS])
    )
    before, after = compared(good, spoilt)
    written = datetime(2026, 11, 1, tzinfo=UTC)
    before, after = (
        replace(side, facts_of_source=replace(side.facts_of_source, modified=written)) for side in (before, after)
    )
    [outcome] = [o for o in held(before, after).failing() if o.code == "OUT003"]
    assert (outcome.fact, outcome.count, outcome.rows) == ("future_date_rate", 100, 1_000)


def test_typed_pilot_and_text_production(compared: Any, held: Any) -> None:
    """A pilot of dates against texts: ISO is no news; 03/04/2026 is a new format, and reads both ways."""
    days = [date(2026, 1, 1) + timedelta(row % 300) for row in ROWS]
    ids = [f"k{row:05d}x" for row in ROWS]
    before = pa.table({"id": ids, "a": pa.array(days)})
    as_iso = pa.table({"id": ids, "a": [day.isoformat() for day in days]})
    assert failing(held(*compared(before, as_iso))) == []
    written = ["03/04/2026" if row % 4 == 0 else day.isoformat() for row, day in zip(ROWS, days, strict=True)]
    after = pa.table({"id": ids, "a": written})
    judged = held(*compared(before, after))
    found = {o.code: o for o in judged.failing()}
    assert (found["FMT001"].count, found["FMT001"].rows) == (250, 1_000)
    assert (found["FMT002"].count, found["FMT002"].rows) == (250, 1_000)
    table = Table(after.to_batches()[0], {n: c.spec for n, c in judged.production.columns.items()}, SEED)
    for code in ("FMT001", "FMT002"):
        cells = by_code()[code].cells
        assert cells is not None
        assert np.flatnonzero(cells(table, judged.pilot, found[code])).tolist() == list(range(0, 1_000, 4))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (pa.array([row % 50 for row in ROWS]), [str(row % 50) for row in ROWS]),
        (pa.array([measured(row) for row in ROWS]), [str(measured(row)) for row in ROWS]),
        (pa.array([row % 2 == 0 for row in ROWS]), ["true" if row % 2 == 0 else "false" for row in ROWS]),
        (pa.array([date(2026, 1, 1) + timedelta(row % 50) for row in ROWS]), None),
        (pa.array([datetime(2026, 1, 1) + timedelta(hours=row) for row in ROWS]), None),  # noqa: DTZ001 - naive in Arrow
    ],
    ids=["integers", "decimals", "truth values", "dates", "timestamps"],
)
def test_one_meaning_in_two_types(typed: pa.Array, text: list[str] | None, compared: Any, held: Any) -> None:
    """The same values typed and as text, whichever side is which, fail nothing."""
    written = text or [str(value) for value in typed.to_pylist()]
    sides = [pa.table({"a": typed}), pa.table({"a": written})]
    assert failing(held(*compared(*sides))) == []
    assert failing(held(*compared(*reversed(sides)))) == []


HOSTILE: dict[str, pa.Array] = {
    "texts": pa.array(
        ["", " ", None, "N/A", "\0", "x" * 10_000, "\u202e", "03/04/2026", "1,5", "-1", "9999-12-31", "\x01"]
    ),
    "numbers": pa.array([1.0, float("nan"), float("inf"), -1e308, None, -0.0, 9999.0, 2.5, 3.5, 4.5, 5.5, 6.5]),
    "integers": pa.array([2**63 - 1, -(2**63), 0, None] * 3),
    "dates": pa.array([2**31 - 1, -(2**31), 0, None] * 3, pa.int32()).view(pa.date32()),
    "timestamps": pa.array([2**62, -(2**62), 0, None] * 3, pa.int64()).view(pa.timestamp("us", "UTC")),
    "truth values": pa.array([True, False, None] * 4),
    "nothing": pa.nulls(12),
    "lists": pa.array([[1], None, []] * 4),
    "bytes": pa.array([b"\xff", None, b""] * 4),
    "times": pa.array([0, 86_399, None] * 4, pa.int32()).cast(pa.time32("s")),
}
PILOTS: dict[str, Value] = {
    "texts": lambda row: f"AB-{row:04d}",
    "words": lambda row: "abc"[row % 3],
    "persons": person,
    "dates": iso,
    "numbers": measured,
    "typed dates": lambda row: date(2020, 1, 1) + timedelta(row),
    "truth values": lambda row: row % 2 == 0,
    "nothing": constant(None),
}


def every_outcome(judged: Any) -> Iterator[Outcome]:
    """What judging said, and the same as if it had failed."""
    for outcome in judged.outcomes:
        yield replace(outcome, status="fail")


@pytest.mark.parametrize("production", HOSTILE)
@pytest.mark.parametrize("pilot", PILOTS)
def test_cells_of_anything(pilot: str, production: str, compared: Any, held: Any) -> None:
    """Whatever production holds, a check answers for each row of a batch, and judging comes to an end."""
    before = pa.table({"a": [PILOTS[pilot](row) for row in range(60)]})
    after = pa.table({"a": HOSTILE[production]})
    judged = held(*compared(before, after))
    for batch in (after.to_batches()[0], after.to_batches()[0].slice(0, 0)):
        table = Table(batch, {"a": replace(judged.production.columns["a"].spec)}, SEED)
        for outcome in every_outcome(judged):
            cells = by_code()[outcome.code].cells
            if cells is not None and outcome.columns:
                chosen = cells(table, judged.pilot, outcome)
                assert chosen.dtype == np.bool_, outcome.code
                assert chosen.shape == (batch.num_rows,), outcome.code
            assert by_code()[outcome.code].message(outcome)


values = st.one_of(
    st.lists(
        st.one_of(st.none(), st.text(max_size=5), st.sampled_from(["a", "b", "1", "2024-01-02", "03/04/2024", "-"])),
        max_size=60,
    ),
    st.lists(st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -1.0, 9999.0])), max_size=60),
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 3)), max_size=60),
    st.lists(st.one_of(st.none(), st.dates()), max_size=60),
    st.lists(st.one_of(st.none(), st.booleans()), max_size=60),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=values, key=st.booleans())
def test_the_pilot_passes_itself(rows: list[Any], key: bool, compared: Any, held: Any) -> None:  # noqa: FBT001 - drawn
    """Whatever the pilot holds, its own profile is within every limit that it sets."""
    table = pa.table({"a": pa.array(rows)})
    source = Source("s", "s", columns={"a": ColumnSpec("a")}, key=("a",) if key else ())
    before, after = compared(table, table, source)
    judged = held(before, after)
    assert [
        (o.code, o.fact, o.observed, o.limit) for o in judged.outcomes if o.status in {"fail", "inconclusive"}
    ] == []


def test_limits_carry_their_reason(compared: Any) -> None:
    """Each limit says where it comes from, is of the pilot's figure plus the tolerance, and blocks from grave on."""
    rows = {name: [value(row) for row in ROWS] for name, value in PILOTS.items() if name != "nothing"}
    before, _ = compared(pa.table(rows), pa.table(rows))
    policy = Policy(tolerance={"MIS001": 0.02, ("MIS001", "words"): 0.03}, grave={"MIS001": 0.2})
    for check in checks():
        for limit in check.limits(before, policy):
            assert limit.code == check.code
            assert limit.severity == check.severity
            assert limit.why
            if limit.code == "MIS001":
                assert limit.max_value == (0.03 if limit.columns == ("words",) else 0.02)
                assert limit.grave == 0.2
