"""Find a file's dialect from its first megabyte: delimiter, quote, escape, preamble, header."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from walkaround.connectors.delimited.dialect import DELIMITERS, Dialect
from walkaround.connectors.delimited.layout import BODY, first_records, is_blank, layout, usual_fields
from walkaround.connectors.delimited.records import MAX_LINES, Grammar
from walkaround.connectors.delimited.structure import Positions, field_counts, line_ends, record_ends, troubled_lines

_CLEAR: Final = 0.5
"""Share of records that must have one number of fields for a delimiter to be believed ..."""
_AGREED: Final = 0.25
"""... and what suffices where the first line has that number too."""
_RARE: Final = {b":": -0.3, b"^": -0.05, b"~": -0.05, b"||": 0.3, b"::": 0.3}
"""Colons stand in times and the like; a doubled delimiter also fits its half, with empty fields between."""
_FIRST_LINE: Final = 0.15
"""What it is worth that the first line has as many fields as the rest: the comma of "1,5;2,5" is not in the header."""
_EXACT: Final = 64 << 10
"""Bytes that delimiters are counted in record by record, where quotes or escapes are not all clean."""
_PRIVATE: Final = b"\x02"
_NO_QUOTES: Final = 3
"""So many fields that begin with a quote and do not end with one, and most of them: quotes have no meaning here."""

_ODD: Final = 4
"""Of so many fields that apostrophes wrap, one may begin with one that is a letter ("'tis")."""
_PAIR: Final = 2
_EMPTIES: Final = 2_000
"""Records that are looked at for empty fields with and without quotes."""


def sniff(text: bytes) -> Dialect:
    """The dialect of a file that begins with `text` (UTF-8, at least one whole line where the file has one)."""
    delimiter, quote = _delimiter(text)
    if quote == b'"' and _quotes_mean_nothing(text, delimiter):
        quote = None
    dialect = layout(text, _rules(text, delimiter, quote))
    return replace(dialect, nulls=_nulls(text, dialect))


def _delimiter(text: bytes) -> tuple[bytes | None, bytes | None]:
    quotes = _quotes(text)
    best: tuple[float, bytes | None, bytes] = (0.0, None, quotes[0])
    for quote in quotes:
        for delimiter in DELIMITERS:
            score = _score(text, delimiter, quote)
            if score > best[0] + 1e-9:
                best = (score, delimiter, quote)
    return best[1], best[2]


def _score(text: bytes, delimiter: bytes, quote: bytes) -> float:
    """How well a delimiter explains the records; 0.0 where not at all."""
    if delimiter not in text:
        return 0.0
    escaped = (b"\\" + delimiter) in text
    filled = None if escaped else _clean_counts(text, delimiter, quote)
    if filled is None:
        escapes = (None, b"\\") if escaped or (b"\\" + quote) in text else (None,)
        padded = (False, True) if (delimiter + b" ") in text else (False,)
        rules = [Grammar(delimiter, quote, escape, spaces) for escape in escapes for spaces in padded]
        counted = [_exact_counts(text, grammar) for grammar in rules]
        if all((counts < 0).mean() > _CLEAR for counts in counted if len(counts)):
            counted.append(_exact_counts(text, Grammar(delimiter, None, None)))  # quotes that mean nothing
        return max(_score_of(counts, delimiter) for counts in counted)
    return _score_of(filled, delimiter)


def _clean_counts(text: bytes, delimiter: bytes, quote: bytes) -> Positions | None:
    """Delimiters in each record that is not blank; None where quotes are not all as they should be."""
    single = delimiter if len(delimiter) == 1 else _PRIVATE
    data = np.frombuffer(text if single == delimiter else text.replace(delimiter, single), dtype=np.uint8)
    whole = record_ends(data, line_ends(data), quote[0], single[0], MAX_LINES)
    if whole is None or not len(whole):
        return None
    counts = field_counts(data, whole, single[0], quote[0])
    return counts[np.diff(whole, prepend=0) > 2] if len(counts) == len(whole) else counts  # noqa: PLR2004 - a line end


def _exact_counts(text: bytes, grammar: Grammar) -> Positions:
    """The same, record by record from the first lines; -1 for a record that is none."""
    records = first_records(text[:_EXACT], grammar, BODY)
    if len(text) > _EXACT and len(records) > 1:
        records.pop()
    return np.array([len(record.fields) - 1 for record in records if not is_blank(record)], dtype=np.int64)


def _score_of(filled: Positions, delimiter: bytes) -> float:
    if not (filled > 0).any():
        return 0.0
    values, firsts, sizes = np.unique(filled[filled > 0], return_index=True, return_counts=True)
    order = np.lexsort((firsts, -sizes))
    usual, share = int(values[order[0]]), float(sizes[order[0]]) / len(filled)
    agrees = int(filled[0]) == usual
    if share < (_AGREED if agrees else _CLEAR):
        return 0.0
    return share + 0.02 * min(usual, 10) + (_FIRST_LINE if agrees else 0.0) + _RARE.get(delimiter, 0.0)


def _quotes(text: bytes) -> tuple[bytes, ...]:
    """The quotes to try: an apostrophe where those that open a field close one, and more fields than `"` does.

    Where two explain the records alike the first is taken; one field in apostrophes must explain more.
    """
    if text.count(b"'") < _PAIR:
        return (b'"',)
    wrapped, open_ended = _wrapped(text, b"'")
    if not wrapped or open_ended * _ODD > wrapped or wrapped <= _wrapped(text, b'"')[0]:
        return (b'"',)
    return (b"'", b'"') if wrapped > 1 else (b'"', b"'")


def _wrapped(text: bytes, quote: bytes) -> tuple[int, int]:
    """How many fields a quote opens and closes, and how many it opens only; of whatever delimiter."""
    borders = b"[" + b"".join(re.escape(delimiter) for delimiter in DELIMITERS if len(delimiter) == 1) + b"\r\n]"
    field = b"(?:[^" + quote + rb"\\]++|" + quote * 2 + rb"|\\.)*+" + quote + b"(?= *(?:" + borders + b"|$))"
    found = re.findall(b"(?:^|(?<=" + borders + b")) *" + quote + b"(" + field + b")?", text, re.DOTALL)
    return sum(map(bool, found)), found.count(b"")


def _quotes_mean_nothing(text: bytes, delimiter: bytes | None) -> bool:
    if b'"' not in text or delimiter is None or len(delimiter) > 1:
        return False
    data = np.frombuffer(text, dtype=np.uint8)
    ends = line_ends(data)
    if record_ends(data, ends, ord('"'), delimiter[0], MAX_LINES) is not None:
        return False
    troubled = np.flatnonzero(troubled_lines(data, ends, ord('"'), delimiter[0]))
    opened = text.count(delimiter + b'"') + text.count(b'\n"') + text.startswith(b'"')
    closed = text.count(b'"' + delimiter) + text.count(b'"\n') + text.count(b'"\r')
    return len(troubled) >= _NO_QUOTES and opened >= _NO_QUOTES and closed * 2 < opened


def _rules(text: bytes, delimiter: bytes | None, quote: bytes | None) -> Grammar:
    r"""With the backslash as escape, and spaces around quoted fields, where records that hold such come out better.

    A backslash must earn its meaning (`C:\temp`); spaces around quotes need no more than to do no harm.
    """
    marks = [mark for mark in (quote, delimiter) if mark]
    escaped = [line for line in _lines(text) if any(b"\\" + mark in line for mark in marks)][:BODY]
    beside = _beside_quotes(delimiter, quote)
    spaced = [line for line in _lines(text) if beside.search(line)][:BODY] if beside else []
    lines = [*escaped, *(line for line in spaced if line not in escaped)]
    options = [
        Grammar(delimiter, quote, escape, padded)
        for padded in ((True, False) if spaced else (False,))
        for escape in ((None, b"\\") if escaped else (None,))
    ]
    return max(options, key=lambda grammar: _fit_of(text, lines, grammar)) if lines else options[0]


def _lines(text: bytes) -> list[bytes]:
    return text.splitlines(keepends=True)


def _beside_quotes(delimiter: bytes | None, quote: bytes | None) -> re.Pattern[bytes] | None:
    """What a line holds that has spaces between a quote and a delimiter or a line end."""
    if delimiter is None or quote is None:
        return None
    mark, sign = re.escape(delimiter), re.escape(quote)
    return re.compile(mark + b" +" + sign + b"|^ +" + sign + b"|" + sign + b" +(?:" + mark + b"|\r?\n?$)")


def _nulls(text: bytes, dialect: Dialect) -> bool:
    """Whether empty fields stand with quotes and without in one file, as where one of them is to say null."""
    if dialect.delimiter is None or dialect.quote is None or dialect.quote * 2 not in text:
        return False
    records = first_records(text[dialect.start :], dialect.grammar, _EMPTIES)
    places = dialect.fields - dialect.trailing
    empties = {
        bare
        for record in records
        if len(record.fields) == dialect.fields
        for field, bare in zip(record.fields[:places], record.bare, strict=False)
        if not field
    }
    return len(empties) > 1


def _fit_of(text: bytes, lines: list[bytes], grammar: Grammar) -> int:
    """How well a grammar fits: how many of the first records are like most, the header among them, and how many of
    `lines` are.
    """
    records = first_records(text, grammar, BODY)
    usual = usual_fields(records)
    alike = sum(len(record.fields) == usual and not is_blank(record) for record in records)
    return alike + sum(_fits(grammar, line, usual) for line in lines)


def _fits(grammar: Grammar, line: bytes, usual: int) -> bool:
    record = grammar.record(line)
    return not record.trouble and len(record.fields) == usual
