"""Hashes of values: 64 bits, seeded, the same for values that mean the same. Never reversible to a short list by eye,
but not secret either: they stay out of git, reports and logs, and are seeded with a secret where they are stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION: Final = f"splitmix64/1 polars/{pl.__version__}"
"""Names the hash. States of unlike versions are not merged: Polars does not promise that its hash of text stays."""
EXACT: Final = 2**53
"""Whole numbers up to this size are the same as integers and as floats, and hash alike."""
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_M1: Final = np.uint64(0xBF58476D1CE4E5B9)
_M2: Final = np.uint64(0x94D049BB133111EB)


def mix(bits: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood, 2014), over an array."""
    with np.errstate(over="ignore"):
        mixed = bits + _GOLDEN * np.uint64((seed * 2 + 1) % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _M1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _M2
        return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def of_texts(texts: pl.Series, seed: int) -> NDArray[np.uint64]:
    """Hashes of texts without nulls."""
    return texts.hash(seed).to_numpy()


def of_numbers(numbers: NDArray[np.float64], seed: int) -> NDArray[np.uint64]:
    """Hashes of numbers; negative zero is zero."""
    return mix((numbers + 0.0).view(np.uint64), seed)


def of_integers(integers: NDArray[np.int64] | NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Hashes of integers: as numbers where a float holds them exactly, by their bits beyond."""
    hashes = of_numbers(integers.astype(np.float64), seed)
    for large, apart in ((integers > EXACT, 1), (integers < -EXACT, 4)):
        if large.any():
            hashes[large] = mix(integers[large].view(np.uint64), seed + apart)
    return hashes


def of_days(days: NDArray[np.int32], seed: int) -> NDArray[np.uint64]:
    """Hashes of days since 1970-01-01."""
    return mix(days.astype(np.int64).view(np.uint64), seed + 2)


def combined(hashes: NDArray[np.uint64], further: NDArray[np.uint64], place: int) -> NDArray[np.uint64]:
    """The hash of a row so far with one more column."""
    with np.errstate(over="ignore"):
        return mix(hashes ^ (further + _GOLDEN * np.uint64(place + 1)), place)
