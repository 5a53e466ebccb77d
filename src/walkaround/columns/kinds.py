"""Kinds: what a text reads as, told from its mask where that is enough, and from the text where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from walkaround.columns.words import FALSE_WORDS, TRUE_WORDS, word_masks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from walkaround.columns.shapes import Masks

KINDS: Final = (
    "text", "integer", "decimal", "boolean", "date", "datetime", "time", "uuid", "email", "url", "json",
)  # fmt: skip
"""Everything that a value can read as; the order is that of the codes and never changes."""

_UUID: Final = r"^\{?[9Aa]{8}-[9Aa]{4}-[9Aa]{4}-[9Aa]{4}-[9Aa]{12}\}?$"
_EMAIL: Final = r"^[9Aaw\x01._%+'\-]+@[9Aaw\x01\-]+(?:\.[9Aaw\x01\-]+)*\.[Aaw\x01]{2,}$"
_URL: Final = r"^(?:[Aa]{3,5}://|[Aa]{3}\.[9Aa\-]+\.[Aa]{2})[^ ]*$"
_JSON: Final = r"^\s*[\[{].*[\]}]\s*$"
_BOOLEAN_WORDS: Final = TRUE_WORDS | FALSE_WORDS


def simple_kinds(values: pl.Series, masks: Masks, present: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The kind of each value but for numbers and dates, which have readers of their own."""
    looks = masks.masks
    kinds = np.zeros(len(values), np.uint8)
    for kind, pattern in (("email", _EMAIL), ("uuid", _UUID)):
        told = looks.str.contains(pattern).to_numpy()
        kinds[masks.having(told)] = KINDS.index(kind)
    for kind, pattern, proof in (
        ("url", _URL, r"^(?i)(?:https?|ftps?|s3|gs|file|wss?)://|^(?i)www\."),
        ("json", _JSON, r'^\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:.*)?\}|\[\s*(?:[\]\[{"0-9-]|true|false|null).*)\s*$'),
    ):
        at = masks.having(looks.str.contains(pattern).to_numpy())
        if len(at):
            kinds[at[values.gather(at).str.contains(proof).to_numpy()]] = KINDS.index(kind)
    wordy = looks.str.strip_chars().str.to_lowercase().is_in(word_masks(_BOOLEAN_WORDS)).to_numpy()
    at = masks.having(wordy)
    if len(at):
        said = values.gather(at).str.strip_chars().str.to_lowercase().is_in(list(_BOOLEAN_WORDS)).to_numpy()
        kinds[at[said]] = KINDS.index("boolean")
    kinds[~present] = 0
    return kinds
