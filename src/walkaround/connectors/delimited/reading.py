"""Read the records of a delimited file, chunk by chunk: a fast way for clean text, an exact one for the rest.

A chunk whose quotes are all where they should be goes to Arrow's parser as it stands. Otherwise its lines are told
apart: those that are complete records by themselves stay as they are, the others are read by `records`, one at a
time, and written again in clean form. In both cases the records were counted before they were parsed, and rows plus
rejects must come out equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from walkaround.connectors.ahead import ahead
from walkaround.connectors.delimited.clean import MARK, Clean, blank_lines, count_reason, parsed_delimiter
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.footers import TAIL, without_ragged_end
from walkaround.connectors.delimited.mending import mend
from walkaround.connectors.delimited.plain import plain
from walkaround.connectors.delimited.records import MAX_LINES
from walkaround.connectors.delimited.structure import Bytes, Positions, field_counts, line_ends, record_ends
from walkaround.connectors.encoding import old_encoding, utf8_lines
from walkaround.connectors.parts import Reading
from walkaround.errors import InternalError
from walkaround.model.sample import Records

CHUNK: Final = 8 << 20
"""Bytes of text handled at once."""

_SPARE: Final = "\x00 after the last delimiter"


def read_records(path: Path, source: str, dialect: Dialect, seen: Counter[str]) -> Reading:
    """The rows of a file as batches of text; returns what became of its records.

    Raises:
        InternalError: rows and rejects are not as many as the records that were counted.
        SourceError: the file is no text.
        OSError: the file cannot be read.
    """
    tally: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    rows = 0
    chunks = ahead(_clean_chunks(path, source, dialect, tally, rejected, seen))
    try:
        for chunk in chunks:
            table, bad = _parse(chunk, dialect)
            rejected.update(bad)
            rows += table.num_rows
            if table.num_rows + sum(bad.values()) != chunk.records:
                raise InternalError(f"{path.name}: {chunk.records} records went in, {table.num_rows} rows came out")
            yield from table.combine_chunks().to_batches()
    finally:
        chunks.close()
    blank = tally["blank"] + dialect.blank
    physical = tally["physical"] + dialect.blank + dialect.preamble + dialect.header
    if rows + rejected.total() + blank + dialect.preamble + dialect.header != physical:
        raise InternalError(f"{path.name}: of {physical} records, {rows} became rows, {rejected.total()} were rejected")
    repaired = {reason: count for reason, count in seen.items() if count and _is_repair(reason)}
    old = old_encoding(seen)
    if seen[old] and seen["utf-8"]:
        repaired[old] = seen[old]
    return Records(rows, physical, dict(rejected), repaired, blank, dialect.preamble, dialect.header)


def _is_repair(reason: str) -> bool:
    """Whether a count of `utf8_lines` is of records that were read, but not as they stand."""
    return reason == "NUL bytes" or reason.startswith("not ")


def _clean_chunks(  # noqa: PLR0917 - the text, how it is written, and the two tallies
    path: Path, source: str, dialect: Dialect, tally: Counter[str], rejected: Counter[str], seen: Counter[str]
) -> Generator[Clean, None, None]:
    """The text of a file, cut at the ends of records and made clean."""
    lines = utf8_lines(path, source, seen)
    skip, rest, want, cut, ended = dialect.start, b"", CHUNK, False, False
    while not ended:
        parts, size = [rest], len(rest)
        while size < want and not ended:
            try:
                data = next(lines)
            except StopIteration as end:
                cut, ended = bool(end.value), True
                break
            if skip:
                data, skip = data[skip:], max(0, skip - len(data))
            parts.append(data)
            size += len(data)
        text = b"".join(parts)
        if ended:
            text = without_ragged_end(text, dialect, tally, rejected, cut=cut)
        used, chunk = _clean(text if ended else text[: _safe_end(text)], dialect, tally, rejected, final=ended)
        if chunk.records:
            yield chunk
        rest = text[used:]
        want = CHUNK + len(rest) if used else 2 * max(len(text), CHUNK)


def _safe_end(text: bytes) -> int:
    """A line end that leaves the tail of the text for later; 0 where there is none."""
    limit = len(text) - TAIL
    if limit <= 0:
        return 0
    end = max(text.rfind(b"\n", 0, limit), text.rfind(b"\r", 0, limit)) + 1
    return end - 1 if end and text[end - 1 : end + 1] == b"\r\n" and end < len(text) else end


def _clean(
    text: bytes, dialect: Dialect, tally: Counter[str], rejected: Counter[str], *, final: bool
) -> tuple[int, Clean]:
    """How many bytes of `text` are used, and what they come to."""
    if not text:
        return 0, Clean(b"", b",", None, 0)
    made = plain(text, dialect)
    data = np.frombuffer(text if made is None else made.text, dtype=np.uint8)
    ends = line_ends(data)
    whole = None if made is None else _whole_records(made.text, data, ends, dialect, final=final)
    if made is None or whole is None:
        if made is not None and made.text is not text:
            data = np.frombuffer(text, dtype=np.uint8)
            ends = line_ends(data)
        return mend(text, data, ends, dialect, tally, rejected, final=final)
    used = int(whole[-1]) if len(whole) else 0
    blank = np.flatnonzero(blank_lines(made.text, data, whole, dialect)).tolist()
    body = made.undone(_without(made.text[:used], whole, blank))
    tally["blank"] += len(blank)
    tally["physical"] += len(whole)
    delimiter = parsed_delimiter(text, dialect)
    if dialect.delimiter is not None and delimiter != dialect.delimiter:
        body = body.replace(dialect.delimiter, delimiter)
    quote = dialect.quote if dialect.quote and dialect.quote in text else None
    return made.end_before(used), Clean(body, delimiter, quote, len(whole) - len(blank))


def _whole_records(text: bytes, data: Bytes, ends: Positions, dialect: Dialect, *, final: bool) -> Positions | None:
    """The ends of records, where plain text can be parsed as it stands; None where it must be mended."""
    if text.startswith(MARK):
        return None
    if dialect.quote is None or dialect.quote not in text:
        return ends
    if dialect.delimiter is not None and len(dialect.delimiter) > 1:
        return None
    delimiter = dialect.delimiter[0] if dialect.delimiter else None
    whole = record_ends(data, ends, dialect.quote[0], delimiter, MAX_LINES)
    if whole is None or (final and (not len(whole) or whole[-1] != len(text))):
        return None
    if len(whole) < len(ends) and delimiter is not None and len(whole):
        lines = np.diff(np.searchsorted(ends, whole), prepend=-1)
        counts = field_counts(data, whole, delimiter, dialect.quote[0])
        if (counts[lines > 1] != dialect.fields - 1).any():
            return None  # lines joined by a quote that was never meant to
    return whole


def _without(text: bytes, ends: Positions, lines: list[int]) -> bytes:
    if not lines:
        return text
    starts = [0, *ends.tolist()]
    pieces, at = [], 0
    for line in lines:
        pieces.append(text[at : starts[line]])
        at = starts[line + 1]
    return b"".join([*pieces, text[at:]])


def _parse(chunk: Clean, dialect: Dialect) -> tuple[pa.Table, Counter[str]]:
    """The rows of clean text, and the records that have not the right number of fields."""
    bad: Counter[str] = Counter()

    def skip(row: arrow_csv.InvalidRow) -> str:
        bad[count_reason(row.actual_columns, row.expected_columns, (row.text or "").encode())] += 1
        return "skip"

    names = [*dialect.names, _SPARE] if dialect.trailing else list(dialect.names)
    # Arrow takes an empty field at the very end for text, and for null elsewhere.
    text = chunk.text if chunk.text.endswith((b"\n", b"\r")) else chunk.text + b"\n"
    table = arrow_csv.read_csv(
        pa.BufferReader(text),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(text) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=chunk.delimiter.decode(),
            quote_char=chunk.quote.decode() if chunk.quote else False,
            newlines_in_values=chunk.quote is not None,
            invalid_row_handler=skip,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=dialect.nulls,
            quoted_strings_can_be_null=False,
        ),
    )
    if dialect.trailing:
        empty = pc.equal(pc.fill_null(table.column(_SPARE), ""), "")
        over = table.num_rows - (pc.sum(empty).as_py() or 0)
        if over:
            bad["too many fields"] += over
            table = table.filter(empty)
        table = table.drop_columns([_SPARE])
    return table, bad
