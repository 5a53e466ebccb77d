"""Workbooks: cells as text, the table found in its sheet, and what a workbook can do to a reader."""
# ruff: noqa: DTZ001 - the days of a workbook have no zone

from __future__ import annotations

import struct
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from walkaround.connectors import connector_for
from walkaround.errors import SourceError


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """An .xlsx: text as text, numbers as numbers, dates as dates."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        (sheet.write_string if isinstance(value, str) else sheet.write)(number, column, value)
    return path


def test_cells_are_text(files: Any, tmp_path: Path) -> None:
    """A cell that was typed as text stays as it was; numbers have the digits that the workbook holds, and no more."""
    rows = [
        ["zip", "n", "big", "flag", "mixed"],
        ["007", 1, 1e20, True, "a"],
        ["1.10", 0.1, 12, False, 3],
        [" x ", -2.5, 1e-7, True, None],
    ]
    sample = files.opened(workbook(tmp_path / "a.xlsx", {"t": rows}))
    assert files.rows_of(sample) == [
        ("007", "1", "100000000000000000000", "true", "a"),
        ("1.10", "0.1", "12", "false", "3"),
        (" x ", "-2.5", "0.0000001", "true", None),
    ]
    assert {column.type for column in sample.facts.columns} == {"string"}
    assert sample.facts.notes == ("sheet t",)


def test_dates_times_and_spans(files: Any, tmp_path: Path) -> None:
    """A column of dates has no time of day, one of times no date, one of spans hours; a mixed one is left alone."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("t")
        form = {
            name: book.add_format({"num_format": name})
            for name in ("yyyy-mm-dd", "dd/mm/yyyy hh:mm", "hh:mm", "[h]:mm")
        }
        sheet.write_row(0, 0, ["day", "moment", "time", "span", "mixed", "words"])
        for row in (1, 2, 3):
            sheet.write_datetime(row, 0, datetime(2024, 1, row), form["yyyy-mm-dd"])
            sheet.write_datetime(row, 1, datetime(2024, 1, row, row), form["dd/mm/yyyy hh:mm"])
            sheet.write_number(row, 2, row / 8, form["hh:mm"])
            sheet.write_number(row, 3, row * 0.75, form["[h]:mm"])
            sheet.write_string(row, 5, "2024-01-01 00:00:00")
        sheet.write_datetime(1, 4, datetime(2024, 1, 1), form["yyyy-mm-dd"])
        sheet.write_string(2, 4, "soon")
    assert files.rows_of(files.opened(path)) == [
        ("2024-01-01", "2024-01-01 01:00:00", "03:00:00", "18:00:00", "2024-01-01 00:00:00", "2024-01-01 00:00:00"),
        ("2024-01-02", "2024-01-02 02:00:00", "06:00:00", "36:00:00", "soon", "2024-01-01 00:00:00"),
        ("2024-01-03", "2024-01-03 03:00:00", "09:00:00", "54:00:00", None, "2024-01-01 00:00:00"),
    ]


def test_dates_that_python_cannot_say(files: Any, tmp_path: Path) -> None:
    """A day after the year 9999 is text like any other, whatever else the column holds."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("t")
        sheet.write_row(0, 0, ["day", "spans and days"])
        for row, day in enumerate([45292, 3000000], 1):
            sheet.write_number(row, 0, day, book.add_format({"num_format": "yyyy-mm-dd"}))
            sheet.write_number(row, 1, day, book.add_format({"num_format": ["yyyy-mm-dd", "[h]:mm"][row - 1]}))
    rows = files.rows_of(files.opened(path))
    assert [row[0] for row in rows] == ["2024-01-01 00:00:00", "+10113-09-19 00:00:00"]
    assert rows[0][1] == "2024-01-01 00:00:00"


def test_errors_of_formulas_are_their_words(files: Any, tmp_path: Path) -> None:
    """#DIV/0! is what the cell says; as a null it would pass for a gap. A formula is what it last came to."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("t")
        sheet.write_row(0, 0, ["id", "share"])
        for row, value in enumerate(["#DIV/0!", 0.5, "#N/A", ""], 3):  # rows 1 and 2 are empty
            sheet.write_number(row, 0, row)
            sheet.write_formula(row, 1, "=A1/A2", None, value)
    sample = files.opened(path)
    assert files.rows_of(sample) == [("3", "#DIV/0!"), ("4", "0.5"), ("5", "#N/A"), ("6", None)]
    assert "2 cells hold an error" in sample.facts.notes[1]
    records = sample.records
    assert (records.rows, records.blank, records.header, records.physical) == (4, 2, 1, 7)


