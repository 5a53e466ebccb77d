"""Read the records of a delimited file, chunk by chunk: a fast way for clean text, an exact one for the rest.

A chunk whose quotes are all where they should be goes to Arrow's parser as it stands. Otherwise its lines are told
apart: those that are complete records by themselves stay as they are, the others are read by `records`, one at a
time, and written again in clean form. In both cases the records were counted before they were parsed, and rows plus
rejects must come out equal.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from walkaround.connectors.ahead import ahead
from walkaround.connectors.assembly import Reading
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.records import MAX_LINES, Grammar, Record
from walkaround.connectors.delimited.structure import (
    CR,
    LF,
    Bytes,
    Flags,
    Positions,
    field_counts,
    line_ends,
    record_ends,
    troubled_lines,
)
from walkaround.connectors.encoding import utf8_lines
from walkaround.errors import InternalError
from walkaround.model.sample import Records

CHUNK: Final = 8 << 20
"""Bytes of text handled at once."""
_TAIL: Final = 4 << 10
"""Bytes kept back until the end of the file is known, so that a footer is seen whole."""
_FOOTER_LINES: Final = 10
_FOOTER: Final = re.compile(
    rb"\W*(?:grand |sub)?(?:totals?|sum|summe|gesamt|count|rows?|records?|end|eof|trailer|trl|footer)\b"
    rb"|\(?\d+ (?:rows?|records?|lines?)\b|\\\.|\xef\xbb\xbf?\x1a|\x1a|#|--",
    re.IGNORECASE,
)
"""How lines begin that stand below a table and are not of it."""
_MARK: Final = b"\xef\xbb\xbf"
_PRIVATE: Final = (b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x0e", b"\x0f", b"\x10", b"\x11", b"\x12", b"\x13")
"""Bytes that stand for a delimiter or a quote that Arrow's parser cannot have; any that the chunk does not hold."""
_SPARE: Final = "\x00 after the last delimiter"


@dataclass(frozen=True, slots=True)
class Clean:
    """Text that Arrow's parser reads as we would: `records` of them, blank lines apart."""

    text: bytes
    delimiter: bytes
    quote: bytes | None
    records: int


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
    repaired = {reason: seen[reason] for reason in ("NUL bytes", "not UTF-16") if seen[reason]}
    if seen["cp1252"] and seen["utf-8"]:
        repaired["cp1252"] = seen["cp1252"]
    return Records(rows, physical, dict(rejected), repaired, blank, dialect.preamble, dialect.header)


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
            text = _without_ragged_end(text, dialect, tally, rejected, cut=cut)
        used, chunk = _clean(text if ended else text[: _safe_end(text)], dialect, tally, rejected, final=ended)
        if chunk.records:
            yield chunk
        rest = text[used:]
        want = CHUNK + len(rest) if used else 2 * max(len(text), CHUNK)


def _safe_end(text: bytes) -> int:
    """A line end that leaves the tail of the text for later; 0 where there is none."""
    limit = len(text) - _TAIL
    if limit <= 0:
        return 0
    end = max(text.rfind(b"\n", 0, limit), text.rfind(b"\r", 0, limit)) + 1
    return end - 1 if end and text[end - 1 : end + 1] == b"\r\n" and end < len(text) else end


def _without_ragged_end(
    text: bytes, dialect: Dialect, tally: Counter[str], rejected: Counter[str], *, cut: bool
) -> bytes:
    """The text without what a cut left of its last record, and without the footer below the table."""
    if cut:
        whole = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
        text = text[:whole]
        tally["physical"] += 1
        rejected["truncated"] += 1
        return text
    if dialect.fields < 2 or not text:  # noqa: PLR2004 - of one column every line is a row
        return text
    grammar = Grammar(dialect.delimiter, dialect.quote, dialect.escape)
    tail = text[-_TAIL:]
    ends = line_ends(np.frombuffer(tail, dtype=np.uint8)).tolist()
    starts = [len(text) - len(tail) + start for start in ([0, *ends[:-1]] if len(tail) == len(text) else ends[:-1])]
    below, blank, footer, at = 0, 0, (0, 0), len(text)
    for start in reversed(starts[-_FOOTER_LINES:]):
        line = text[start : start + MAX_LINES * _TAIL]
        record = grammar.record(line)
        if not line[: record.end].strip():
            blank += 1
        elif (
            not record.trouble
            and len(record.fields) < dialect.fields
            and (dialect.quote or b"\n\n") not in line[: record.end]
        ):
            below += 1
            if _FOOTER.match(line):
                footer, at = (below, blank), start
        else:
            break
    if footer[0]:
        rejected["footer"] += footer[0]
        tally["blank"] += footer[1]
        tally["physical"] += sum(footer)
    return text[:at] if footer[0] else text


