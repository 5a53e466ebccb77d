"""Lines and quotes of a chunk of text, found with NumPy: what is clean by the rules of `records`, and what is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LF, CR = 10, 13


def line_ends(text: Bytes) -> Positions:
    """The position just past each line end (LF, CR LF or CR), and the end of the text where its last line has none."""
    ends = np.flatnonzero(text == LF)
    returns = np.flatnonzero(text == CR)
    if len(returns):
        following = text[np.minimum(returns + 1, len(text) - 1)]
        alone = returns[(following != LF) | (returns + 1 == len(text))]
        ends = np.union1d(ends, alone) if len(alone) else ends
    ends = ends + 1
    if len(text) and (not len(ends) or ends[-1] != len(text)):
        ends = np.append(ends, len(text))
    return ends.astype(np.int64)


def clean_quotes(text: Bytes, quotes: Positions, inside: Flags, delimiter: int | None) -> Flags:
    """Which quotes stand where the rules want them: `inside` says for each whether a quoted field is open before it.

    An opener follows a delimiter, a line end or nothing; or is the second of a doubled pair. A closer is followed by
    a delimiter, a line end or nothing; or is the first of a doubled pair.
    """
    quote = text[quotes[0]] if len(quotes) else 0
    before = np.where(quotes > 0, text[np.maximum(quotes - 1, 0)], LF)
    after = np.where(quotes + 1 < len(text), text[np.minimum(quotes + 1, len(text) - 1)], LF)
    paired = np.zeros(len(quotes), dtype=bool)
    paired[1:] = (np.diff(quotes) == 1) & inside[:-1] & ~inside[1:]
    opens = paired | _borders(before, delimiter)
    closes = _borders(after, delimiter) | (after == quote)
    return np.where(inside, closes, opens)


def _borders(beside: Bytes, delimiter: int | None) -> Flags:
    at_line = (beside == LF) | (beside == CR)
    flags: Flags = at_line if delimiter is None else at_line | (beside == delimiter)
    return flags


def troubled_lines(text: Bytes, ends: Positions, quote: int, delimiter: int | None) -> Flags:
    """Which physical lines are no complete record by themselves, if each began outside of quotes."""
    quotes = np.flatnonzero(text == quote)
    flags = np.zeros(len(ends), dtype=bool)
    if not len(quotes):
        return flags
    line = np.searchsorted(ends, quotes, side="right")
    first = np.searchsorted(line, line, side="left")
    inside = (np.arange(len(quotes)) - first) % 2 == 1
    flags[line[~clean_quotes(text, quotes, inside, delimiter)]] = True
    flags |= np.bincount(line, minlength=len(ends)) % 2 == 1
    return flags


def record_ends(text: Bytes, ends: Positions, quote: int, delimiter: int | None, max_lines: int) -> Positions | None:
    """The ends of records where every quote of the text is clean and no record is over `max_lines`; None otherwise.

    A record that the text does not finish has no end.
    """
    quotes = np.flatnonzero(text == quote)
    if not len(quotes):
        return ends
    inside = np.arange(len(quotes)) % 2 == 1
    if not clean_quotes(text, quotes, inside, delimiter).all():
        return None
    outside = np.searchsorted(quotes, ends) % 2 == 0
    closed = np.flatnonzero(outside)
    spans = np.diff(closed, prepend=-1, append=len(ends) - 1)
    return ends[closed] if int(spans.max(initial=0)) <= max_lines else None


def field_counts(text: Bytes, ends: Positions, delimiter: int, quote: int | None) -> Positions:
    """Delimiters outside of quotes for each line, lines with an odd number of quotes left out."""
    delimiters = np.flatnonzero(text[: ends[-1]] == delimiter)
    lines = np.searchsorted(ends, delimiters, side="right")
    if quote is None:
        return np.bincount(lines, minlength=len(ends))
    quotes = np.flatnonzero(text == quote)
    starts = np.concatenate([[0], ends[:-1]])
    before_line = np.searchsorted(quotes, starts)
    outside = (np.searchsorted(quotes, delimiters) - before_line[lines]) % 2 == 0
    counts = np.bincount(lines[outside], minlength=len(ends))
    odd = (np.searchsorted(quotes, ends) - before_line) % 2 == 1
    even: Positions = counts[~odd]
    return even