def test_the_table_is_found_in_its_sheet(files: Any, tmp_path: Path) -> None:
    """Titles above, empty rows between, empty columns beside: the header is the first row that is wide enough."""
    rows = [
        [None, "Sales of the north"],
        [None, "Region", "North"],
        [],
        [None, "id", "<b>name</b>", "id", None, "note"],
        [None, 1, "ann", 2, None, None],
        [],
        [None, 3, "bob", 4, None, "x"],
    ]
    sample = files.opened(workbook(tmp_path / "a.xlsx", {"t": rows}))
    assert files.rows_of(sample) == [("1", "ann", "2", None), ("3", "bob", "4", "x")]
    assert [column.name for column in sample.facts.columns] == ["id", "<b>name</b>", "id.1", "note"]
    assert "2 rows before the table" in sample.facts.notes
    records = sample.records
    assert records.rows + records.blank + records.preamble + records.header == records.physical


def test_a_sheet_without_header(files: Any, tmp_path: Path) -> None:
    """Numbers over numbers are no names."""
    sample = files.opened(workbook(tmp_path / "a.xlsx", {"t": [[1, 2.5], [2, 3.5], [3, 4.5]]}))
    assert files.rows_of(sample) == [("1", "2.5"), ("2", "3.5"), ("3", "4.5")]
    assert [column.name for column in sample.facts.columns] == ["column_1", "column_2"]
    assert "no header" in sample.facts.notes


@pytest.mark.parametrize(
    ("rows", "names", "expected"),
    [
        ([["a", "b"]], ["a", "b"], []),
        ([["a", "b"], [1, 2]], ["a", "b"], [("1", "2")]),
        ([["a", "b"], [1, None], [2, None]], ["a", "b"], [("1", None), ("2", None)]),
        ([["only"], ["x"], [None], ["y"]], ["only"], [("x",), ("y",)]),
        ([["a", "b"], ["x" * 10_000, date(2024, 1, 1)]], ["a", "b"], [("x" * 10_000, "2024-01-01")]),
    ],
    ids=["header only", "one row", "an empty column", "one column", "a long cell"],
)
def test_small_sheets(files: Any, tmp_path: Path, rows: Any, names: list[str], expected: list[Any]) -> None:
    """Whatever little a sheet holds is read as it is."""
    sample = files.opened(workbook(tmp_path / "a.xlsx", {"t": rows}))
    assert files.rows_of(sample) == expected
    assert [column.name for column in sample.facts.columns] == names


def test_the_sheet_is_the_table(files: Any, tmp_path: Path) -> None:
    """Of several sheets one is named; hidden and empty ones are not asked about, and can be named all the same."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("data").write_column(0, 0, ["id", "1"])
        book.add_worksheet("Sheet2")
        lists = book.add_worksheet("lists & such")
        lists.write_column(0, 0, ["code", "x"])
        lists.hide()
    source = files.source(path)
    assert files.rows_of(files.opened(path)) == [("1",)]
    assert list(connector_for(source).datasets(source)) == ["data"]
    assert files.rows_of(files.opened(path, table="lists & such")) == [("x",)]
    assert files.rows_of(files.opened(f"{path}#data")) == [("1",)]
    with pytest.raises(SourceError, match="has no cells") as caught:
        files.opened(path, table="Sheet2")
    assert caught.value.reason == "empty"
    both = workbook(tmp_path / "b.xlsx", {"one": [["a"], [1]], "two": [["a"], [2]]})
    with pytest.raises(SourceError, match="one, two") as caught:
        files.opened(both)
    assert "?table=one" in caught.value.hint


def test_merged_cells_are_noted(files: Any, tmp_path: Path) -> None:
    """A merged range has one value; that the others are empty is said."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("t")
        sheet.write_row(0, 0, ["region", "n"])
        sheet.merge_range(1, 0, 2, 0, "north")
        sheet.write_column(1, 1, [1, 2])
    sample = files.opened(path)
    assert files.rows_of(sample) == [("north", "1"), (None, "2")]
    assert "1 merged ranges: only the first cell of each has a value" in sample.facts.notes


def test_a_stray_cell_far_away_is_refused(files: Any, tmp_path: Path) -> None:
    """One cell in the last corner would be unpacked into 17 billion; a formatted, empty one there does no harm."""
    path = tmp_path / "a.xlsx"
    for value in (None, "x"):
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("t")
            sheet.write_column(0, 0, ["id", "1"])
            sheet.write(1_048_575, 16_383, value, book.add_format({"bold": True}))
        if value is None:
            assert files.rows_of(files.opened(path)) == [("1",)]
    with pytest.raises(SourceError, match="1,048,576 rows by 16,384 columns") as caught:
        files.opened(path)
    assert "stray" in caught.value.hint


