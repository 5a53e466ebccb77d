"""What texts read as: a table written by hand, with the traps that people's data sets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from walkaround.columns import Column
from walkaround.columns.arrays import floats_of_decimals
from walkaround.columns.dates import NO_DAY
from walkaround.columns.kinds import KINDS
from walkaround.columns.text import BLANK, EMPTY, WORD
from walkaround.model.source import ColumnSpec

NUMBERS = {
    # each text with its kind, its worth and its style
    "42": ("integer", 42, "1"),
    "-42": ("integer", -42, "1"),
    "+42": ("integer", 42, "1"),
    "0": ("integer", 0, "1"),
    "1": ("integer", 1, "1"),
    "007": ("integer", 7, "1"),
    " 5 ": ("integer", 5, "1"),
    "\t5": ("integer", 5, "1"),
    "2024": ("integer", 2024, "1"),
    "20240203": ("integer", 20240203, "1"),
    "9999": ("integer", 9999, "1"),
    "12345678901234567890": ("integer", 12345678901234567890.0, "1"),
    "1.5": ("decimal", 1.5, "1.5"),
    ".5": ("decimal", 0.5, "1.5"),
    "-.5": ("decimal", -0.5, "1.5"),
    "5.": ("decimal", 5, "1.5"),
    "1.234": ("decimal", 1.234, "1.5"),
    "0.123": ("decimal", 0.123, "1.5"),
    "1,5": ("decimal", 1.5, "1,5"),
    "12,34": ("decimal", 12.34, "1,5"),
    "1,2345": ("decimal", 1.2345, "1,5"),
    "0,123": ("decimal", 0.123, "1,5"),
    "-0,123": ("decimal", -0.123, "1,5"),
    "001,234": ("decimal", 1.234, "1,5"),
    "1,234": ("integer", 1234, "1,234"),
    "1,234,567": ("integer", 1234567, "1,234"),
    "1,234.56": ("decimal", 1234.56, "1,234.5"),
    "1.234.567": ("integer", 1234567, "1.234.567"),
    "1.234,56": ("decimal", 1234.56, "1.234,5"),
    "12.345.678,90": ("decimal", 12345678.9, "1.234,5"),
    "1 234": ("integer", 1234, "1 234"),
    "1\u00a0234": ("integer", 1234, "1 234"),
    "1\u202f234,50": ("decimal", 1234.5, "1 234,5"),
    "1 234.5": ("decimal", 1234.5, "1 234.5"),
    "1 000 000": ("integer", 1000000, "1 234"),
    "1'234.5": ("decimal", 1234.5, "1'234.5"),
    "1e5": ("decimal", 100000, "1e5"),
    "1E-3": ("decimal", 0.001, "1e5"),
    "(5)": ("integer", -5, "1"),
    "(1,234.50)": ("decimal", -1234.5, "1,234.5"),
    "5-": ("integer", -5, "1"),
    "$5": ("decimal", 5, "1 money"),
    "-$5": ("decimal", -5, "1 money"),
    "$-5": ("decimal", -5, "1 money"),
    "$1,234.50": ("decimal", 1234.5, "1,234.5 money"),
    "€ 5": ("decimal", 5, "1 money"),
    "5,50 €": ("decimal", 5.5, "1,5 money"),
    "€ 1\u00a0234,50": ("decimal", 1234.5, "1 234,5 money"),
    "EUR 5": ("decimal", 5, "1 money"),
    "5 EUR": ("decimal", 5, "1 money"),
    "CHF 1\u2019234.50": ("decimal", 1234.5, "1 234.5 money"),
    "5%": ("decimal", 5, "1 percent"),
    "5,5 %": ("decimal", 5.5, "1,5 percent"),
    "5 kg": ("decimal", 5, "1 unit"),
    "12h": ("decimal", 12, "1 unit"),
}
DATES = {
    # each text with its kind, its format, its day, and the other reading
    "2024-02-29": ("date", "%Y-%m-%d", "2024-02-29", None),
    "2024-1-5": ("date", "%Y-%m-%d", "2024-01-05", None),
    "2024/02/03": ("date", "%Y/%m/%d", "2024-02-03", None),
    "2024.02.03": ("date", "%Y.%m.%d", "2024-02-03", None),
    "0001-01-01": ("date", "%Y-%m-%d", "0001-01-01", None),
    "9999-12-31": ("date", "%Y-%m-%d", "9999-12-31", None),
    "1900-01-01": ("date", "%Y-%m-%d", "1900-01-01", None),
    "03/04/2026": ("date", "%d/%m/%Y|%m/%d/%Y", "2026-04-03", "2026-03-04"),
    "3.4.2026": ("date", "%d.%m.%Y|%m.%d.%Y", "2026-04-03", "2026-03-04"),
    "03-04-2026": ("date", "%d-%m-%Y|%m-%d-%Y", "2026-04-03", "2026-03-04"),
    "13/04/2026": ("date", "%d/%m/%Y", "2026-04-13", None),
    "04/13/2026": ("date", "%m/%d/%Y", "2026-04-13", None),
    "03/03/2026": ("date", "%d/%m/%Y|%m/%d/%Y", "2026-03-03", None),
    "3/4/26": ("date", "%d/%m/%y|%m/%d/%y", "2026-04-03", "2026-03-04"),
    "31/12/99": ("date", "%d/%m/%y", "1999-12-31", None),
    "01/01/68": ("date", "%d/%m/%y|%m/%d/%y", "2068-01-01", None),
    "01/01/69": ("date", "%d/%m/%y|%m/%d/%y", "1969-01-01", None),
    "3 Apr 2026": ("date", "%d %b %Y", "2026-04-03", None),
    "03-Apr-2026": ("date", "%d-%b-%Y", "2026-04-03", None),
    "3-APR-26": ("date", "%d-%b-%y", "2026-04-03", None),
    "03APR2026": ("date", "%d%b%Y", "2026-04-03", None),
    "3 April 2026": ("date", "%d %B %Y", "2026-04-03", None),
    "April 3, 2026": ("date", "%B %d %Y", "2026-04-03", None),
    "1 Sept 2024": ("date", "%d %B %Y", "2024-09-01", None),
    "2024-02-03T04:05:06": ("datetime", "%Y-%m-%d %H:%M:%S", "2024-02-03", None),
    "2024-02-03 04:05": ("datetime", "%Y-%m-%d %H:%M", "2024-02-03", None),
    "2024-02-03T24:00": ("datetime", "%Y-%m-%d %H:%M", "2024-02-03", None),
    "2024-02-03T04:05:06Z": ("datetime", "%Y-%m-%d %H:%M:%S%z", "2024-02-03", None),
    "2024-02-03 04:05:06+02:00": ("datetime", "%Y-%m-%d %H:%M:%S%z", "2024-02-03", None),
    "2024-02-03T04:05:06+0200": ("datetime", "%Y-%m-%d %H:%M:%S%z", "2024-02-03", None),
    "2024-02-03 04:05:06 UTC": ("datetime", "%Y-%m-%d %H:%M:%S%z", "2024-02-03", None),
    "2024-02-03T04:05:06.123456789Z": ("datetime", "%Y-%m-%d %H:%M:%S%z", "2024-02-03", None),
    "2024-02-03 12:59:60": ("datetime", "%Y-%m-%d %H:%M:%S", "2024-02-03", None),
    "2024-02-03 04:05 PM": ("datetime", "%Y-%m-%d %I:%M %p", "2024-02-03", None),
    "03/04/2026 13:00": ("datetime", "%d/%m/%Y %H:%M|%m/%d/%Y %H:%M", "2026-04-03", "2026-03-04"),
    "04:05 2024-02-03": ("datetime", "%H:%M %Y-%m-%d", "2024-02-03", None),
    "12:30": ("time", "%H:%M", None, None),
    "24:00": ("time", "%H:%M", None, None),
    "12:30:45.123": ("time", "%H:%M:%S", None, None),
    "1:05 pm": ("time", "%I:%M %p", None, None),
    "12:30 EST": ("time", "%H:%M%z", None, None),
}
KINDS_OF = {
    "TRUE": "boolean", "true": "boolean", "f": "boolean", "Yes": "boolean", "no": "boolean", "off": "boolean",
    "a@b.co": "email", "A.B+c@ex-ample.co.uk": "email", "ana@ex\u00e4mple.de": "email",
    "http://x.y": "url", "https://x.y/z?a=1": "url", "www.x.de": "url",
    "00000000-0000-0000-0000-000000000000": "uuid", "{550e8400-e29b-41d4-a716-446655440000}": "uuid",
    '{"a":1}': "json", "{}": "json", "[1,2]": "json", "[]": "json",
}  # fmt: skip
TEXTS = (
    # days that are none, times that are none
    "2023-02-29", "2024-02-30", "2024-13-01", "2024-00-10", "0000-01-01", "31/04/2026", "32/01/2026", "00/00/0000",
    "99/99/9999", "30 Feb 2026", "3 Foo 2026", "25:00", "12:60", "24:30", "13:05 pm", "0:05 am", "2024-02-03 12:59:61",
    "2024-02", "May 2024", "2024-02-03x",
    # numbers that are none
    "12 main", "12 Main St", "5 apples", "XYZ 5", "1.2.3", "192.168.0.1", "10.0.0.1", "+1 555 123 4567", "555-1234",
    "(555) 123-4567", "020 7946 0958", "1/2", "1-2", "--5", "-5-", "(5", "5)", "1 2", "1  234", "12'34", "1,234,5",
    "1,,2", "3\u00d7250", "3\u2013250", "1\u00e9234", "0x1F", "1_000", "1e", "1e400", "inf", "-inf", "Infinity",
    "\u00bd", "\u221e", "$", "%", "+", "()",
    # digits of other scripts are kept as text: nothing downstream reads them
    "\u0663\u0664", "\uff15\uff15", "\uff11\uff12/\uff10\uff13/2024", "\u2167", "\u00b2",
    # words
    "Ana Silva", "ACME Ltd", "INT", "A1", "v2", "1st", "none of these", "a@b", "a b@c.de", "@b.co", "x.de", "htt://x",
    "{a}", "[REDACTED]", "[x", "\u65e5\u672c", "\u00e9",
)  # fmt: skip
ABSENT = {
    "": EMPTY, " ": BLANK, "\t": BLANK, " \r\n": BLANK, "\u00a0": BLANK, "\u3000": BLANK, "\u200b": BLANK,
    "\ufeff": BLANK,
    "N/A": WORD, "n/a": WORD, "NA": WORD, "nan": WORD, "NaN": WORD, "Null": WORD, "NONE": WORD, "-": WORD, "?": WORD,
    "unknown": WORD, "TBD": WORD, "#N/A": WORD, " n/a ": WORD,
}  # fmt: skip


def column(*texts: str | None) -> Column:
    return Column(pa.array(texts, pa.string()), ColumnSpec("c"))


def day(number: int) -> str | None:
    return None if number == NO_DAY else (date(1970, 1, 1) + timedelta(int(number))).isoformat()


@pytest.mark.parametrize("text", NUMBERS)
def test_number(text: str) -> None:
    """A number reads as integer or decimal, with its worth and the signs it is written with."""
    kind, worth, style = NUMBERS[text]
    view = column(text).text
    assert KINDS[view.kinds[0]] == kind
    assert view.numbers.numbers.tolist() == [worth]
    assert view.numbers.labels[view.numbers.styles[0]] == style


@pytest.mark.parametrize("text", DATES)
def test_date(text: str) -> None:
    """A date or time reads with its format and its day, or with both days where it reads both ways."""
    kind, form, first, other = DATES[text]
    view = column(text).text
    assert KINDS[view.kinds[0]] == kind
    assert view.dates.labels[view.dates.formats[0]] == form
    assert (day(view.dates.days[0]), day(view.dates.other[0])) == (first, other)
    assert bool(view.dates.ambiguous[0]) == (other is not None)


@pytest.mark.parametrize("text", [*KINDS_OF, *TEXTS])
def test_kind(text: str) -> None:
    """Everything else reads as what it is, and what is nearly a number or a date as text."""
    view = column(text).text
    assert KINDS[view.kinds[0]] == KINDS_OF.get(text, "text")
    assert not len(view.numbers.at)
    assert not len(view.dates.at)
    assert view.present.all()


@pytest.mark.parametrize("text", ABSENT)
def test_absent(text: str) -> None:
    """Nothing has several faces, and each is told from the others."""
    view = column(text).text
    assert view.absent.tolist() == [ABSENT[text]]
    assert not len(view.numbers.at)


def test_company() -> None:
    """A text reads alike alone and among all the others: no reading looks at its neighbours."""
    texts = [*NUMBERS, *DATES, *KINDS_OF, *TEXTS]
    many = column(*texts, None).text
    kinds = [KINDS[code] for code in many.kinds[many.codes[:-1]]]
    assert kinds == [
        NUMBERS[text][0] if text in NUMBERS else DATES[text][0] if text in DATES else KINDS_OF.get(text, "text")
        for text in texts
    ]
    worth = dict(zip(many.numbers.at.tolist(), many.numbers.numbers.tolist(), strict=True))
    assert worth == {texts.index(text): float(NUMBERS[text][1]) for text in NUMBERS}


def test_rows() -> None:
    """Numbers and days go back to the rows they came from, through repeats and nulls."""
    view = column("5", None, "x", "5", "2024-02-03", "03/04/2026")
    assert view.number_of_row[[0, 3]].tolist() == [5.0, 5.0]
    assert [day(number) for number in view.day_of_row] == [None, None, None, None, "2024-02-03", None]
    assert view.present.tolist() == [True, False, True, True, True, True]


@pytest.mark.parametrize(
    ("form", "typed", "text", "alike"),
    [
        ("number", pa.array([42]), "42", True),
        ("number", pa.array([42]), "042", False),
        ("number", pa.array([1.5]), "1.5", True),
        ("number", pa.array([1.5]), "1.50", True),
        ("number", pa.array([100.0]), "100", True),
        ("number", pa.array([Decimal("141.00")]), "141.00", True),
        ("number", pa.array([-7], pa.int8()), "-7", True),
        ("date", pa.array([date(2024, 2, 3)]), "2024-02-03", True),
        ("date", pa.array([date(2024, 4, 13)]), "13/04/2024", True),
        ("date", pa.array([date(2024, 4, 3)]), "03/04/2024", False),
        ("date", pa.array([date(2024, 2, 3)]), "2024-02-03 04:05", False),
        ("text", pa.array([True]), "true", True),
        ("text", pa.array([42.0]), "42", True),
        ("text", pa.array([Decimal("141.00")]), "141.00", True),
    ],
)
def test_hashes_across_types(form: str, typed: pa.Array, text: str, alike: bool) -> None:  # noqa: FBT001 - a parameter
    """Text hashes as its number or day where nothing is lost by it, and as text where something is."""
    spec = ColumnSpec("c", hash_as=form)  # type: ignore[arg-type]
    one, other = Column(typed, spec, 3), Column(pa.array([text]), spec, 3)
    assert (one.row_hashes[0] == other.row_hashes[0]) == alike


def test_large_integers_keep_apart() -> None:
    """Integers that no float holds hash by their bits: 2^53 and its neighbour differ, and 2^64 - 1 is not -1."""
    spec = ColumnSpec("c")
    near = Column(pa.array([2**53, 2**53 + 1, 2**63 - 1, -1, -(2**63)]), spec).row_hashes
    unsigned = Column(pa.array([2**64 - 1, 2**63, 2**53 + 1], pa.uint64()), spec).row_hashes
    assert len(set(near.tolist()) | set(unsigned[:2].tolist())) == 7
    assert unsigned[2] == near[1]


@given(
    st.lists(
        st.decimals(
            allow_nan=False, allow_infinity=False, places=4, min_value=-99_999_999_999, max_value=99_999_999_999
        )
    )
)
def test_decimals_are_the_floats_that_their_digits_read_as(values: list[Decimal]) -> None:
    """Of fifteen digits and of more: Python's own reading of the digits is the measure, to the last bit."""
    for kind in (pa.decimal128(15, 4), pa.decimal128(38, 4)):
        told = floats_of_decimals(pa.array([None, *values], kind).slice(1))
        assert told.to_pylist() == [float(value) for value in values]
