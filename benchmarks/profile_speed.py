"""How long `walkaround profile` takes, beside another profiler over the same file in the same run.

    python benchmarks/profile_speed.py                             DuckDB's SUMMARIZE, 5 million rows
    python benchmarks/profile_speed.py --peer fg --fg-python PATH  fg-data-profiling (minimal), 1 million rows

Both read one Parquet file of 12 mixed columns, each in a process of its own, by turns; of each the best wall time
counts, start of the interpreter included, and the largest peak of memory. Exit code 1 where a goal is missed.
`PATH` is the interpreter of an environment that has fg-data-profiling: it is no dependency of this project.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CACHE: Final = Path(__file__).parent / ".cache"
GROUP_ROWS: Final = 500_000
"""Rows of a row group, and of what is generated at once: some 70 MB unpacked, as common writers leave them."""
SEED: Final = 7
MOST_TIMES_SUMMARIZE: Final = 3.0
MOST_MEMORY: Final = 1.5
"""GB (of 10^9 bytes) of resident memory, on 5 million rows."""
LEAST_TIMES_FG: Final = 20.0
KIB_OF_MAXRSS: Final = 1 if sys.platform == "darwin" else 1024
"""`ru_maxrss` is in bytes on macOS and in KiB elsewhere."""

FIRST: Final = ("Ana", "Bruno", "Chloé", "Dieter", "Elif", "Farid", "Grace", "Hiro", "Inês", "Jakub", "Kiran", "Lotte")
LAST: Final = ("Silva", "Costa", "Dubois", "Müller", "Öztürk", "Haddad", "Hopper", "Tanaka", "Nowak", "Rao", "O'Neill")
STATUS: Final = ("active", "paused", "closed", "trial")
HOSTS: Final = ("mail.example", "post.example.org", "corp.example", "uni.example.net")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: wall time and time of all processors in seconds, its peak of resident memory in GB."""

    seconds: float
    processors: float
    memory: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether the goals are met."""
    asked = _parser().parse_args(arguments)
    rows = asked.rows or (1_000_000 if asked.peer == "fg" else 5_000_000)
    file = CACHE / f"mixed-{rows}-{SEED}.parquet"
    if asked.make:
        make(file, rows)
        return 0
    if not file.exists():  # in a process of its own: what this one holds would count in the memory of its children
        subprocess.run([sys.executable, __file__, "--make", "--rows", str(rows)], check=True)
    peer = _fg(asked.fg_python, file) if asked.peer == "fg" else _summarize(file)
    ours = [str(Path(sysconfig.get_path("scripts")) / "walkaround"), "profile", str(file), "--sample", "full"]
    theirs, own = by_turns(peer, [*ours, "--format", "json"], asked.runs)
    print(f"{rows:,} rows x 12 columns, {file.stat().st_size / 1e6:,.0f} MB of Parquet, best of {asked.runs} by turns")
    for name, cost in ((asked.peer, theirs), ("walkaround profile", own)):
        print(f"  {name:<20}{cost.seconds:8.2f} s{cost.processors:8.2f} s of processors{cost.memory:8.2f} GB at most")
    if asked.peer == "fg":
        faster = theirs.seconds / own.seconds
        print(f"  {faster:.1f} times faster than fg-data-profiling (minimal); the goal is {LEAST_TIMES_FG:.0f}")
        return int(faster < LEAST_TIMES_FG)
    ratio = own.seconds / theirs.seconds
    print(
        f"  {ratio:.2f} times the wall time of SUMMARIZE; the goal is {MOST_TIMES_SUMMARIZE:.0f}, in {MOST_MEMORY} GB"
    )
    return int(ratio > MOST_TIMES_SUMMARIZE or own.memory > MOST_MEMORY)


def by_turns(first: Sequence[str], second: Sequence[str], runs: int) -> tuple[Cost, Cost]:
    """Run two commands by turns: least times and largest memory of each."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(runs):
        for command, seen in zip((first, second), costs, strict=True):
            seen.append(run(command))
    return _best(costs[0]), _best(costs[1])


def _best(seen: Sequence[Cost]) -> Cost:
    return Cost(min(c.seconds for c in seen), min(c.processors for c in seen), max(c.memory for c in seen))


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end, its output thrown away.

    Raises:
        SystemExit: it failed.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}\n{said.decode(errors='replace')}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB_OF_MAXRSS / 1e9)


def make(file: Path, rows: int) -> None:
    """Write the file: seeded, group by group, and only under its name once it is whole."""
    import numpy as np
    import pyarrow.parquet as pq

    CACHE.mkdir(exist_ok=True)
    random = np.random.default_rng(SEED)
    half = file.with_suffix(".half")
    writer = None
    for start in range(0, rows, GROUP_ROWS):
        table = group(random, start, min(GROUP_ROWS, rows - start))
        writer = writer or pq.ParquetWriter(half, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    half.rename(file)


def group(random: Any, start: int, rows: int) -> Any:
    """Rows of the table: three integers, three floats with nulls, four texts, a date and a timestamp."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def chosen(words: Sequence[str], weights: Sequence[float] | None = None) -> Any:
        return pa.array(words).take(pa.array(random.choice(len(words), rows, p=weights)))

    def with_nulls(values: Any, share: float) -> Any:
        return pa.array(values, mask=random.random(rows) < share)

    first, last = chosen(FIRST), chosen(LAST)
    numbers = pa.array(random.integers(0, 20_000_000, rows)).cast(pa.string())
    mail = pc.binary_join_element_wise(pc.utf8_lower(first), numbers, ".")
    days = random.integers(16_071, 20_454, rows)  # 2014 to 2025
    seconds = days * 86_400 + random.integers(0, 86_400, rows)
    cities = [f"City of {name} {place}" for name in LAST for place in range(220)]
    return pa.table(
        {
            "customer_id": pa.array(np.arange(start, start + rows)),
            "age": pa.array(random.integers(18, 95, rows).astype(np.int32)),
            "visits": pa.array(random.poisson(12, rows)),
            "amount": with_nulls(np.round(random.lognormal(4, 1, rows), 2), 0.02),
            "balance": with_nulls(np.round(random.normal(0, 5_000, rows), 2), 0.10),
            "score": with_nulls(random.random(rows), 0.30),
            "email": pc.binary_join_element_wise(mail, chosen(HOSTS), "@"),
            "name": pc.binary_join_element_wise(first, last, " "),
            "status": chosen(STATUS, (0.7, 0.1, 0.15, 0.05)),
            "city": chosen(cities),
            "signed_up": pa.array(days.astype(np.int32)).cast(pa.date32()),
            "updated_at": pa.array(seconds * 1_000_000).cast(pa.timestamp("us")),
        }
    )


def _summarize(file: Path) -> list[str]:
    code = (
        "import sys, duckdb\n"
        "duckdb.read_parquet(sys.argv[1]).create_view('mixed')\n"
        "duckdb.sql('SUMMARIZE mixed').fetchall()\n"
    )
    return [sys.executable, "-c", code, str(file)]


def _fg(python: str, file: Path) -> list[str]:
    code = (
        "import sys, pandas as pd\n"
        "from data_profiling import ProfileReport\n"
        "ProfileReport(pd.read_parquet(sys.argv[1]), minimal=True, progress_bar=False).to_html()\n"
    )
    return [python, "-c", code, str(file)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peer", choices=("summarize", "fg"), default="summarize")
    parser.add_argument("--fg-python", default=sys.executable, help="the interpreter that has fg-data-profiling")
    parser.add_argument("--rows", type=int, help="5 million by default, 1 million beside fg")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--make", action="store_true", help="write the file and measure nothing")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
