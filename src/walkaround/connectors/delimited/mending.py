"""Mending: lines that are records by themselves stay, the others are read one at a time and written clean."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import numpy as np

from walkaround.connectors.delimited.clean import MARK, PRIVATE, Clean, blank_lines, count_reason, parsed_delimiter
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.records import MAX_LINES, Grammar, Record
from walkaround.connectors.delimited.structure import Bytes, Flags, Positions, troubled_lines


def mend(  # noqa: PLR0917 - the text, how it is written, and the two tallies
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
    grammar = dialect.grammar
    delimiter = parsed_delimiter(text, dialect)
    quote = dialect.quote or next(byte for byte in PRIVATE if byte not in text and byte != delimiter)
    blank = blank_lines(text, data, ends, dialect)
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
            pieces.append(delimiter.join(_clean_fields(record, quote)) + b"\n")
            records += 1
    rejected.update(bad)
    tally["blank"] += blanks
    tally["physical"] += records + blanks + bad.total()
    return starts[max(last, line) if last == len(ends) else last], Clean(b"".join(pieces), delimiter, quote, records)


def _clean_fields(record: Record, quote: bytes) -> list[bytes]:
    """The fields in quotes, but for the empty ones that have none; in one column that would be a blank line."""
    alone = len(record.fields) == 1
    return [
        b"" if bare and not field and not alone else quote + field.replace(quote, quote * 2) + quote
        for field, bare in zip(record.fields, record.bare, strict=True)
    ]


def _suspects(text: bytes, data: Bytes, ends: Positions, dialect: Dialect) -> Flags:
    """Lines that are not surely complete records."""
    flags = np.zeros(len(ends), dtype=bool)
    flags[0] = text.startswith(MARK)
    several = dialect.padded or (dialect.delimiter is not None and len(dialect.delimiter) > 1)
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
    return lines, count_reason(len(record.fields), dialect.fields, text[starts[at] : starts[at + 1]])