def _clean(
    text: bytes, dialect: Dialect, tally: Counter[str], rejected: Counter[str], *, final: bool
) -> tuple[int, Clean]:
    """How many bytes of `text` are used, and what they come to."""
    if not text:
        return 0, Clean(b"", b",", None, 0)
    data = np.frombuffer(text, dtype=np.uint8)
    ends = line_ends(data)
    whole = _whole_records(text, data, ends, dialect, final=final)
    if whole is None:
        return _mend(text, data, ends, dialect, tally, rejected, final=final)
    used = int(whole[-1]) if len(whole) else 0
    blank = np.flatnonzero(_blank_lines(text, data, whole, dialect)).tolist()
    body = _without(text[:used], whole, blank)
    tally["blank"] += len(blank)
    tally["physical"] += len(whole)
    delimiter = _parsed_delimiter(text, dialect)
    if dialect.delimiter is not None and delimiter != dialect.delimiter:
        body = body.replace(dialect.delimiter, delimiter)
    quote = dialect.quote if dialect.quote and dialect.quote in text else None
    return used, Clean(body, delimiter, quote, len(whole) - len(blank))


def _whole_records(text: bytes, data: Bytes, ends: Positions, dialect: Dialect, *, final: bool) -> Positions | None:
    """The ends of records, where the text can be parsed as it stands; None where it must be mended."""
    if (dialect.escape and dialect.escape in text) or text.startswith(_MARK):
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


def _blank_lines(text: bytes, data: Bytes, ends: Positions, dialect: Dialect) -> Flags:
    """Which lines hold nothing; of several columns, spaces are nothing as well."""
    starts = np.concatenate([[0], ends[:-1]])
    first = data[starts]
    blank: Flags = (first == LF) | (first == CR)
    if dialect.fields > 1:
        delimiter = (dialect.delimiter or b"")[:1]
        for line in np.flatnonzero((first == ord(" ")) | (first == ord("\t"))).tolist():
            words = text[starts[line] : ends[line]]
            blank[line] = not words.strip() and delimiter not in words
    return blank


def _without(text: bytes, ends: Positions, lines: list[int]) -> bytes:
    if not lines:
        return text
    starts = [0, *ends.tolist()]
    pieces, at = [], 0
    for line in lines:
        pieces.append(text[at : starts[line]])
        at = starts[line + 1]
    return b"".join([*pieces, text[at:]])


def _parsed_delimiter(text: bytes, dialect: Dialect) -> bytes:
    if dialect.delimiter is not None and len(dialect.delimiter) == 1:
        return dialect.delimiter
    return next(byte for byte in _PRIVATE if byte not in text)


