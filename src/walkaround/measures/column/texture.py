"""The texture of texts: case, white space, and damage from wrong encodings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from walkaround.columns import Column
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

DAMAGE: Final = r"\u{FFFD}|[\u{C2}\u{C3}][\u{80}-\u{BF}]|\u{E2}\u{20AC}|[\u{80}-\u{9F}]"
"""A replacement character, UTF-8 that was read as Latin-1 or cp1252 ("Ã©", "â€™"), or a control of the C1 range."""
SIGNS: Final = ("padded", "doubled", "control", "damaged", "upper", "lower", "mixed")


@dataclass(frozen=True, slots=True)
class Texture(Measure[Column]):
    """Counts of non-missing rows: `padded` begin or end with white space, `doubled` have two spaces in a row, `control`
    hold control characters, `damaged` look wrongly decoded; `upper`, `lower` and `mixed` are the cases of those that
    have letters.
    """

    rows: int = 0
    padded: int = 0
    doubled: int = 0
    control: int = 0
    damaged: int = 0
    upper: int = 0
    lower: int = 0
    mixed: int = 0

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Only text has a texture."""
        del spec
        return kind == "text"

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        text = view.text
        weights = text.mask_weights
        chosen = {sign: int(weights[of_mask].sum()) for sign, of_mask in masks_with(view).items()}
        return cls(rows=int(weights.sum()), damaged=int(text.weights[damaged(view)].sum()), **chosen)

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def facts(self) -> Iterable[Fact]:
        """One `<sign>_rate` each, of non-missing rows."""
        for sign in SIGNS:
            yield Fact.rate(f"{sign}_rate", (), getattr(self, sign), self.rows)


def masks_with(view: Column) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """For each sign that a mask shows, which of the column's distinct masks show it, (masks,)."""
    masks = view.text.masks.masks
    up, down = masks.str.contains("A", literal=True).to_numpy(), masks.str.contains("a", literal=True).to_numpy()
    return {
        "padded": masks.str.contains(r"^[ \t\r\n]|[ \t\r\n]$").to_numpy(),
        "doubled": masks.str.contains("  ", literal=True).to_numpy(),
        "control": masks.str.contains(r"[\x00\x02-\x08\x0b\x0c\x0e-\x1f\x7f]").to_numpy(),
        "upper": up & ~down,
        "lower": down & ~up,
        "mixed": up & down,
    }


def damaged(view: Column) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which values look wrongly decoded, (m,)."""
    text = view.text
    found = np.zeros(len(text.weights), np.bool_)
    at = text.masks.having(text.masks.masks.str.contains("w", literal=True).to_numpy())
    at = at[text.present[at]]
    if len(at):
        found[at] = text.series.gather(at).str.contains(DAMAGE).to_numpy()
    return found


MEASURE: Final = Texture
