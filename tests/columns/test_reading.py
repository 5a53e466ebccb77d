"""What a column of text reads as, as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from walkaround.columns.reading import Reading, View, readings


def read(*values: str | None, missing: tuple[str, ...] | None = None) -> tuple[Reading, pl.LazyFrame]:
    frame = pl.LazyFrame({"c": pl.Series(values, dtype=pl.String)})
    return readings(frame, ["c"], {} if missing is None else {"c": missing})["c"], frame


def shown(view: View, *values: str | None) -> list[Any]:
    reading, frame = read(*values)
    return frame.select(reading.shown(view)).collect().to_series().to_list()


@pytest.mark.parametrize(
    ("values", "kind", "typed"),
    [
        (("1", "-2", None, "30"), "whole", [1, -2, None, 30]),
        (("1.10", "2.50", "3"), "decimal", [1.1, 2.5, 3.0]),
        (("True", "false", None), "boolean", [True, False, None]),
        (("2024-02-29", "", "2023-01-01"), "date", [date(2024, 2, 29), None, date(2023, 1, 1)]),
        (("2024-02-29T10:00:00", "2024-01-01 00:00:00.5"), "timestamp",
         [datetime.fromisoformat("2024-02-29T10:00"), datetime.fromisoformat("2024-01-01T00:00:00.500")]),
        (("12", "N/A", " ", "7"), "whole", [12, None, None, 7]),
        (("007", "7", "8"), "", ["007", "7", "8"]),
        (("1.10", "1.1", "2"), "", ["1.10", "1.1", "2"]),
        (("1", "1.0"), "", ["1", "1.0"]),
        (("0.12345678901234567", "2"), "", ["0.12345678901234567", "2"]),
        (("1,234.50", "2"), "", ["1,234.50", "2"]),
        (("2023-02-29", "2024-01-01"), "", ["2023-02-29", "2024-01-01"]),
        (("03/04/2026", "2026-04-03"), "", ["03/04/2026", "2026-04-03"]),
        (("1234567890123456789012",), "", ["1234567890123456789012"]),
        (("a", "1"), "", ["a", "1"]),
        ((None, ""), "", [None, ""]),
    ],
)  # fmt: skip
def test_a_type_is_read_where_nothing_is_lost(values: tuple[str | None, ...], kind: str, typed: list[Any]) -> None:
    """A column is another type only where every value reads so and no two texts become one value."""
    reading, _ = read(*values)
    assert (reading.type, shown("typed", *values)) == (kind, typed)


def test_numbers_for_whoever_asks() -> None:
    """Leading and trailing zeros are given up only where numbers are asked for, and the text stays at hand."""
    assert shown("number", "007", "1.10", "1.1", " 5 ", None) == [7.0, 1.1, 1.1, 5.0, None]
    assert shown("text", "007", "1.10", None) == ["007", "1.10", None]


def test_what_does_not_read_is_counted() -> None:
    """How many values say something, and how many of them are numbers; a column that is not all numbers stays text."""
    reading, _ = read("1", "2", "ana@x.pt", "", "n/a", None, "inf")
    assert (reading.present, reading.numbers) == (4, 2)
    assert shown("number", "1", "x") == ["1", "x"]


def test_the_settings_say_which_words_mean_nothing() -> None:
    """The words of the settings are used instead of the usual ones."""
    assert read("1", "gone", missing=("Gone",))[0].type == "whole"
    assert read("1", "n/a", missing=("gone",))[0].type == ""
