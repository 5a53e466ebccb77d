"""Messy text files, one situation each: every record accounted for, every value right."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import random
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from walkaround.connectors import open_sample
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.reading import read_records
from walkaround.errors import SourceError
from walkaround.model.sample import Records, Sample
from walkaround.model.source import SampleRequest, Source

HEADER = ["id", "name", "amount", "city"]
PEOPLE = [[str(n), f"name {n}", f"{n}.50", ("Porto", "Lyon", "Graz")[n % 3]] for n in range(1, 101)]


def read(path: Path, content: bytes | str, name: str = "a.csv", rows: int | None = None) -> tuple[Sample, list[Any]]:
    """Write a file and read it; the invariant must hold whatever it is."""
    file = path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    sample = open_sample(Source("s", str(file), sample=SampleRequest(rows=rows)))
    found = [
        list(row) for batch in sample.batches() for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    ]
    records = sample.records
    assert records.rows + records.lost + records.blank + records.preamble + records.header == records.physical
    return sample, found


def text(
    rows: list[list[str]] = PEOPLE, delimiter: str = ",", end: str = "\n", header: list[str] | None = HEADER
) -> str:
    """Rows as plain text."""
    return "".join(delimiter.join(row) + end for row in ([header, *rows] if header else rows))


def names(sample: Sample) -> list[str]:
    return [column.name for column in sample.facts.columns]


PLAIN: dict[str, bytes] = {
    **{
        f"delimiter {mark!r}": text(delimiter=mark).encode()
        for mark in (",", ";", "\t", "|", "||", "::", "~", "^", ":", "\x01", "\x1f")
    },
    "CR LF": text(end="\r\n").encode(),
    "CR only": text(end="\r").encode(),
    "mixed line ends": (
        text(PEOPLE[:40]) + text(PEOPLE[40:70], end="\r\n", header=None) + text(PEOPLE[70:], end="\r", header=None)
    ).encode(),
    "no last line end": text().rstrip().encode(),
    "UTF-8 mark": codecs.BOM_UTF8 + text().encode(),
    "UTF-16 LE mark": codecs.BOM_UTF16_LE + text().encode("utf-16-le"),
    "UTF-16 BE mark": codecs.BOM_UTF16_BE + text().encode("utf-16-be"),
    "UTF-16 LE bare": text().encode("utf-16-le"),
    "UTF-16 BE bare": text().encode("utf-16-be"),
    "gz": gzip.compress(text().encode()),
    "gz of two members": gzip.compress(text()[:700].encode()) + gzip.compress(text()[700:].encode()),
    "gz with padding": gzip.compress(text().encode()) + bytes(512),
    "zst": zstandard.ZstdCompressor().compress(text().encode()),
    "trailing delimiter": text([[*row, ""] for row in PEOPLE], header=[*HEADER, ""]).encode(),
    "trailing delimiter, not in the header": text([[*row, ""] for row in PEOPLE]).encode(),
    "trailing delimiter in the header alone": text(header=[*HEADER, ""]).encode(),
    "all quoted": text([[f'"{value}"' for value in row] for row in PEOPLE]).encode(),
    "apostrophes": text([[f"'{value}'" for value in row] for row in PEOPLE]).encode(),
}


@pytest.mark.parametrize("case", sorted(PLAIN))
def test_one_table_in_every_dress(case: str, tmp_path: Path) -> None:
    """However it is written and packed, under one name: the same hundred rows and four names, nothing lost."""
    sample, found = read(tmp_path, PLAIN[case])
    assert names(sample) == HEADER
    assert found == PEOPLE
    assert sample.records == Records(100, 101, {}, {}, header=1)


def spoiled(place: int, line: str) -> str:
    """The table with the line of one row (counted from 1) replaced."""
    lines = text().splitlines(keepends=True)
    lines[place] = line + "\n"
    return "".join(lines)


SPOILED: dict[str, tuple[str, dict[str, int]]] = {
    "short": (spoiled(50, "50,name"), {"too few fields": 1}),
    "long": (spoiled(50, "50,name,1,Porto,more"), {"too many fields": 1}),
    "unclosed quote": (spoiled(50, '50,"name,1,Porto'), {"unclosed quote": 1}),
    "unclosed quote at the end": (spoiled(100, '100,"name,1,Porto'), {"unclosed quote": 1}),
    "stray quote": (spoiled(50, '50,"6" pipe",1,Porto'), {"stray quote": 1}),
    "another delimiter": (spoiled(50, "50;name;1;Porto"), {"too few fields": 1}),
    "footer": (text() + "TOTAL 100\n", {"footer": 1}),
}


@pytest.mark.parametrize("case", sorted(SPOILED))
def test_a_spoiled_record_takes_no_other_with_it(case: str, tmp_path: Path) -> None:
    """One bad record is rejected with its reason; every other row is there and right."""
    content, rejected = SPOILED[case]
    sample, found = read(tmp_path, content)
    kept = PEOPLE if case == "footer" else [row for row in PEOPLE if row[0] != ("100" if "end" in case else "50")]
    assert found == kept
    assert dict(sample.records.rejected) == rejected


def test_an_unclosed_quote_among_quoted_fields(tmp_path: Path) -> None:
    """An opener without an end is rejected alone, though the file is full of quotes that could end it."""
    lines = [f'{n},"a, {n}","b {n}"\n' for n in range(30_000)]
    lines[15_000] = '15000,"a, 15000,"b"\n'
    sample, found = read(tmp_path, "id,x,y\n" + "".join(lines))
    assert len(found) == 29_999
    assert sample.records.lost == 1
    assert found[15_000] == ["15001", "a, 15001", "b 15001"]


def test_a_delimiter_that_changes_half_way(tmp_path: Path) -> None:
    """The rows of the second dialect are rejected and counted, not skipped in silence."""
    sample, found = read(tmp_path, text(PEOPLE[:50]) + text(PEOPLE[50:], delimiter=";", header=None))
    assert found == PEOPLE[:50]
    assert dict(sample.records.rejected) == {"too few fields": 50}


def test_preamble_and_blank_lines(tmp_path: Path) -> None:
    """Lines above the table are preamble, empty lines and lines of spaces are blank, wherever they are."""
    sample, found = read(
        tmp_path,
        "Customers of 2026\n\nall regions\n" + text(PEOPLE[:50]) + "\n   \n" + text(PEOPLE[50:], header=None) + "\n",
    )
    assert found == PEOPLE
    assert (sample.records.preamble, sample.records.blank, sample.records.header) == (2, 4, 1)


def test_quoted_line_ends_and_quotes(tmp_path: Path) -> None:
    """Line ends, delimiters and doubled quotes inside quotes are of the value, byte for byte."""
    rows = [["1", 'say "hi", a\r\nb\n\nc', "x"], ["2", "", " y "], ["3", '"', "é\n"]] * 20
    out = io.StringIO()
    csv.writer(out).writerows([["id", "note", "z"], *rows])
    sample, found = read(tmp_path, out.getvalue())
    assert found == rows
    assert sample.records.physical == 61


def test_escapes_are_undone(tmp_path: Path) -> None:
    r"""Where a file escapes quotes with a backslash they are undone; a path such as C:\temp stays."""
    rows = [[str(n), 'a "b", c\\d', "x"] for n in range(20)]
    out = io.StringIO()
    csv.writer(out, doublequote=False, escapechar="\\").writerows([["id", "note", "z"], *rows])
    assert read(tmp_path, out.getvalue())[1] == rows
    bare = io.StringIO()
    csv.writer(bare, quoting=csv.QUOTE_NONE, escapechar="\\", quotechar=None).writerows([["id", "note", "z"], *rows])
    assert read(tmp_path, bare.getvalue())[1] == rows
    assert read(tmp_path, "id,path\n1,C:\\temp\\\n2,D:\\\n")[1] == [["1", "C:\\temp\\"], ["2", "D:\\"]]


def test_a_quote_inside_an_unquoted_field_is_a_letter(tmp_path: Path) -> None:
    """Inches and ditto marks in plain fields are kept as they stand."""
    sample, found = read(tmp_path, 'id,size\n1,6" pipe\n2,5\'4"\n3,a "b" c\n')
    assert found == [["1", '6" pipe'], ["2", "5'4\""], ["3", 'a "b" c']]
    assert sample.records.lost == 0


def test_quotes_that_mean_nothing(tmp_path: Path) -> None:
    """Where most fields that begin with a quote never end with one, quotes are letters, and no row is lost to them."""
    sample, found = read(tmp_path, "id,said\n" + "".join(f'{n},"ditto {n}\n' for n in range(100)))
    assert found == [[str(n), f'"ditto {n}'] for n in range(100)]
    assert sample.records.lost == 0
    assert "delimiter comma, no quotes" in sample.facts.notes


def test_windows_1252(tmp_path: Path) -> None:
    """A file in one legacy encoding is read in it and says so; where UTF-8 is mixed in, the lines are counted."""
    rows = [[str(n), f"café № {n}".replace("№", "\u2013"), "€", "x"] for n in range(100)]
    sample, found = read(tmp_path, text(rows).encode("cp1252"))
    assert found == rows
    assert "encoding cp1252" in sample.facts.notes
    assert dict(sample.records.repaired) == {}
    mixed = b"".join(
        line.encode("cp1252" if place % 2 else "utf-8")
        for place, line in enumerate(text(rows).splitlines(keepends=True))
    )
    sample, found = read(tmp_path, mixed)
    assert found == rows
    assert dict(sample.records.repaired) == {"cp1252": 50}


def test_nul_bytes_are_kept_and_counted(tmp_path: Path) -> None:
    """A NUL is of the value, and the record is counted."""
    sample, found = read(tmp_path, spoiled(50, "50,na\0me,1,Porto"))
    assert found[49][1] == "na\0me"
    assert dict(sample.records.repaired) == {"NUL bytes": 1}


def test_headers(tmp_path: Path) -> None:
    """Repeated names are numbered, missing ones called by place, and rows without header get names."""
    sample, _ = read(tmp_path, "id,id,,id,id.1\n1,2,3,4,5\n")
    assert names(sample) == ["id", "id.2", "column_3", "id.3", "id.1"]
    sample, found = read(tmp_path, text(header=None))
    assert (names(sample), found) == (["column_1", "column_2", "column_3", "column_4"], PEOPLE)
    sample, found = read(tmp_path, "Ana,Porto\nBo,Lyon\nCy,Porto\nDi,Lyon\nAna,Graz\n")
    assert (names(sample), len(found)) == (["column_1", "column_2"], 5)
    sample, found = read(tmp_path, "id,name\n")
    assert (names(sample), found, sample.records.header) == (["id", "name"], [], 1)


def test_one_column(tmp_path: Path) -> None:
    """A file of one column has rows of one field, and empty lines that are blank."""
    sample, found = read(tmp_path, "city\nPorto\n\nLyon\n" + '""\n' + "Graz\n")
    assert (names(sample), found, sample.records.blank) == (["city"], [["Porto"], ["Lyon"], [""], ["Graz"]], 1)


def test_empty_is_null_only_where_the_file_keeps_both_apart(tmp_path: Path) -> None:
    """An empty field is empty text and NULL a word; where some empty ones are quoted, those without quotes are null."""
    plain = "id,a,b\n1,,x\n2,NULL,NA\n3, ,\n"
    assert read(tmp_path, plain)[1] == [["1", "", "x"], ["2", "NULL", "NA"], ["3", " ", ""]]
    assert read(tmp_path, 'id,a,b\n1,"",x\n2,y,""\n')[1] == [["1", "", "x"], ["2", "y", ""]]
    both = 'id,a,b\n1,,""\n2,NULL,\n3,"say ""hi""",\n4,6" pipe,""\n'
    kept = [["1", None, ""], ["2", "NULL", None], ["3", 'say "hi"', None], ["4", '6" pipe', ""]]
    assert read(tmp_path, both)[1] == kept
    trailing = 'id,a,\n1,,\n2,"",\n'
    assert read(tmp_path, trailing)[1] == [["1", None], ["2", ""]]


