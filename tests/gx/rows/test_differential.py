"""Every map and aggregate expectation on drawn tables of every dtype, beside stock Great Expectations on pandas."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from side_by_side.cases import EXPECTATIONS, cases
from side_by_side.explained import EXPLAINED, Explained, explained
from side_by_side.plain import success
from side_by_side.running import CLOSE, CLOSE_SINGLE, differences, on_pandas, on_polars, shown
from side_by_side.tables import KINDS, tables

EXAMPLES = int(os.environ.get("WALKAROUND_EXAMPLES", "0"))
"""How many cases of each expectation are drawn; where this is not set, few, and the same each time."""

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas and NumPy warn of much that is drawn here


@pytest.mark.parametrize("name", EXPECTATIONS)
@settings(
    max_examples=EXAMPLES or 60,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_the_same_as_on_pandas(name: str, data: st.DataObject) -> None:
    """An expectation comes to the same on Polars and on pandas: success, counts, percents, lists, observed value, and
    whether it raises. A difference is one of those that are explained, and then plain Python agrees with Polars.
    """
    kinds = [kind for kind in KINDS.values() if EXPECTATIONS[name].kinds(kind)]
    case = cases(name, data.draw, data.draw(st.sampled_from(kinds).flatmap(tables)))
    theirs, ours = on_pandas(case), on_polars(case)
    places = differences(ours, theirs, CLOSE_SINGLE if case.table.kind.name == "float32" else CLOSE)
    if not places:
        return
    known = explained(case, ours, theirs)
    told = "\n".join(
        [repr(case), *(f"polars {line}" for line in shown(ours)), *(f"pandas {line}" for line in shown(theirs))]
    )
    assert known is not None, f"{', '.join(places)} differ\n{told}"
    expected = success(case)
    assert ours.raised or expected is None or ours.success == expected, f"plain Python says {expected}\n{told}"


@pytest.mark.parametrize("known", EXPLAINED, ids=lambda known: known.why[:40])
def test_a_difference_that_is_explained_is_there(known: Explained) -> None:
    """The list holds no difference that is gone: its example shows each, and plain Python sides with Polars."""
    case = known.example
    theirs, ours = on_pandas(case), on_polars(case)
    assert differences(ours, theirs)
    assert known.covers(case, ours, theirs)
    assert ours.raised or success(case) in {None, ours.success}
