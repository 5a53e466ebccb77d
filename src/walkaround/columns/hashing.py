"""Hashes of values: 64 bits, seeded, the same for values that mean the same. Never reversible to a short list by eye,
but not secret either: they stay out of git, reports and logs, and are seeded with a secret where they are stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

VERSION: Final = f"splitmix64/2 polars/{pl.__version__}"
"""Names the hash. States of unlike versions are not merged: Polars does not promise that its hash of text stays."""
EXACT: Final = 2**53
"""Whole numbers up to this size are the same as integers and as floats, and hash alike."""
_GOLDEN: Final = 0x9E3779B97F4A7C15
_M1: Final = np.uint64(0xBF58476D1CE4E5B9)
_M2: Final = np.uint64(0x94D049BB133111EB)
_S1, _S2, _S3 = np.uint64(30), np.uint64(27), np.uint64(31)
_BLOCK: Final = 1 << 14
"""Hashes that are mixed at once: 128 KiB, which stay near the processor through the seven steps."""


def mix(bits: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea and Flood, 2014), over an array."""
    start = np.uint64(_GOLDEN * (seed * 2 + 1) % 2**64)
    mixed = np.empty(len(bits), np.uint64)
    spare = np.empty(min(len(bits), _BLOCK), np.uint64)
    for low in range(0, len(bits), _BLOCK):
        block = mixed[low : low + _BLOCK]
        shifted = spare[: len(block)]
        np.add(bits[low : low + _BLOCK], start, out=block)
        for shift, factor in ((_S1, _M1), (_S2, _M2)):
            np.right_shift(block, shift, out=shifted)
            np.bitwise_xor(block, shifted, out=block)
            np.multiply(block, factor, out=block)
        np.right_shift(block, _S3, out=shifted)
        np.bitwise_xor(block, shifted, out=block)
    return mixed


def of_texts(texts: pl.Series, seed: int) -> NDArray[np.uint64]:
    """Hashes of texts without nulls."""
    return texts.hash(seed).to_numpy()


def of_numbers(numbers: NDArray[np.float64], seed: int) -> NDArray[np.uint64]:
    """Hashes of numbers; negative zero is zero, and one NaN is as another."""
    plain = numbers + 0.0
    plain[np.isnan(plain)] = np.nan
    return mix(plain.view(np.uint64), seed)


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


def combined(columns: Sequence[NDArray[np.uint64]], rows: int) -> NDArray[np.uint64]:
    """One hash for each row, (rows,), of the hashes of its columns, (rows,) each.

    A sum with one odd factor for each place (multilinear hashing: Carter and Wegman, 1979): columns that change places
    change it, and as the hashes are mixed already, rows that differ agree once in 2 ** 64 pairs.
    """
    total = np.zeros(rows, np.uint64)
    spare = np.empty(min(rows, _BLOCK), np.uint64)
    factors = [np.uint64(_GOLDEN * (2 * place + 1) % 2**64) for place in range(len(columns))]
    for low in range(0, rows, _BLOCK):
        block = total[low : low + _BLOCK]
        scaled = spare[: len(block)]
        for hashes, factor in zip(columns, factors, strict=True):
            np.multiply(hashes[low : low + _BLOCK], factor, out=scaled)
            np.add(block, scaled, out=block)
    return mix(total, len(columns))
