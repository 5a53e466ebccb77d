"""What a report says of a sample that was drawn in units, and of what was not seen."""

from __future__ import annotations

import json as plain_json
from dataclasses import replace
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from walkaround.model.sample import Barrier
from walkaround.report import json, render, schema, words


def in_pages(run: Any, **effects: float) -> Any:
    """The run, with design effects of some columns of its source."""
    (source,) = run.sources
    columns = tuple(
        replace(pair, production=replace(pair.production, design_effect=effects[pair.name]))
        if pair.name in effects
        else pair
        for pair in source.columns
    )
    return replace(run, sources=(replace(source, columns=columns),))


def test_a_clustered_sample_is_told(runs: ModuleType) -> None:
    """Where a column's design effect is above 2, the largest is named with its column and what the rows are worth."""
    run = in_pages(runs.rich(), amount=41.7, country=1.2, email=3.0)
    said = words.clustered(run.sources[0])
    assert "amount" in said
    assert "design effect 41.7" in said
    assert "no more than 2,406 drawn one by one" in said  # 100,312 / 41.7
    assert "Clustered sample" in render.html(run)


@pytest.mark.parametrize("effect", [None, 0.3, 2.0])
def test_others_are_not(runs: ModuleType, effect: float | None) -> None:
    """Rows that tell nearly what they are, or more, need no words."""
    run = runs.rich() if effect is None else in_pages(runs.rich(), amount=effect)
    assert words.clustered(run.sources[0]) == ""
    assert "Clustered sample" not in render.html(run)


def test_json_has_design_effects_where_there_are_units(runs: ModuleType) -> None:
    """A key of the columns that were drawn in units, and of no others; either is valid, and comes back as it was."""
    run = in_pages(runs.rich(), amount=41.7)
    held = plain_json.loads(json.dumps(run))
    jsonschema.validate(held, schema.run_schema())
    told = {column["name"]: column.get("design_effect") for column in held["sources"][0]["columns"]}
    assert told["amount"] == 41.7
    assert set(told.values()) == {41.7, None}
    assert "design_effect" not in json.dumps(runs.rich())
    assert json.from_json(held) == run


def test_what_was_not_seen_is_told(runs: ModuleType) -> None:
    """The page says which parts of the source nobody showed."""
    run = runs.rich()
    facts = replace(run.sources[0].facts, barriers=(Barrier("denied", "no right to read salary", "ask", ("salary",)),))
    page = render.html(replace(run, sources=(replace(run.sources[0], facts=facts),)))
    assert "Not seen" in page
    assert "no right to read salary" in page
