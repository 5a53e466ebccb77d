"""Every situation in which a library's reader was seen to lose rows, by its name, with what must come of it instead."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from walkaround.connectors import open_sample
from walkaround.model.source import Source

HEADER = ("id", "name", "city")
ROWS = 1000
BIG = 20 << 20
"""Bytes of a field that is larger than any block a reader would take at once."""


def row(number: int) -> tuple[str, ...]:
    return str(number), f"name {number}", ("Porto", "Lyon", "Graz")[number % 3]


def lines(first: int = 1, last: int = ROWS, mark: str = ",", end: str = "\n") -> str:
    return "".join(mark.join(row(number)) + end for number in range(first, last + 1))


def table(mark: str = ",", end: str = "\n") -> str:
    return mark.join(HEADER) + end + lines(mark=mark, end=end)


def replaced(spoiled: Mapping[int, str]) -> bytes:
    """The table with some rows, counted from 1, replaced."""
    every = table().splitlines(keepends=True)
    for number, line in spoiled.items():
        every[number] = line + "\n"
    return "".join(every).encode()


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", text)
    return packed.getvalue()


def accents(encodings: tuple[str, ...]) -> bytes:
    """The table with "né" as every name; rows in these encodings by turns."""
    named = [f"{n},né,Graz\n".encode(encodings[n % len(encodings)]) for n in range(1, ROWS + 1)]
    return b"id,name,city\n" + b"".join(named)


@dataclass(frozen=True, slots=True)
class Case:
    """A file, and by hand: how many rows it has, what else, the names, and one or two of its rows."""

    content: bytes
    rows: int = ROWS
    rejected: Mapping[str, int] = field(default_factory=dict)
    repaired: Mapping[str, int] = field(default_factory=dict)
    blank: int = 0
    preamble: int = 0
    header: int = 1
    names: tuple[str, ...] = HEADER
    holds: Mapping[int, tuple[str | None, ...]] = field(default_factory=lambda: {0: row(1), -1: row(1000)})


SITUATIONS: dict[str, Case] = {
    "short rows": Case(replaced({10: "10,name", 20: "20"}), 998, {"too few fields": 2}),
    "long rows": Case(replaced({10: "10,a,b,c", 20: "20,a,b,c,d"}), 998, {"too many fields": 2}),
    "unclosed quote": Case(replaced({500: '500,"name,Graz'}), 999, {"unclosed quote": 1}),
    "stray quote": Case(
        replaced({9: '9,6" pipe,Graz', 10: '10,"6" pipe",Graz'}),
        999,
        {"stray quote": 1},
        holds={0: row(1), 8: ("9", '6" pipe', "Graz"), 9: row(11)},
    ),
    "quoted newline": Case(
        replaced({10: '10,"two\nlines",Graz'}), holds={9: ("10", "two\nlines", "Graz"), 10: row(11)}
    ),
    "latin-1": Case(accents(("cp1252",)), holds={0: ("1", "né", "Graz"), -1: ("1000", "né", "Graz")}),
    "mixed UTF-8/latin-1": Case(
        accents(("utf-8", "cp1252")), repaired={"cp1252": 500}, holds={0: ("1", "né", "Graz"), 1: ("2", "né", "Graz")}
    ),
    "UTF-16 LE with a mark": Case(codecs.BOM_UTF16_LE + table().encode("utf-16-le")),
    "UTF-16 BE with a mark": Case(codecs.BOM_UTF16_BE + table().encode("utf-16-be")),
    "UTF-16 without a mark": Case(table().encode("utf-16-le")),
    "BOM": Case(codecs.BOM_UTF8 + table().encode()),
    "NUL byte": Case(
        replaced({10: "10,a\0b,Graz"}), repaired={"NUL bytes": 1}, holds={9: ("10", "a\0b", "Graz"), 10: row(11)}
    ),
    "mixed \\n / \\r\\n": Case((table()[: len("id,name,city\n")] + lines(1, 500) + lines(501, end="\r\n")).encode()),
    "\\r only": Case(table(end="\r").encode()),
    "duplicate header": Case(b"id,name,name\n" + lines().encode(), names=("id", "name", "name.1")),
    "missing header name": Case(b"id,,city\n" + lines().encode(), names=("id", "column_2", "city")),
    "no header": Case(lines().encode(), header=0, names=("column_1", "column_2", "column_3")),
    "preamble lines": Case(("Report of May\nall regions\n\n" + table()).encode(), blank=1, preamble=2),
    "semicolon delimiter": Case(table(";").encode()),
    "pipe delimiter": Case(table("|").encode()),
    "tab delimiter": Case(table("\t").encode()),
    "double-pipe delimiter": Case(table("||").encode()),
    "trailing delimiter": Case(table(end=",\n").encode()),
    "blank lines x2": Case((table()[: len("id,name,city\n")] + lines(1, 9) + "\n\n" + lines(10)).encode(), blank=2),
    "footer": Case((table() + "TOTAL 1000\n").encode(), rejected={"footer": 1}),
    "delimiter changes at row 500": Case(
        ("id,name,city\n" + lines(1, 500) + lines(501, mark=";")).encode(),
        500,
        {"too few fields": 500},
        holds={0: row(1), -1: row(500)},
    ),
    "20 MB field": Case(replaced({10: "10," + "x" * BIG + ",Graz"}), holds={9: ("10", "x" * BIG, "Graz"), 10: row(11)}),
    "gz": Case(gzip.compress(table().encode())),
    "zip": Case(zipped(table())),
    "'' and unquoted empty": Case(
        replaced({10: '10,"",Graz', 11: "11,,Graz"}), holds={9: ("10", "", "Graz"), 10: ("11", None, "Graz")}
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_comes_of_a_messy_file(name: str, tmp_path: Path) -> None:
    """Every record is a row, rejected with its reason, or told apart as no data; and the rows are right."""
    case = SITUATIONS[name]
    file = tmp_path / "a.csv"
    file.write_bytes(case.content)
    sample = open_sample(Source("s", str(file)))
    found = [
        values for batch in sample.batches() for values in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    ]
    records = sample.records
    assert (len(found), dict(records.rejected), dict(records.repaired)) == (case.rows, case.rejected, case.repaired)
    assert (records.blank, records.preamble, records.header) == (case.blank, case.preamble, case.header)
    assert tuple(column.name for column in sample.facts.columns) == case.names
    for place, values in case.holds.items():
        assert found[place] == values


def test_a_gz_file_that_was_cut(tmp_path: Path) -> None:
    """What can be read is read and is right, and the cut is told; it never looks whole."""
    file = tmp_path / "a.csv.gz"
    packed = gzip.compress(table().encode())
    file.write_bytes(packed[: len(packed) // 2])
    sample = open_sample(Source("s", str(file)))
    found = [
        values for batch in sample.batches() for values in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    ]
    assert found == [row(number) for number in range(1, len(found) + 1)]
    assert 0 < len(found) < ROWS
    assert dict(sample.records.rejected) == {"truncated": 1}
