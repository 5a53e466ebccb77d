"""How fast delimited text is read, by how it is written: plain, quoted, escaped, padded, in an old encoding, packed.

    python benchmarks/text_speed.py [--megabytes 200] [--rounds 3]

One table is written in each way and read whole, batch by batch, in this process; the best of the rounds is printed. The
files stand in a temporary folder and go with it.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from walkaround.connectors import open_sample
from walkaround.model.source import Source

HEADER = b"id,city,amount,day,email,flag,note,big\n"
BLOCK = 20_000
"""Rows that are drawn; the file repeats them."""


def rows(city: str, note: str) -> str:
    """A block of rows, in which `city` and `note` are written as they stand."""
    chance = Random(1)  # noqa: S311 - draws values, not keys
    return "".join(
        f"{n},{city.format(chance.choice(['Porto', 'Lyon', 'Graz', 'Zürich']))},{chance.uniform(0, 10_000):.2f},"
        f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02},user{n}@example.org,"
        f"{chance.choice(['a', 'b', ''])},"
        f"{note.format(n)},{chance.randint(0, 10**9)}\n"
        for n in range(BLOCK)
    )


WAYS: dict[str, Callable[[], bytes]] = {
    "plain": lambda: rows("{}", "note {} plain text").encode(),
    "quoted": lambda: rows('"{}, x"', '"note {} with ""quotes"" inside"').encode(),
    "escapes": lambda: rows('"{}, x"', r'"note {} with \"quotes\" inside"').encode(),
    "padded": lambda: rows(' "{}, x"', ' "note {} with ""quotes"" inside"').encode(),
    "broken": lambda: rows('"{}, x"', '"note {}"').replace('00"', '00" pipe"').encode(),
    "cp1250": lambda: rows('"{}, Łódź"', "Zażółć gęślą {}").encode("cp1250", "replace"),
    "gz": lambda: rows("{}", "note {} plain text").encode(),
}


def main() -> None:
    """Measure each way of writing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for way, block in WAYS.items():
            path = Path(folder) / "text.csv"
            made = block()
            content = HEADER + made * max(asked.megabytes * 1_000_000 // len(made), 1)
            path.write_bytes(gzip.compress(content, 1) if way == "gz" else content)
            best, read, lost = min(measured(path) for _ in range(asked.rounds))
            print(f"{way:8} {len(content) / 1e6 / best:6.0f} MB/s  {read:>9,} rows  {lost:,} rejected")


def measured(path: Path) -> tuple[float, int, int]:
    """Seconds, rows and rejects of one pass."""
    begun = time.perf_counter()
    sample = open_sample(Source("text", str(path)))
    read = sum(batch.num_rows for batch in sample.batches())
    return time.perf_counter() - begun, read, sample.records.lost


if __name__ == "__main__":
    main()
