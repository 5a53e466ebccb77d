"""Small tables of every dtype, with nulls, NaN, infinities, odd text, and often with no rows at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
from hypothesis import strategies as st

MOST_ROWS = 8
MOST_DISTINCT = 4
"""Few values a column, so that some repeat."""
GROUPS = ("a", "b", None)
"""The values of the column that row conditions ask for."""


@dataclass(frozen=True)
class Kind:
    """Columns of one dtype: where their values come from, and the Polars dtype where Arrow has none such."""

    name: str
    dtype: pa.DataType
    values: st.SearchStrategy[Any]
    polars: Any = None

    @property
    def is_integer(self) -> bool:
        """Of any width, signed or not."""
        return bool(pa.types.is_integer(self.dtype))

    @property
    def is_float(self) -> bool:
        """Single or double."""
        return bool(pa.types.is_floating(self.dtype))

    @property
    def is_number(self) -> bool:
        """Integers, floats and decimals."""
        return self.is_integer or self.is_float or bool(pa.types.is_decimal(self.dtype))

    @property
    def is_text(self) -> bool:
        """Text, however it is encoded."""
        return self.name in {"text", "categorical", "enum"}

    @property
    def is_time(self) -> bool:
        """Dates, times and durations."""
        return bool(pa.types.is_temporal(self.dtype))

    @property
    def is_nested(self) -> bool:
        """Lists and structs."""
        return bool(pa.types.is_nested(self.dtype))


@dataclass(frozen=True)
class Table:
    """Columns `v` and `w` of one kind, `g` to filter by, `k` that numbers the rows."""

    kind: Kind
    arrow: pa.Table
    pool: tuple[Any, ...]

    @property
    def ours(self) -> pa.Table | pl.DataFrame:
        """What the Polars source is given."""
        if self.kind.polars is None:
            return self.arrow
        return pl.from_arrow(self.arrow).with_columns(pl.col("v", "w").cast(pl.String).cast(self.kind.polars))

    def values(self, name: str = "v") -> list[Any]:
        """The values of a column as Python knows them."""
        return self.arrow[name].to_pylist()


def _integers(bits: int, *, signed: bool) -> st.SearchStrategy[int]:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return st.sampled_from([low, 0, 1, 2, 7, high]) | st.integers(max(low, -20), min(high, 20))


FLOATS = st.sampled_from([0.0, -0.0, 1.0, 1.5, -2.25, 1e300, 1e-300, float("inf"), float("-inf"), float("nan")])
SINGLES = FLOATS.filter(lambda number: abs(number) not in {1e300, 1e-300})
FINITE = st.floats(-100, 100, width=32)
WORDS = (
    "", " ", "a", "A", "ab", "b", "a\n", "a\nb", "\n", "\x00", "a\x00b", "\x1c", "é", "e\u0301", "\u0301",
    "ß", "١٢", "12", "1.5", "🙂", "👩\u200d💻", "\u202egnp", "2024-01-31", "2024-02-30", "31/01/2024",
    '{"a": 1}', "[1", "null", "nan", "None", "a", "%", "_", "a_b", "\\", "\u2028",
)  # fmt: skip
TEXT = st.sampled_from(WORDS) | st.text(max_size=4)
DAYS = st.sampled_from([date(1970, 1, 1), date(1969, 12, 31), date(2024, 2, 29), date(2200, 1, 1), date(1700, 1, 1)])
TIMES = st.sampled_from(
    [
        datetime.fromisoformat(time)
        for time in (
            "1970-01-01",
            "1969-12-31T23:59:59.999999",
            "2024-02-29",
            "2024-02-29T12:30",
            "2024-03-31T01:30:00.000001",
            "2200-01-01",
        )
    ]
)
ZONED = TIMES.map(lambda time: time.replace(tzinfo=UTC))
SPANS = st.sampled_from([timedelta(0), timedelta(days=1), timedelta(microseconds=1), timedelta(days=-3, hours=2)])
DECIMALS = st.sampled_from([Decimal("0.00"), Decimal("1.10"), Decimal("-1.10"), Decimal("12345678.90")])
CATEGORIES = ("low", "mid", "high", "é")

KINDS = {
    kind.name: kind
    for kind in (
        *(Kind(f"int{bits}", getattr(pa, f"int{bits}")(), _integers(bits, signed=True)) for bits in (8, 16, 32, 64)),
        *(Kind(f"uint{bits}", getattr(pa, f"uint{bits}")(), _integers(bits, signed=False)) for bits in (8, 16, 32, 64)),
        Kind("float32", pa.float32(), SINGLES | FINITE),
        Kind("float64", pa.float64(), FLOATS | FINITE),
        Kind("boolean", pa.bool_(), st.booleans()),
        Kind("text", pa.string(), TEXT),
        Kind("categorical", pa.dictionary(pa.int32(), pa.string()), st.sampled_from(CATEGORIES)),
        Kind("enum", pa.dictionary(pa.int32(), pa.string()), st.sampled_from(CATEGORIES), pl.Enum(CATEGORIES)),
        Kind("date", pa.date32(), DAYS),
        Kind("datetime_us", pa.timestamp("us"), TIMES),
        Kind("datetime_ns", pa.timestamp("ns"), TIMES),
        Kind("datetime_utc", pa.timestamp("us", "UTC"), ZONED),
        Kind("datetime_zone", pa.timestamp("us", "Europe/Berlin"), ZONED),
        Kind("duration", pa.duration("us"), SPANS),
        Kind("decimal", pa.decimal128(12, 2), DECIMALS),
        Kind("binary", pa.binary(), st.sampled_from([b"", b"a", b"\x00\xff", b"ab"])),
        Kind("list", pa.list_(pa.int64()), st.lists(st.integers(0, 3) | st.none(), max_size=2)),
        Kind("struct", pa.struct([("a", pa.int64()), ("b", pa.string())]),
             st.fixed_dictionaries({"a": st.integers(0, 2) | st.none(), "b": st.sampled_from(["x", None])})),
        Kind("null", pa.null(), st.none()),
    )
}  # fmt: skip


def table_of(
    kind: Kind, v: Sequence[Any], w: Sequence[Any], g: Sequence[str | None], pool: tuple[Any, ...] = ()
) -> Table:
    """The table of these values; `pool` has those that arguments are drawn from."""
    plain = kind.dtype.value_type if pa.types.is_dictionary(kind.dtype) else kind.dtype
    columns = {name: pa.array(values, plain).cast(kind.dtype) for name, values in (("v", v), ("w", w))}
    arrow = pa.table({**columns, "g": pa.array(g, pa.string()), "k": pa.array(range(len(v)), pa.int64())})
    return Table(kind, arrow, pool)


@st.composite
def tables(draw: st.DrawFn, kind: Kind) -> Table:
    """A table of a kind: without rows, without nulls, with some, or with nothing else."""
    rows = draw(st.integers(0, MOST_ROWS))
    pool = tuple(draw(st.lists(kind.values, min_size=1, max_size=MOST_DISTINCT)))
    choices = draw(st.sampled_from([pool, pool, (*pool, None), (*pool, None), (None,)]))

    def drawn(among: Sequence[Any]) -> list[Any]:
        return [among[draw(st.integers(0, len(among) - 1))] for _ in range(rows)]

    known = tuple(value for value in pool if value is not None)
    return table_of(kind, drawn(choices), drawn(choices), drawn(GROUPS), known)
