"""Sheets of workbooks: Excel (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods). Every cell arrives as text, for a
column of a sheet has no type: "007" stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.contract import FileState
from walkaround.connectors.excel.binary import has_short_cells
from walkaround.connectors.excel.cells import CellForm, column_forms, in_form, with_errors
from walkaround.connectors.excel.layout import Layout, layout_of
from walkaround.connectors.excel.package import Extent, extent_of
from walkaround.connectors.extras import needed
from walkaround.connectors.location import Place
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.connectors.tables import chosen
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source

_BATCH_ROWS: Final = 1 << 16
_MOST_CELLS: Final = 50_000_000
"""The reader makes a cell of every place between the first and the last one: some 2 GB here ..."""
_FILLED: Final = 0.1
"""... which is refused where fewer of them than this hold anything: one stray cell in the last row is enough."""
_MAGIC: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet: where its table stands, and how the cells of each column are said."""

    path: Path
    source: str
    sheet: str
    layout: Layout
    forms: tuple[CellForm, ...]
    strata: tuple[int, ...]
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Text, all of it."""
        return pa.schema([pa.field(name, pa.string()) for name in self.layout.names])

    def read(self) -> Reading:
        """All rows, in order; empty ones left out."""
        cells, _ = _cells(self.source, self.path, self.sheet)
        table = self.layout.rows_of(cells)
        columns = [in_form(column, form) for column, form in zip(table.columns, self.forms, strict=True)]
        rows = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        for start in range(0, rows.num_rows, _BATCH_ROWS):
            yield rows.slice(start, _BATCH_ROWS)
        header = int(self.layout.header is not None)
        before = self.layout.preamble + header
        blank = cells.num_rows - before - rows.num_rows
        return Records(
            rows.num_rows, physical=cells.num_rows, blank=blank, preamble=self.layout.preamble, header=header
        )


def _look(source: Source, place: Place, state: FileState) -> SheetPart:
    names = _tables(source, place, state)
    sheet = chosen(source, place, state, names)
    path = state.path
    extent = extent_of(path, sheet)
    _bounded(source, path, extent)
    if has_short_cells(path):
        words = f"{path.name}: most cells would be missing, for they are written in a short form that is not read"
        raise SourceError(source.name, "unreadable", words, "open the workbook and save it as .xlsx")
    cells, errors = _cells(source.name, path, sheet)
    layout = layout_of(cells)
    if not layout.names:
        hint = "look at what should have filled it"
        raise SourceError(source.name, "empty", f"{path.name}: sheet {sheet} has no cells", hint)
    table = layout.rows_of(cells)
    forms = column_forms(table, lambda looked: _inferred(source.name, path, sheet, layout, looked))
    return SheetPart(
        path, source.name, sheet, layout, forms, (table.num_rows,), tuple(_notes(sheet, layout, extent, errors))
    )


def _notes(sheet: str, layout: Layout, extent: Extent | None, errors: int) -> Iterator[str]:
    yield f"sheet {sheet}"
    if layout.preamble:
        yield f"{layout.preamble} rows before the table"
    if layout.header is None:
        yield "no header"
    if errors:
        yield f"{errors} cells hold an error of the workbook (#DIV/0!, #N/A ...) and are read as its text"
    if extent is not None and extent.merged:
        yield f"{extent.merged} merged ranges: only the first cell of each has a value"


def _bounded(source: Source, path: Path, extent: Extent | None) -> None:
    """Refuse a sheet that would be unpacked into memory that nobody has."""
    if extent is None or extent.rows * extent.columns <= _MOST_CELLS:
        return
    if extent.filled < _FILLED * extent.rows * extent.columns:
        words = f"{path.name}: the sheet is {extent.rows:,} rows by {extent.columns:,} columns, nearly all of it empty"
        raise SourceError(source.name, "unreadable", words, "clear the stray cells far from the table, and save it")


def _workbook(source: str, path: Path) -> Any:
    fastexcel = needed(source, "fastexcel", "excel")
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise _unreadable(source, path, error) from None


def _tables(source: Source, place: Place, state: FileState) -> Sequence[str]:
    """The sheets: those that a reader of the workbook sees and that hold something; all where one is named."""
    workbook = _workbook(source.name, state.path)
    names: list[str] = workbook.sheet_names
    if len(names) == 1 or (source.table or place.table) is not None:
        return names
    fastexcel = needed(source.name, "fastexcel", "excel")
    kept = []
    for name in names:
        try:
            sheet = workbook.load_sheet(name, header_row=None, dtypes="string")
        except fastexcel.FastExcelError:  # a sheet that holds a chart only, or is damaged
            continue
        if sheet.visible == "visible" and sheet.width:
            kept.append(name)
    return kept or names


def _cells(source: str, path: Path, sheet: str) -> tuple[pa.RecordBatch, int]:
    """All cells as text, and how many of them hold an error."""
    workbook = _workbook(source, path)
    fastexcel = needed(source, "fastexcel", "excel")
    try:
        loaded = workbook.load_sheet(sheet, header_row=None, dtypes="string", skip_rows=0)
        if not loaded.width:
            return pa.RecordBatch.from_arrays([], names=[]), 0
        cells, found = loaded.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise _unreadable(source, path, error) from None
    errors = found.errors if found is not None else []
    columns = [column.cast(pa.string()) for column in cells.columns]
    return with_errors(pa.RecordBatch.from_arrays(columns, names=cells.schema.names), errors), len(errors)


def _inferred(source: str, path: Path, sheet: str, layout: Layout, looked: Sequence[int]) -> dict[int, str]:
    """What kind of cells each column of `looked` has throughout: "datetime", "duration", ...; "" for kinds that do not
    go together.
    """
    workbook = _workbook(source, path)
    fastexcel = needed(source, "fastexcel", "excel")

    def kinds(columns: Sequence[int]) -> dict[int, str]:
        places = [layout.columns[column] for column in columns]
        loaded = workbook.load_sheet(
            sheet, header_row=None, skip_rows=layout.start, schema_sample_rows=None, use_columns=places
        )
        found = {column.index: str(column.dtype) for column in loaded.selected_columns}
        return {column: found.get(place, "") for column, place in zip(columns, places, strict=True)}

    try:
        return kinds(looked)
    except fastexcel.FastExcelError:
        if len(looked) == 1:
            return {looked[0]: ""}
    return {key: kind for column in looked for key, kind in _inferred(source, path, sheet, layout, [column]).items()}


def _unreadable(source: str, path: Path, error: Exception) -> SourceError:
    """Cut off where it begins like a workbook; another kind of file where it does not."""
    with path.open("rb") as file:
        begins = file.read(4) in _MAGIC
    if begins and "assword" in str(error):
        return SourceError(source, "denied", f"{path.name}: is protected by a password", "save it without one")
    if begins:
        words = f"{path.name}: the workbook is cut off or damaged ({type(error).__name__})"
        return SourceError(source, "truncated", words, "copy or save it again")
    hint = "look at what the file holds, and name it so"
    return SourceError(source, "not_what_it_says", f"{path.name}: is not a workbook", hint)


CONNECTOR = FileConnector("excel", _look, _tables)
