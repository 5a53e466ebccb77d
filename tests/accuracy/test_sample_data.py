"""The sample data is what injected.toml says it is."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "sample_data"
FILES = [
    "injected.toml",
    *(f"{side}/{name}.csv" for side in ("pilot", "production") for name in ("customers", "orders")),
]
ISO = re.compile(r"\d{4}-\d\d-\d\d")
STATUSES = {"delivered", "shipped", "open", "returned"}
LEGAL_FORMS = ("GmbH", "Ltd", "Lda", "SA", "Group", "AG", "SARL", "Solutions", "LLC")


def rows(file: str) -> list[dict[str, str]]:
    with (SAMPLE / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def injected() -> dict[str, dict[str, Any]]:
    with (SAMPLE / "injected.toml").open("rb") as file:
        return {defect["name"]: defect for defect in tomllib.load(file)["defect"]}


def where(production: list[dict[str, str]], test: Any) -> list[int]:
    return [n for n, row in enumerate(production) if test(row)]


def test_made_by_the_script(tmp_path: Path) -> None:
    """The script makes these files again, byte for byte, with the standard library alone; together under 1.5 MB."""
    subprocess.run([sys.executable, "-I", "-S", SAMPLE / "make.py", tmp_path], check=True, capture_output=True)
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (SAMPLE / file).read_bytes(), file
    assert sum((SAMPLE / file).stat().st_size for file in FILES) < 1_500_000


def test_planted_in_customers(injected: dict[str, dict[str, Any]]) -> None:
    """Each defect of customers stands in the rows that are named, and in no other."""
    production = rows("production/customers.csv")
    assert len(production) == 4000
    formats = where(production, lambda row: not ISO.fullmatch(row["signup_date"]))
    assert injected["formats"]["rows"] == formats
    assert {re.sub(r"[A-Za-z]+", "Aaa", re.sub(r"\d", "9", production[n]["signup_date"])) for n in formats} == {
        "99/99/9999", "99-Aaa-9999",
    }  # fmt: skip

    def two_days(row: dict[str, str]) -> bool:
        day, slash, rest = row["signup_date"].partition("/")
        return bool(slash) and int(day) <= 12 and int(day) != int(rest[:2])

    assert injected["ambiguous"]["rows"] == where(production, two_days)
    assert injected["companies"]["rows"] == where(
        production,
        lambda row: row["name"].endswith(LEGAL_FORMS) or row["name"].endswith(tuple(map(str.upper, LEGAL_FORMS))),
    )
    assert injected["missing"]["rows"] == where(production, lambda row: row["email"] == "")
    assert injected["words"]["rows"] == where(production, lambda row: row["email"] in {"N/A", "-"})
    assert injected["sentinel"]["rows"] == where(production, lambda row: row["birth_date"] == "1900-01-01")


def test_planted_duplicates(injected: dict[str, dict[str, Any]]) -> None:
    """Copies are whole rows that stand before; near copies are not."""
    production = [tuple(row.values()) for row in rows("production/customers.csv")]
    repeated = [n for n, row in enumerate(production) if row in set(production[:n])]
    assert injected["copies"]["rows"] == injected["key"]["rows"] == repeated
    assert injected["copies"]["rate"] == pytest.approx(0.057)
    ids = Counter(row[0] for row in production)
    assert sum(count - 1 for count in ids.values()) == len(repeated)
    assert len(injected["near"]["rows"]) == 120
    assert injected["near"]["covered"] is False


def test_planted_in_orders(injected: dict[str, dict[str, Any]]) -> None:
    """Each defect of orders stands in the rows that are named, and in no other."""
    production = rows("production/orders.csv")
    assert injected["thousandfold"]["rows"] == where(production, lambda row: float(row["amount"]) >= 5000)
    assert injected["status"]["rows"] == where(production, lambda row: row["status"] == "on_hold")
    assert {row["status"] for row in production} == STATUSES | {"on_hold"}


def test_renamed(injected: dict[str, dict[str, Any]]) -> None:
    """One column of customers is called otherwise, in the same place; those of orders are the same."""
    pilot, production = list(rows("pilot/customers.csv")[0]), list(rows("production/customers.csv")[0])
    assert [pair for pair in zip(pilot, production, strict=True) if pair[0] != pair[1]] == [("phone", "phone_number")]
    assert (injected["renamed"]["was"], injected["renamed"]["column"]) == ("phone", "phone_number")
    assert list(rows("pilot/orders.csv")[0]) == list(rows("production/orders.csv")[0])


def test_the_pilot_is_clean() -> None:
    """The pilot has none of it: one date format, persons, filled e-mails, keys, known categories."""
    pilot, sold = rows("pilot/customers.csv"), rows("pilot/orders.csv")
    assert (len(pilot), len(sold)) == (2000, 3000)
    assert len({row["customer_id"] for row in pilot}) == 2000
    assert len({row["order_id"] for row in sold}) == 3000
    assert {row["customer_id"] for row in sold} <= {row["customer_id"] for row in pilot}
    for row in pilot:
        datetime.fromisoformat(row["signup_date"])
        assert row["birth_date"] > "1945"
        assert "@" in row["email"]
        assert not row["name"].endswith(LEGAL_FORMS)
    assert all(5 <= float(row["amount"]) <= 900 for row in sold)
    assert {row["status"] for row in sold} == STATUSES


def test_what_is_named_adds_up(injected: dict[str, dict[str, Any]]) -> None:
    """Counts, rates and positions agree, and every planted rate is at least twice its tolerance of half a point."""
    for defect in injected.values():
        if defect["name"] != "renamed":
            assert defect["count"] == len(defect["rows"])
        assert defect["rate"] == pytest.approx(defect["count"] / defect["of"], abs=1e-4)
        assert defect["rate"] >= 0.01
        assert defect["of"] == len(rows(defect["file"]))
