"""plan, doctor, and sources that are many tables: what is said before a row is read."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Walk = Callable[..., "subprocess.CompletedProcess[str]"]

YAML = """\
version: 1
project: {name: shop}
sources:
  crm:
    uri: sqlite:///crm.db
    tables: ["*"]
    exclude: ["*_old"]
    pilot: pilot/{table}.csv
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A database of three tables, one of which is left out, and pilots of the other two."""
    with closing(sqlite3.connect(tmp_path / "crm.db")) as connection:
        for table in ("customers", "orders", "orders_old"):
            connection.execute(f"CREATE TABLE {table} (id INTEGER, amount REAL)")
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(n, n / 7) for n in range(500)])  # noqa: S608
        connection.commit()
    (tmp_path / "pilot").mkdir()
    rows = "".join(f"{n},{n / 7}\n" for n in range(400))
    for table in ("customers", "orders"):
        (tmp_path / "pilot" / f"{table}.csv").write_text(f"id,amount\n{rows}")
    (tmp_path / "walkaround.yaml").write_text(YAML)
    return tmp_path


def test_a_schema_is_as_many_sources_as_it_has_tables(walk: Walk, shop: Path) -> None:
    """Each table that matches is frozen, checked and reported under its own name; what is excluded is not touched."""
    assert walk("baseline", "freeze", "--quiet").returncode == 0
    told = walk("check", "--format", "json")
    run = json.loads(told.stdout)
    assert [source["name"] for source in run["sources"]] == ["crm.customers", "crm.orders"]
    assert {source["rows_sampled"] for source in run["sources"]} == {500}
    assert not any(source["problem"] for source in run["sources"])
    assert sorted(path.name for path in (shop / "expectations").iterdir()) == ["crm.customers", "crm.orders"]


def test_one_table_of_a_schema_is_checked_by_its_name(walk: Walk, shop: Path) -> None:
    """`check crm.orders` reads that table alone."""
    del shop
    walk("baseline", "freeze", "crm.orders", "--quiet")
    run = json.loads(walk("check", "crm.orders", "--format", "json").stdout)
    assert [source["name"] for source in run["sources"]] == ["crm.orders"]


def test_patterns_that_nothing_matches_are_not_assessed(walk: Walk, shop: Path) -> None:
    """Nothing read is never ready: exit 3, and the patterns are named."""
    (shop / "walkaround.yaml").write_text(YAML.replace('["*"]', "[public.*]"))
    told = walk("check")
    assert told.returncode == 3
    assert "none of its 3 tables matches public.*" in told.stdout


def test_plan_says_what_would_be_read_and_reads_nothing(walk: Walk, shop: Path) -> None:
    """A plan names every table, its rows and the statement that would read it; no run is remembered."""
    told = json.loads(walk("plan", "--format", "json").stdout)
    assert [plan["source"] for plan in told["plans"]] == ["crm.customers", "crm.orders"]
    assert {plan["rows_total"] for plan in told["plans"]} == {500}
    assert 'SELECT "id", "amount" FROM "orders"' in " ".join(told["plans"][1]["was_sent"])
    assert not (shop / ".walkaround" / "history.duckdb").exists()


def test_plan_goes_on_where_one_source_cannot_be_planned(walk: Walk, shop: Path) -> None:
    """The problem is told beside the plans of the others, and the exit code is 3."""
    (shop / "walkaround.yaml").write_text(f"{YAML}  gone: {{uri: gone.csv}}\n")
    told = walk("plan")
    assert told.returncode == 3
    assert "gone.csv: there is no such file" in told.stdout
    assert "crm.orders  sqlite" in told.stdout


def test_doctor_finds_a_source_that_is_gone_and_a_pilot_that_is_not_frozen(walk: Walk, shop: Path) -> None:
    """What is well is said as well; what is not comes with what to do, and exit code 3."""
    (shop / "walkaround.yaml").write_text(f"{YAML}  gone: {{uri: gone.csv}}\n")
    told = walk("doctor", "--format", "json")
    assert told.returncode == 3
    found = {(each["about"], each["state"]) for each in json.loads(told.stdout)["diagnoses"]}
    assert {("crm", "ok"), ("crm.orders", "note"), ("gone", "problem"), ("settings", "ok")} <= found


def test_doctor_is_content_where_all_is_well(walk: Walk, shop: Path) -> None:
    """Nothing stands in the way: exit code 0, and no line says problem."""
    del shop
    walk("baseline", "freeze", "--quiet")
    told = walk("doctor")
    assert told.returncode == 0, told.stdout
    assert "problem" not in told.stdout


def test_what_is_frozen_of_a_schema_is_shown_and_exported_without_asking_it(walk: Walk, shop: Path) -> None:
    """`baseline show crm` lists the limits of each frozen table, `gx export crm.orders` those of one."""
    walk("baseline", "freeze", "--quiet")
    (shop / "crm.db").unlink()
    told = walk("baseline", "show", "crm")
    assert told.returncode == 0
    assert told.stdout.count("amount") > 4
    assert walk("gx", "export", "crm.orders", "-o", "orders.json").returncode == 0


def test_a_table_that_is_gone_is_not_assessed_and_never_vanishes(walk: Walk, shop: Path) -> None:
    """What was frozen, or is named, and is not listed any more keeps the verdict from being green; doctor says so."""
    walk("baseline", "freeze", "--quiet")
    with closing(sqlite3.connect(shop / "crm.db")) as connection:
        connection.execute("DROP TABLE orders")
        connection.commit()
    run = json.loads(walk("check", "--format", "json").stdout)
    (gone,) = (each for each in run["findings"] if each["source"] == "crm.orders")
    assert (gone["code"], gone["outcome"], gone["required"]) == ("ACC001", "not_assessed", True)
    assert gone["message"].startswith("there is no such table, or this user may not see it")
    (shop / "walkaround.yaml").write_text(YAML.replace('["*"]', "[customers, invoices]"))
    told = walk("doctor")
    assert told.returncode == 3
    assert "crm.invoices: there is no such table" in told.stdout


def test_who_looks_back_needs_no_secrets(walk: Walk, shop: Path) -> None:
    """History, report and the frozen limits are shown where no variable of the sources is set."""
    walk("baseline", "freeze", "--quiet")
    walk("check", "--quiet")
    (shop / "walkaround.yaml").write_text(YAML.replace("sqlite:///crm.db", "${SHOP_URL_THAT_IS_NOT_SET}"))
    for command in (("history",), ("report",), ("baseline", "show", "crm")):
        assert walk(*command).returncode == 0, command
    assert walk("check").returncode == 2