def test_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    """The delimiter is the one that the header has too."""
    assert read(tmp_path, "a;b;c\n" + "1,5;2,5;3,5\n" * 9)[1] == [["1,5", "2,5", "3,5"]] * 9


def test_cut_archives_give_what_can_be_read(tmp_path: Path) -> None:
    """Of a gz or zst that was cut off the readable part is there, and the cut is counted."""
    rows = [[str(n), random.Random(n).randbytes(9).hex(), "1", "x"] for n in range(20_000)]
    for packed in (gzip.compress(text(rows).encode()), zstandard.ZstdCompressor().compress(text(rows).encode())):
        sample, found = read(tmp_path, packed[: len(packed) * 2 // 3], "a.csv.gz")
        assert 1000 < len(found) < 20_000
        assert found == rows[: len(found)]
        assert dict(sample.records.rejected) == {"truncated": 1}
        assert any("cut off" in note for note in sample.facts.notes)


def test_zip(tmp_path: Path) -> None:
    """A zip of one file is that file, or what is readable where it was cut; of several, an error that says so."""
    one, two = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(one, "w") as archive:
        archive.writestr("a.csv", text())
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.csv", text())
        archive.writestr("b.csv", text())
    assert read(tmp_path, one.getvalue())[1] == PEOPLE
    with pytest.raises(SourceError, match="2 files"):
        read(tmp_path, two.getvalue())
    sample, found = read(tmp_path, one.getvalue()[:300])
    assert found == PEOPLE[: len(found)]
    assert len(found) == text().encode()[: 300 - 30 - len("a.csv")].count(b"\n") - 1
    assert dict(sample.records.rejected) == {"truncated": 1}
    with pytest.raises(SourceError) as caught:
        read(tmp_path, one.getvalue()[:20])
    assert caught.value.reason == "truncated"


def test_long_fields_and_many_columns(tmp_path: Path) -> None:
    """A field of 20 MB, quoted with line ends or not, and 5,000 columns."""
    long = "x" * 20_000_000
    assert read(tmp_path, f"id,a\n1,{long}\n2,y\n")[1] == [["1", long], ["2", "y"]]
    lines = ("z" * 999_999 + "\n") * 20
    found = read(tmp_path, "id,a\n" + "0,x\n" * 20 + f'1,"{lines}"\n2,y\n')[1]
    assert found == [["0", "x"]] * 20 + [["1", lines], ["2", "y"]]
    wide = [[str(n * 7) for n in range(5000)]] * 3
    assert read(tmp_path, text(wide, header=[f"c{n}" for n in range(5000)]))[1] == wide


def test_chunks_are_cut_at_records(tmp_path: Path) -> None:
    """Over many chunks, with quoted line ends at every place of a cut, no row is lost or changed."""
    rows = [[str(n), f"line {n}\nnext, {'y' * (n % 89)}", "z"] for n in range(300_000)]
    out = io.StringIO()
    csv.writer(out).writerows([["id", "note", "z"], *rows])
    _, found = read(tmp_path, out.getvalue())
    assert found == rows


def test_lines_are_drawn_by_seed(tmp_path: Path) -> None:
    """N lines of a text file are N rows of it in order, the same again."""
    sample, found = read(tmp_path, text(), rows=10)
    assert len(found) == 10
    assert [PEOPLE.index(row) for row in found] == sorted(PEOPLE.index(row) for row in found)
    assert (sample.drawn.method, sample.drawn.fraction, sample.records.rows) == ("lines", 0.1, 100)


CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\n\r\t"]
ALPHABETS = {"utf-8": "añ漢 x", "utf-8-sig": "añ漢 x", "utf-16": "añ漢 x", "cp1252": "añé x"}


def generated(seed: int) -> tuple[bytes, list[list[str]], Counter[str], str]:
    """A file by chance: its bytes, the rows it must give, what must be rejected, and a word on how it was made."""
    chance = random.Random(seed)
    delimiter = chance.choice([",", ";", "\t", "|", "||", "~", "^", "\x01"])
    encoding = chance.choice(list(ALPHABETS))
    end = chance.choice(["\n", "\r\n", "\r"])
    style = chance.choice(["none", "minimal", "all"])
    columns = chance.randint(3, 8)
    letters = ALPHABETS[encoding]
    rejected: Counter[str] = Counter()
    rows, lines = [], [delimiter.join(f"col{n}" for n in range(columns))]
    for number in range(chance.randint(5, 60)):
        row = [str(number)] + ["".join(chance.choices(letters, k=chance.randint(0, 9))) for _ in range(columns - 1)]
        if style != "none" and chance.random() < 0.2:
            row[1] += chance.choice([delimiter, '"', "\n", "\r\n", '"\n' + delimiter])
        kind = chance.random() if number > 4 else 1.0
        special = style == "all"
        written = [
            f'"{v.replace(chr(34), chr(34) * 2)}"'
            if special or any(m in v for m in (delimiter, '"', "\n", "\r"))
            else v
            for v in row
        ]
        if kind < 0.04:
            lines.append(delimiter.join(written[:-1]))
            rejected["too few fields"] += 1
        elif kind < 0.08:
            lines.append(delimiter.join([*written, "x"]))
            rejected["too many fields"] += 1
        elif kind < 0.11:
            lines.append(delimiter.join([str(number), '"6" pipe"', *row[2:-1], "z"]).replace("\n", ""))
            rejected["stray quote"] += 1
        else:
            rows.append(row)
            lines.append(delimiter.join(written))
    content = (end.join(lines) + (end if chance.random() < 0.8 else "")).encode(encoding)
    packed = chance.choice(["", "", "gz", "zst"])
    content = (
        gzip.compress(content)
        if packed == "gz"
        else zstandard.ZstdCompressor().compress(content)
        if packed
        else content
    )
    return content, rows, rejected, f"{delimiter!r} {encoding} {end!r} {style} {packed}"


@pytest.mark.parametrize("block", range(10))
def test_generated_files(block: int, tmp_path: Path) -> None:
    """Of thirty files made by chance: every value right, every reject counted for its reason."""
    for seed in range(block * 30, block * 30 + 30):
        content, rows, rejected, made = generated(seed)
        sample, found = read(tmp_path, content)
        assert found == rows, (seed, made)
        assert Counter(sample.records.rejected) == rejected, (seed, made)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters=CONTROLS), max_size=12), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=8,
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
)
def test_what_csv_writes_is_read_back(rows: list[list[str]], delimiter: str, quote: str, tmp_path: Path) -> None:
    """Whatever Python's csv module writes, the reader gives back, value by value (its dialect being known)."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quotechar=quote, quoting=csv.QUOTE_ALL).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(b"h,h,h\n" + out.getvalue().encode())
    dialect = Dialect(delimiter.encode(), quote.encode(), fields=3, names=("a", "b", "c"), start=6, header=1)
    batches = list(read_records(path, "s", replace(dialect), Counter()))
    assert [list(row.values()) for batch in batches for row in batch.to_pylist()] == rows
