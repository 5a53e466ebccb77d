"""INT002: rows that point to rows of another table that are not there."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Walk = Callable[..., "subprocess.CompletedProcess[str]"]
YAML = """\
version: 1
project: {name: shop}
sources:
  crm: {uri: "sqlite:///crm.db", tables: [customers, orders], pilot: "{table}.csv"}
"""


def orphans(walk: Walk, folder: Path, points_to: list[int], declared: str = "") -> dict[str, Any]:
    """The outcome of orders that point to these customers, of whom there are 1 to 1,000."""
    with closing(sqlite3.connect(folder / "crm.db")) as connection:
        connection.execute("CREATE TABLE customers (customer_id INTEGER PRIMARY KEY)")
        connection.execute(f"CREATE TABLE orders (number INTEGER, customer_id INTEGER {declared})")
        connection.executemany("INSERT INTO customers VALUES (?)", [(n,) for n in range(1, 1001)])
        connection.executemany("INSERT INTO orders VALUES (?, ?)", list(enumerate(points_to)))
        connection.commit()
    (folder / "customers.csv").write_text("customer_id\n" + "\n".join(map(str, range(1, 1001))))
    (folder / "orders.csv").write_text("number,customer_id\n" + "\n".join(f"{n},{n}" for n in range(1, 1001)))
    (folder / "walkaround.yaml").write_text(YAML)
    assert walk("baseline", "freeze", "--quiet").returncode == 0
    run = json.loads(walk("check", "--format", "json").stdout)
    (outcome,) = (each for each in run["outcomes"] if each["code"] == "INT002")
    return dict(outcome)


@pytest.mark.parametrize(
    ("missing", "status"), [(0, "pass"), (1, "pass"), (30, "fail")], ids=["none", "one of a thousand", "three per cent"]
)
def test_orphans_of_whole_tables_are_counted(walk: Walk, tmp_path: Path, missing: int, status: str) -> None:
    """A tenth of a point is let pass, more fails; the count is exact where both tables were read whole."""
    found = orphans(walk, tmp_path, [*range(1, 1001 - missing), *range(5000, 5000 + missing + 1)][:1000])
    assert (found["outcome"], found["rows"], found["basis"]) == (status, 1000, "exact")


@pytest.mark.parametrize(("declared", "weight"), [("REFERENCES customers", "blocker"), ("", "warning")])
def test_only_a_declared_relation_blocks(walk: Walk, tmp_path: Path, declared: str, weight: str) -> None:
    """Five per cent of orphans block where the database says that there may be none; a guess from names warns."""
    found = orphans(walk, tmp_path, [*range(1, 951), *range(5000, 5050)], declared)
    assert (found["outcome"], found["severity"], found["count"], found["columns"]) == (
        "fail", weight, 50, ["customer_id"],
    )  # fmt: skip
