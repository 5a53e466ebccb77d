"""Make the sample data: a small CRM as a pilot knew it, and as production really is.

    python sample_data/make.py [FOLDER]

Pilot and production come from one generator, so that they differ by luck only; then the defects that `injected.toml`
names are planted in production. The same seed gives the same bytes, on every machine and Python.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

SEED = 20261121
CUSTOMERS = {"pilot": 2000, "production": 3652}
"""Production gets 228 copies and 120 near copies on top: 4,000 rows."""
ORDERS = {"pilot": 3000, "production": 6000}
COPIES, NEAR_COPIES = 228, 120
WITHOUT_PHONE = 0.03
"""Part of the customers that gave no phone, in the pilot as well: real data is never quite full."""
MONTHS = 12
FORMATS, EUROPEAN = 0.40, 0.6
"""Part of the sign-up dates in other formats, and part of those that are written day/month/year."""

FIRST = (
    "Ana", "Beatriz", "Carla", "Diana", "Elena", "Filipa", "Gabriela", "Helena", "Inês", "Joana", "Laura",
    "Marta", "Nadia", "Olga", "Paula", "Rita", "Sofia", "Teresa", "Vera", "Yasmin", "André", "Bruno", "Carlos",
    "Daniel", "Eduardo", "Fernando", "Gonçalo", "Hugo", "Ivan", "João", "Lukas", "Miguel", "Nuno", "Óscar",
    "Pedro", "Ricardo", "Simon", "Tiago", "Victor", "Walter",
)  # fmt: skip
LAST = (
    "Almeida", "Barros", "Cardoso", "Duarte", "Esteves", "Ferreira", "Gomes", "Henriques", "Jardim", "Lopes",
    "Martins", "Neves", "Oliveira", "Pereira", "Ribeiro", "Santos", "Teixeira", "Vieira", "Becker", "Fischer",
    "Hoffmann", "Keller", "Müller", "Schneider", "Weber", "Bernard", "Dubois", "Lefèvre", "Moreau", "Rousseau",
    "Bianchi", "Conti", "Ferrari", "Ricci", "Romano", "Castillo", "García", "Navarro", "Ortega", "Ruiz",
)  # fmt: skip
DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
COUNTRIES = {"PT": 30, "ES": 22, "DE": 18, "FR": 14, "IT": 10, "NL": 6}
CALLING = {"PT": "351", "ES": "34", "DE": "49", "FR": "33", "IT": "39", "NL": "31"}
SEGMENTS = {"consumer": 62, "business": 27, "partner": 11}
STREETS = ("Rua Nova", "Calle Mayor", "Hauptweg", "Rue Haute", "Via Roma", "Dorpsweg", "Rua do Porto", "Calle Real")
CURRENCIES = {"EUR": 88, "USD": 8, "CHF": 4}
STATUSES = {"delivered": 71, "shipped": 15, "open": 8, "returned": 6}
COMPANIES = (
    "{} Logistics GmbH", "{} Trading Ltd", "{} Construction Lda", "{} Foods SA", "{} Consulting Group",
    "{} Industries AG", "{} Transport SARL", "{} Energy Solutions", "{} Textiles Lda", "{} Partners LLC",
)  # fmt: skip


@dataclass
class Row:
    """One record, and the names of the defects planted in it."""

    values: dict[str, str]
    planted: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Defect:
    """What is planted: where, what should find it, and what else may follow from it on the same column."""

    name: str
    file: str
    column: str
    code: str
    words: str
    also: tuple[str, ...] = ()
    covered: bool = True
    when: str = ""


DEFECTS = (
    Defect("formats", "customers", "signup_date", "FMT001",
           "Dates in three formats: 2024-04-03 as in the pilot, 03/04/2024 and 03-Apr-2024.",
           ("FMT003", "FMT005", "SCH003", "CAT001", "DRF001")),
    Defect("ambiguous", "customers", "signup_date", "FMT002",
           "Of the dates like 03/04/2024, those that read both ways, as two different days."),
    Defect("companies", "customers", "name", "SEM001",
           "Companies among the persons.", ("FMT003", "FMT005", "FMT006", "CAT001")),
    Defect("missing", "customers", "email", "MIS001", "E-mails that are empty."),
    Defect("words", "customers", "email", "MIS002", 'E-mails that say "N/A" or "-".',
           ("FMT003", "FMT005", "SCH003", "CAT001")),
    Defect("sentinel", "customers", "birth_date", "MIS003",
           "Birth dates that are 1900-01-01.", ("MIS002", "OUT001", "OUT003", "DRF001")),
    Defect("copies", "customers", "", "DUP002", "Whole customers that repeat an earlier row."),
    Defect("key", "customers", "customer_id", "DUP001",
           "The same rows: their customer_id repeats as well.", when="customer_id is declared as the key"),
    Defect("near", "customers", "", "DUP003",
           "Customers entered a second time under a new customer_id, the name spelt otherwise.", covered=False),
    Defect("renamed", "customers", "phone_number", "SCH004",
           "The column phone is called phone_number.", ("SCH001", "SCH002")),
    Defect("thousandfold", "orders", "amount", "OUT002",
           "Amounts a thousand times too large.", ("OUT001", "FMT003", "FMT005", "DRF001")),
    Defect("status", "orders", "status", "CAT001",
           "A new category, on_hold.", ("FMT003", "FMT005", "DRF001")),
)  # fmt: skip


def customers(random: Random, ids: Iterator[int], rows: int) -> list[Row]:
    """Customers as the process makes them, before anything goes wrong."""
    return [Row(_customer(random, next(ids))) for _ in range(rows)]


def _customer(random: Random, number: int) -> dict[str, str]:
    first, last = random.choice(FIRST), random.choice(LAST)
    country = _weighted(random, COUNTRIES)
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower()).encode("ascii", "ignore").decode()
    return {
        "customer_id": f"C{number:06}",
        "name": f"{first} {last}",
        "email": f"{plain}{random.randrange(10, 1000)}@{random.choice(DOMAINS)}",
        "phone": f"+{CALLING[country]} {random.randrange(10**8, 10**9)}" if random.random() >= WITHOUT_PHONE else "",
        "birth_date": _day(random, date(1946, 1, 1), date(2006, 1, 1)),
        "signup_date": _day(random, date(2021, 1, 1), date(2026, 7, 1)),
        "country": country,
        "segment": _weighted(random, SEGMENTS),
        "address": f"{random.choice(STREETS)} {random.randrange(1, 200)}",
    }


def orders(random: Random, ids: Iterator[int], rows: int, buyers: Sequence[Row]) -> list[Row]:
    """Orders of these customers, before anything goes wrong."""
    return [Row(_order(random, next(ids), random.choice(buyers))) for _ in range(rows)]


def _order(random: Random, number: int, buyer: Row) -> dict[str, str]:
    quantity = 1 + min(int(random.expovariate(0.7)), 11)
    return {
        "order_id": f"O{number:07}",
        "customer_id": buyer.values["customer_id"],
        "order_date": _day(random, date(2024, 1, 1), date(2026, 7, 1)),
        "amount": f"{min(max(random.lognormvariate(4.2, 0.7), 5), 900):.2f}",
        "currency": _weighted(random, CURRENCIES),
        "quantity": str(quantity),
        "status": _weighted(random, STATUSES),
    }


def spoil_customers(random: Random, rows: list[Row], ids: Iterator[int]) -> list[Row]:
    """Plant the defects of customers."""
    for row in _some(random, rows, FORMATS):
        _reformat(random, row)
    for row in _some(random, rows, 0.12):
        _set(row, "name", random.choice(COMPANIES).format(random.choice(LAST)), "companies")
    unreachable = _some(random, rows, 0.15)
    for row, value in zip(unreachable, cycle(("", "", "N/A", "", "", "-")), strict=False):
        _set(row, "email", value, "words" if value else "missing")
    for row in _some(random, rows, 0.06):
        _set(row, "birth_date", "1900-01-01", "sentinel")
    again = random.sample(rows, COPIES + NEAR_COPIES)
    near = [_near_copy(random, row, next(ids)) for row in again[COPIES:]]
    mixed = [*rows, *near]
    random.shuffle(mixed)
    return _with_copies(random, mixed, again[:COPIES])


def _with_copies(random: Random, rows: list[Row], again: list[Row]) -> list[Row]:
    """Each copy stands somewhere after the row that it repeats, so that it is the copy that is the defect."""
    place = {id(row): n for n, row in enumerate(rows)}
    copies = [
        (random.uniform(place[id(row)] + 0.01, len(rows)), Row(dict(row.values), row.planted | {"copies", "key"}))
        for row in again
    ]
    placed = [*((float(n), row) for n, row in enumerate(rows)), *copies]
    return [row for _, row in sorted(placed, key=lambda pair: pair[0])]


def _near_copy(random: Random, row: Row, number: int) -> Row:
    """The same customer, entered again by somebody in a hurry: a letter dropped or doubled."""
    name = row.values["name"]
    inside = [n for n in range(1, len(name)) if name[n - 1].islower() and name[n].islower()]
    at = random.choice(inside)
    spelt = name[:at] + random.choice(("", 2 * name[at])) + name[at + 1 :]
    return Row({**row.values, "customer_id": f"C{number:06}", "name": spelt}, row.planted | {"near"})


def _reformat(random: Random, row: Row) -> None:
    day = date.fromisoformat(row.values["signup_date"])
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    if random.random() < EUROPEAN:
        _set(row, "signup_date", f"{day.day:02}/{day.month:02}/{day.year}", "formats")
        if day.day <= MONTHS and day.day != day.month:
            row.planted.add("ambiguous")
    else:
        _set(row, "signup_date", f"{day.day:02}-{months[day.month - 1]}-{day.year}", "formats")


def spoil_orders(random: Random, rows: list[Row]) -> None:
    """Plant the defects of orders."""
    for row in _some(random, rows, 0.03):
        _set(row, "amount", f"{float(row.values['amount']) * 1000:.2f}", "thousandfold")
    for row in _some(random, rows, 0.04):
        _set(row, "status", "on_hold", "status")


def _set(row: Row, column: str, value: str, defect: str) -> None:
    row.values[column] = value
    row.planted.add(defect)


def _some(random: Random, rows: list[Row], share: float) -> list[Row]:
    return random.sample(rows, round(share * len(rows)))


def _day(random: Random, first: date, last: date) -> str:
    return (first + timedelta(days=random.randrange((last - first).days))).isoformat()


def _weighted(random: Random, choices: dict[str, int]) -> str:
    return random.choices(list(choices), list(choices.values()))[0]


def _numbers(random: Random, below: int) -> Iterator[int]:
    """Numbers without repetition and without order: what an id says of its row is nothing."""
    return iter(random.sample(range(below // 10, below), below // 20))


def make(folder: Path, seed: int = SEED) -> None:
    """Write the four files and `injected.toml` into the folder."""
    random = Random(seed)
    customer_ids, order_ids = _numbers(random, 10**6), _numbers(random, 10**6)
    spoilt: dict[str, list[Row]] = {}
    for side in ("pilot", "production"):
        people = customers(random, customer_ids, CUSTOMERS[side])
        sold = orders(random, order_ids, ORDERS[side], people)
        renamed: dict[str, str] = {}
        if side == "production":
            people = spoil_customers(random, people, customer_ids)
            spoil_orders(random, sold)
            renamed = {"phone": "phone_number"}
            spoilt = {"customers": people, "orders": sold}
        _write(folder / side / "customers.csv", people, renamed)
        _write(folder / side / "orders.csv", sold, {})
    (folder / "injected.toml").write_bytes(_toml(spoilt, seed).encode())


def _write(path: Path, rows: list[Row], renamed: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([renamed.get(column, column) for column in rows[0].values])
        writer.writerows(row.values.values() for row in rows)


def _toml(spoilt: dict[str, list[Row]], seed: int) -> str:
    """What was planted, for tests and for readers."""
    lines = [
        "# What make.py planted in production/. Rows are 0-based positions among the data rows.",
        "# `also`: codes that may follow from it on the same column. `covered`: whether a check exists yet.",
        f"seed = {seed}",
    ]
    for defect in DEFECTS:
        rows = spoilt[defect.file]
        at = [n for n, row in enumerate(rows) if defect.name in row.planted]
        count = len(rows) if defect.name == "renamed" else len(at)
        lines += [
            "",
            "[[defect]]",
            f'name = "{defect.name}"',
            f'file = "production/{defect.file}.csv"',
            f'source = "crm.{defect.file}"',
            f'column = "{defect.column}"',
            f'code = "{defect.code}"',
            f"also = {list(defect.also)}",
            f"covered = {str(defect.covered).lower()}",
            f"words = '{defect.words}'",
            f"count = {count}",
            f"of = {len(rows)}",
            f"rate = {count / len(rows):.4f}",
            f"rows = {at}",
        ]
        if defect.when:
            lines.append(f'when = "{defect.when}"')
        if defect.name == "renamed":
            lines.append('was = "phone"')
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    make(target)
    print(f"Sample data written to {target}")
