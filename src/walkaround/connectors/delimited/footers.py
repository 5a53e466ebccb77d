"""Footers: what stands below a table and is not of it, and what a cut left of the last record."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import numpy as np

from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.records import MAX_LINES
from walkaround.connectors.delimited.structure import line_ends

TAIL: Final = 4 << 10
"""Bytes kept back until the end of the file is known, so that a footer is seen whole."""

_FOOTER_LINES: Final = 10

_FOOTER: Final = re.compile(
    rb"\W*(?:grand |sub)?(?:totals?|sum|summe|gesamt|count|rows?|records?|end|eof|trailer|trl|footer)\b"
    rb"|\(?\d+ (?:rows?|records?|lines?)\b|\\\.|\xef\xbb\xbf?\x1a|\x1a|#|--",
    re.IGNORECASE,
)
"""How lines begin that stand below a table and are not of it."""


def without_ragged_end(
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
    grammar = dialect.grammar
    tail = text[-TAIL:]
    ends = line_ends(np.frombuffer(tail, dtype=np.uint8)).tolist()
    starts = [len(text) - len(tail) + start for start in ([0, *ends[:-1]] if len(tail) == len(text) else ends[:-1])]
    below, blank, footer, at = 0, 0, (0, 0), len(text)
    for start in reversed(starts[-_FOOTER_LINES:]):
        line = text[start : start + MAX_LINES * TAIL]
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
