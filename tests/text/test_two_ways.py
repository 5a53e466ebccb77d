"""The fast way and the exact one say the same of any text."""

from __future__ import annotations

from collections import Counter
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.mending import mend
from walkaround.connectors.delimited.reading import _clean, _parse
from walkaround.connectors.delimited.structure import line_ends

PIECES = (
    "a",
    "b ",
    " ",
    ",",
    ",",
    '"',
    '"',
    '",',
    ',"',
    ', "',
    '" ,',
    "\n",
    '"\n',
    '\n"',
    "\r\n",
    "\\",
    '\\"',
    "\\\\",
    '""',
)
WELL = ('"a"', "b", '"a\\"b"', '"\\\\"', '"x, y"', '"a\nb"', "c d", '""', "", '" "', '"a""b"', "\\x", '"a\\\\\\"b"')
FORMS = list(product((None, b"\\"), (False, True), (False, True)))


def accounted(text: bytes, dialect: Dialect, *, exact: bool) -> tuple[list[Any], Counter[str], Counter[str]]:
    """Rows, counts and rejects of a whole text."""
    tally, rejected = Counter[str](), Counter[str]()
    if exact:
        data = np.frombuffer(text, dtype=np.uint8)
        _, chunk = mend(text, data, line_ends(data), dialect, tally, rejected, final=True)
    else:
        used, chunk = _clean(text, dialect, tally, rejected, final=True)
        assert not text[used:].strip(b" ")
    if not chunk.records:
        return [], tally, rejected
    table, bad = _parse(chunk, dialect)
    assert table.num_rows + bad.total() == chunk.records
    return table.to_pylist(), tally, rejected + bad


@pytest.mark.parametrize(("escape", "padded", "nulls"), FORMS)
def test_any_text_is_read_alike_in_both_ways(escape: bytes | None, padded: bool, nulls: bool) -> None:  # noqa: FBT001 - drawn
    """Quotes, escapes, spaces and line ends in any order: the same rows, rejects and blank lines both ways."""
    dialect = Dialect(b",", b'"', escape, 2, ("x", "y"), padded=padded, nulls=nulls)
    for seed in range(1000):
        chance = Random(seed)
        if seed % 2:
            text = "".join(chance.choices(PIECES, k=chance.randint(1, 14)))
        else:
            pads = ["", "", " ", "  "] if padded else [""]
            row = [chance.choice(pads) + chance.choice(WELL) + chance.choice(pads) for _ in range(12)]
            text = "".join(f"{left},{right}\n" for left, right in zip(row[::2], row[1::2], strict=True))
        raw = text.encode()
        assert accounted(raw, dialect, exact=False) == accounted(raw, dialect, exact=True), (seed, text)