def _xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("t")
    for number, row in enumerate([["zip", "n"], ["007", 2.5]]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))


def _ods(path: Path) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="2.5"><text:p>2,5</text:p></table:table-cell>'
    rows = [text.format("zip") + text.format("n"), text.format("007") + number]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="t">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        package.writestr("content.xml", content)


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of an .xlsb: kind and length seven bits a byte, the lowest first."""
    number, size = kind, len(content)
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    return head + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb(path: Path, *, short: bool = False) -> None:
    """A workbook in binary, by the specification [MS-XLSB]; `short`: cells after the first without their column."""

    def cell(column: int, kind: int, value: bytes) -> bytes:
        if short and column:
            return _record(kind + 11, struct.pack("<I", 0) + value)
        return _record(kind, struct.pack("<II", column, 0) + value)

    rows = [
        cell(0, 6, _wide("zip")) + cell(1, 6, _wide("n")),
        cell(0, 6, _wide("007")) + cell(1, 5, struct.pack("<d", 2.5)),
    ]
    data = b"".join(_record(0, struct.pack("<I", number) + bytes(21)) + row for number, row in enumerate(rows))
    sheet = (
        _record(129) + _record(148, struct.pack("<4I", 0, 1, 0, 1)) + _record(145) + data + _record(146) + _record(130)
    )
    bundle = _record(143) + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("t")) + _record(144)
    office = "http://schemas.openxmlformats.org"
    relation = '<?xml version="1.0"?><Relationships xmlns="{0}/package/2006/relationships"><Relationship Id="rId1" '
    relation += 'Type="{0}/officeDocument/2006/relationships/{1}" Target="{2}"/></Relationships>'
    types = f'<?xml version="1.0"?><Types xmlns="{office}/package/2006/content-types">'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "[Content_Types].xml", types + '<Default Extension="bin" ContentType="application/x"/></Types>'
        )
        package.writestr("_rels/.rels", relation.format(office, "officeDocument", "xl/workbook.bin"))
        package.writestr("xl/_rels/workbook.bin.rels", relation.format(office, "worksheet", "worksheets/sheet1.bin"))
        package.writestr("xl/workbook.bin", _record(131) + bundle + _record(132))
        package.writestr("xl/worksheets/sheet1.bin", sheet)


def test_cells_that_would_be_skipped_are_refused(files: Any, tmp_path: Path) -> None:
    """Some programs write .xlsb with cells that the reader passes over: no table is made of the rest."""
    _xlsb(tmp_path / "a.xlsb", short=True)
    with pytest.raises(SourceError, match="most cells would be missing") as caught:
        files.opened(tmp_path / "a.xlsb")
    assert (caught.value.reason, "save it as .xlsx" in caught.value.hint) == ("unreadable", True)


@pytest.mark.parametrize(("suffix", "write"), [("xlsb", _xlsb), ("xls", _xls), ("ods", _ods)])
def test_other_workbooks(files: Any, tmp_path: Path, suffix: str, write: Callable[[Path], None]) -> None:
    """The old format, the binary one and OpenDocument read alike, also under a name that says nothing."""
    path = tmp_path / f"a.{suffix}"
    write(path)
    for found in (path, path.rename(tmp_path / "bare")):
        if found.exists():
            assert connector_for(files.source(found)).kind == "excel"
    assert files.rows_of(files.opened(tmp_path / "bare")) == [("007", "2.5")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04" + bytes(range(256)) * 4, "truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"abc" * 1000, "truncated"),
        (b"id,name\n1,ann\n", "not_what_it_says"),
        (b"", "empty"),
    ],
    ids=["zip rubbish", "ole rubbish", "a csv", "nothing"],
)
def test_what_is_no_workbook(files: Any, tmp_path: Path, content: bytes, reason: str) -> None:
    """Rubbish under the name of a workbook is an error in words."""
    for suffix in ("xlsx", "xls", "xlsb", "ods"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(content)
        with pytest.raises(SourceError) as caught:
            files.opened(path)
        assert caught.value.reason == reason
        assert caught.value.hint


def test_a_missing_library_is_asked_for(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra is told its name."""
    path = workbook(tmp_path / "a.xlsx", {"t": [["a"], [1]]})
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(SourceError, match="fastexcel, which is not installed") as caught:
        files.opened(path)
    assert (caught.value.reason, caught.value.hint) == ("driver", "pip install 'walkaround[excel]'")
