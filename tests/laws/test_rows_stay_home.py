"""Law 4: rows stay home. Canaries are planted in every column, and sought in everything that leaves."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from walkaround.checks import by_code
from walkaround.judging import findings
from walkaround.measures.privacy import is_personal, may_leave
from walkaround.model.policy import Policy
from walkaround.model.source import ColumnSpec, Source
from walkaround.profiling import dump
from walkaround.profiling.figures import column_pairs
from walkaround.workflow.assess import limits_of

ROWS = range(400)
SALARY, BIRTH = 91827.3645, date(1987, 6, 5)
DAY = (BIRTH - date(1970, 1, 1)).days
WORDS = ("zqmail", "zqname", "zqnote", "zqonce", "zqiban", "zqurl", "zqjson", "zqgone", "91827.3645", "1987-06-05")


def planted(*, canaries: bool) -> pa.Table:
    """A table of 400 rows; with `canaries`, row 7 holds a value of its own in every column."""

    def column(usual: Any, canary: Any) -> list[Any]:
        return [canary if canaries and row == 7 else usual(row) for row in ROWS]

    return pa.table(
        {
            "email": column(lambda row: f"user{row}@corp.example", "zqmail@corp.example"),
            "full_name": column(lambda row: f"Ana Silva {'abcdefghij'[row % 10]}", "Zqname Zqnameson"),
            "note": column(lambda row: f"call no {row} again", "zqnote told us a secret"),
            "colour": column(lambda row: ["red", "green"][row % 2], "zqonce"),
            "account": column(lambda row: f"DE{row:020d}", "zqiban000000"),
            "link": column(lambda row: f"http://corp.example/{row}", "http://zqurl.example"),
            "payload": column(lambda row: f'{{"n": {row}}}', '{"zqjson": 1}'),
            "salary": column(lambda row: 30_000.0 + row, SALARY),
            "birth_date": column(lambda row: date(1950, 1, 1) + timedelta(row), BIRTH),
            "birth_text": column(lambda row: str(date(1950, 1, 1) + timedelta(row)), str(BIRTH)),
            "secret": column(lambda row: row, SALARY),
        }
    )


SOURCE = Source("crm", "crm", columns={"secret": ColumnSpec("secret", personal=True)})


def silent(text: str) -> None:
    lowered = text.lower()
    assert [word for word in WORDS if word in lowered] == []


def arrays(told: Any) -> list[np.ndarray]:
    """Every array in a written profile."""
    if isinstance(told, dict):
        if "array" in told:
            return [np.frombuffer(base64.b64decode(told["base64"]), told["array"])]
        return [found for value in told.values() for found in arrays(value)]
    return [found for value in told for found in arrays(value)] if isinstance(told, list) else []


@pytest.fixture(scope="module")
def both(compared: Any) -> Any:
    return compared(planted(canaries=False), planted(canaries=True), SOURCE)


def test_what_counts_as_personal(both: Any) -> None:
    """Names, content and settings tell that a column is personal; a colour is not."""
    assert {name: is_personal(column) for name, column in both[1].columns.items()} == {
        name: name != "colour" for name in both[1].columns
    }


def test_frozen_pilots(both: Any) -> None:
    """What may stand in git holds no value of a personal column, no hash, and no rare value of any."""
    written = dump(both[1], portable=True)
    silent(written)
    for column in json.loads(written)["columns"]:
        if column["name"] != "colour":
            for held in arrays(column):
                assert not np.isin([SALARY, DAY, DAY * 86_400_000_000], held).any(), column["name"]
        assert not {"Distinct", "Categories"} & column["measures"].keys()
    assert not json.loads(written)["measures"]


def test_full_states_are_for_the_folder_beside(both: Any) -> None:
    """The full dump does hold values: the test above would notice if it held them too."""
    assert "zqonce" in dump(both[1], portable=False)


def test_figures(both: Any) -> None:
    """What reports draw holds no canary; common categories of a column that is not personal are shown."""
    pairs = column_pairs(*both, min_group=10)
    silent(repr(pairs))
    [colour] = [pair for pair in pairs if pair.name == "colour"]
    assert [part.label for part in colour.production.categories] == ["red", "green"]
    for pair in pairs:
        for side in (pair.pilot, pair.production):
            if pair.personal:
                assert (side.bins, side.categories, side.low, side.median, side.high) == ((), (), None, None, None)


def test_facts_limits_and_findings(both: Any, held: Any) -> None:
    """Neither facts that are remembered, nor limits, nor what is said of a failure tell a value."""
    for sides in (both, both[::-1], (both[0], both[0])):
        judged = held(*sides)
        silent(repr([fact for fact in judged.facts.values() if may_leave(fact, *sides)]))
        silent(repr([fact.detail for fact in judged.facts.values()]))
        silent(repr(limits_of(sides[0], Policy())))
        silent(repr(judged.outcomes) + repr(findings(judged.outcomes)))
        for outcome in judged.outcomes:
            silent(by_code()[outcome.code].message(outcome))


def test_rare_new_values_are_not_named(compared: Any, held: Any) -> None:
    """A new category is named from ten rows on; below, only how many rows there are."""
    usual = [["red", "green"][row % 2] for row in ROWS]
    for rows, named in ((9, False), (12, True)):
        after = pa.table({"colour": ["zqgone" if row < rows else usual[row] for row in ROWS]})
        judged = held(*compared(pa.table({"colour": usual}), after))
        [fact] = [fact for fact in judged.facts.values() if fact.name == "new_value_rate"]
        assert fact.count == rows
        assert ("zqgone" in fact.detail) == named