def _mend(  # noqa: PLR0917 - the text, how it is written, and the two tallies
    text: bytes,
    data: Bytes,
    ends: Positions,
    dialect: Dialect,
    tally: Counter[str],
    rejected: Counter[str],
    *,
    final: bool,
) -> tuple[int, Clean]:
    """Lines that are records stay; the others are read one at a time, and written clean or rejected."""
    grammar = Grammar(dialect.delimiter, dialect.quote, dialect.escape)
    delimiter = _parsed_delimiter(text, dialect)
    quote = dialect.quote or next(byte for byte in _PRIVATE if byte not in text and byte != delimiter)
    blank = _blank_lines(text, data, ends, dialect)
    special = blank | _suspects(text, data, ends, dialect)
    starts = [0, *ends.tolist()]
    pieces: list[bytes] = []
    line = records = blanks = 0
    last = len(ends)
    bad: Counter[str] = Counter()
    for at in [*np.flatnonzero(special).tolist(), len(ends)]:
        if at < line:
            continue
        if at > line:
            run = text[starts[line] : starts[at]]
            pieces.append(
                run
                if delimiter == dialect.delimiter or not dialect.delimiter
                else run.replace(dialect.delimiter, delimiter)
            )
            records += at - line
            line = at
        if at == len(ends):
            break
        if blank[at]:
            blanks, line = blanks + 1, at + 1
            continue
        reach = min(at + MAX_LINES, len(ends))
        record = grammar.record(text[starts[at] : starts[reach]])
        if record.trouble == "unclosed quote" and not final and reach - at < MAX_LINES:
            last = at
            break
        lines, trouble = _judged(record, text, starts, at, reach, grammar, dialect)
        line = at + lines
        if trouble:
            bad[trouble] += 1
        else:
            fields = (quote + field.replace(quote, quote * 2) + quote for field in record.fields)
            pieces.append(delimiter.join(fields) + b"\n")
            records += 1
    rejected.update(bad)
    tally["blank"] += blanks
    tally["physical"] += records + blanks + bad.total()
    return starts[max(last, line) if last == len(ends) else last], Clean(b"".join(pieces), delimiter, quote, records)


def _suspects(text: bytes, data: Bytes, ends: Positions, dialect: Dialect) -> Flags:
    """Lines that are not surely complete records."""
    flags = np.zeros(len(ends), dtype=bool)
    flags[0] = text.startswith(_MARK)
    several = dialect.delimiter is not None and len(dialect.delimiter) > 1
    if dialect.quote is not None and not several:
        flags |= troubled_lines(data, ends, dialect.quote[0], dialect.delimiter[0] if dialect.delimiter else None)
    for mark in (dialect.quote if several else None, dialect.escape):
        if mark is not None:
            flags[np.searchsorted(ends, np.flatnonzero(data == mark[0]), side="right")] = True
    return flags


def _judged(  # noqa: PLR0917 - the text, how it is written, and the two tallies
    record: Record, text: bytes, starts: list[int], at: int, reach: int, grammar: Grammar, dialect: Dialect
) -> tuple[int, str]:
    """How many lines a record takes, and why it is rejected, "" where it is not.

    Where a quoted field swallowed lines, the record has not the right number of fields, and one of these lines would
    be a record by itself, the quote was a stray one: its line alone is rejected.
    """
    if record.trouble:
        return 1, record.trouble
    lines = bisect_left(starts, starts[at] + record.end, at + 1, reach) - at
    if len(record.fields) == dialect.fields:
        return lines, ""
    for below in range(at + 1, at + lines):
        alone = grammar.record(text[starts[below] : starts[below + 1]])
        if not alone.trouble and len(alone.fields) == dialect.fields:
            return 1, "unclosed quote"
    return lines, _count_reason(len(record.fields), dialect.fields)


def _count_reason(fields: int, expected: int) -> str:
    return "too few fields" if fields < expected else "too many fields"


def _parse(chunk: Clean, dialect: Dialect) -> tuple[pa.Table, Counter[str]]:
    """The rows of clean text, and the records that have not the right number of fields."""
    bad: Counter[str] = Counter()

    def skip(row: arrow_csv.InvalidRow) -> str:
        bad[_count_reason(row.actual_columns, row.expected_columns)] += 1
        return "skip"

    names = [*dialect.names, _SPARE] if dialect.trailing else list(dialect.names)
    table = arrow_csv.read_csv(
        pa.BufferReader(chunk.text),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(chunk.text) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=chunk.delimiter.decode(),
            quote_char=chunk.quote.decode() if chunk.quote else False,
            newlines_in_values=chunk.quote is not None,
            invalid_row_handler=skip,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )
    if dialect.trailing:
        empty = pc.equal(table.column(_SPARE), "")
        over = table.num_rows - (pc.sum(empty).as_py() or 0)
        if over:
            bad["too many fields"] += over
            table = table.filter(empty)
        table = table.drop_columns([_SPARE])
    return table, bad
