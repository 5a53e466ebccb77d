"""Judging facts with Great Expectations."""

from __future__ import annotations

import json
import logging
import math
import subprocess
import sys
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walkaround.errors import InternalError
from walkaround.gx import facts as gx_facts
from walkaround.gx.suite import dumps, from_limits
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.suite import Suite

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HOSTILE = (
    "",
    " ",
    "a.b",
    "$column",
    "$PARAMETER",
    "<script>alert(1)</script>",
    "név, 'x' \"y\"",
    "\u202egnp",
    "\x00",
    "x" * 10_000,
)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    gx_facts.preload()


def limit(column: str = "email", high: float | None = 0.005, low: float | None = None, code: str = "MIS001") -> Limit:
    return Limit(code, "missing_rate", (column,), high, "critical", PilotFigure(0.0, 0, 2000), "why", low)


def suite(*limits: Limit) -> Suite:
    return from_limits("crm.customers", limits, "f1", NOW)


def rate(value: float | None, column: str = "email") -> dict:
    fact = Fact("missing_rate", (column,), value)
    return {fact.key: fact}


def test_within_and_beyond() -> None:
    """Both bounds are inclusive: the limit itself passes, the next number beyond it fails."""
    for high, low, value, success in [
        (0.5, None, 0.5, True),
        (0.5, None, math.nextafter(0.5, 1), False),
        (None, 0.5, 0.5, True),
        (None, 0.5, math.nextafter(0.5, 0), False),
        (0.6, 0.4, 0.5, True),
        (0.0, None, 0.0, True),
        (0.0, None, 5e-324, False),
    ]:
        (judged,) = gx_facts.judge(suite(limit(high=high, low=low)), rate(value))
        assert (judged.success, judged.observed, judged.error) == (success, value, "")


def test_what_is_absent_never_passes() -> None:
    """A fact that is absent, empty, NaN or infinite is not judged, and says why; the others still are."""
    present = rate(0.0) | rate(None, "b") | rate(math.nan, "c") | rate(math.inf, "d") | rate(-math.inf, "e")
    columns = ("email", "gone", "b", "c", "d", "e")
    judged = gx_facts.judge(suite(*(limit(column) for column in columns)), present)
    by_column = {each.expectation.limit.columns[0]: each for each in judged}
    assert by_column["email"].success is True
    for column in columns[1:]:
        assert by_column[column].success is None
        assert by_column[column].observed is None
        assert by_column[column].error
    assert "no missing_rate" in by_column["gone"].error


def test_nothing_to_judge() -> None:
    """No facts at all: every expectation is an error; no expectations at all: no judgement."""
    assert [each.success for each in gx_facts.judge(suite(limit()), {})] == [None]
    assert gx_facts.judge(suite(), rate(0.0)) == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(allow_nan=True, allow_infinity=True),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
        ).filter(lambda row: (row[1] is not None or row[2] is not None) and (None in row[1:] or row[1] <= row[2])),
        min_size=1,
        max_size=30,
    )
)
def test_as_plain_python_would(rows: list[tuple[float | None, float | None, float | None]]) -> None:
    """Great Expectations comes to what plain comparisons come to, whatever the facts and limits."""
    limits = [limit(str(n), high=high, low=low) for n, (_, low, high) in enumerate(rows)]
    present = {}
    for n, (value, _, _) in enumerate(rows):
        present |= rate(value, str(n))
    judged = {each.expectation.limit.columns[0]: each for each in gx_facts.judge(suite(*limits), present)}
    for n, (value, low, high) in enumerate(rows):
        expected = None
        if value is not None and math.isfinite(value):
            expected = (low is None or value >= low) and (high is None or value <= high)
        assert judged[str(n)].success is expected


def test_order_and_number() -> None:
    """400 expectations, some of which raise, come back as 400 judgements in the order of the suite, within a second."""
    many = suite(*(limit(f"c{n:03}", high=n % 3 / 10) for n in range(400)))
    present = {}
    for n in range(0, 400, 2):
        present |= rate(0.1, f"c{n:03}")
    gx_facts.judge(many, present)
    began = time.process_time()
    judged = gx_facts.judge(many, present)
    seconds = time.process_time() - began
    assert [each.expectation for each in judged] == list(many.expectations)
    assert [each.success for each in judged] == [None if n % 2 else n % 3 > 0 for n in range(400)]
    assert seconds < 2  # 0.65 s measured; the machines that run this differ


def test_hostile_names() -> None:
    """Columns of any name are judged like others, alone and together."""
    present = {}
    for name in HOSTILE:
        present |= rate(0.25, name)
    judged = gx_facts.judge(suite(*(limit(name) for name in HOSTILE)), present)
    assert {each.expectation.limit.columns[0]: each.success for each in judged} == dict.fromkeys(HOSTILE, False)
    pair = Limit("DUP001", "repeat_rate", HOSTILE, 0.0, "critical", PilotFigure(), "key", evidence="certain")
    fact = Fact("repeat_rate", HOSTILE, 0.0)
    (judged_pair,) = gx_facts.judge(suite(pair), {fact.key: fact})
    assert judged_pair.success is True


def test_same_fact_under_two_codes() -> None:
    """Two codes may hold one fact to different limits; each gets its own answer."""
    judged = gx_facts.judge(suite(limit(high=0.1), limit(high=0.3, code="CRT001")), rate(0.2))
    assert {each.expectation.limit.code: each.success for each in judged} == {"MIS001": False, "CRT001": True}


def test_table_facts() -> None:
    """A fact of the whole table has no columns."""
    table = Limit("DUP002", "duplicate_rate", (), 0.01, "critical", PilotFigure(), "why")
    fact = Fact("duplicate_rate", (), 0.02)
    assert [each.success for each in gx_facts.judge(suite(table), {fact.key: fact})] == [False]


def test_lost_expectations_are_an_error() -> None:
    """What Great Expectations drops without a word is an error here."""
    from walkaround.gx.validation import validate  # noqa: PLC0415 - imports Great Expectations

    with pytest.raises(InternalError, match="0 of 1"):
        validate("crm", [{"type": "expect_profile_fact_to_be_betwixt", "kwargs": {"fact": "x", "max_value": 1}}], {})
    with pytest.raises(ValueError, match="always pass"):
        validate("crm", [{"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "x"}}], {})


def test_the_callers_context_stays() -> None:
    """Whoever works with Great Expectations in the same process keeps their context."""
    import great_expectations as gx  # noqa: PLC0415 - heavy
    from great_expectations.data_context.data_context.context_factory import project_manager  # noqa: PLC0415 - heavy

    theirs = gx.get_context(mode="ephemeral")
    try:
        gx_facts.judge(suite(limit()), rate(0.0))
        assert project_manager._project is theirs
    finally:
        project_manager.set_project(None)


def test_cloud_settings_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment variables of GX Cloud change nothing: there is nothing to reach."""
    monkeypatch.setenv("GX_CLOUD_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GX_CLOUD_ACCESS_TOKEN", "t")
    monkeypatch.setenv("GX_CLOUD_ORGANIZATION_ID", "00000000-0000-0000-0000-000000000000")
    assert [each.success for each in gx_facts.judge(suite(limit()), rate(0.0))] == [True]


def test_the_file_loads_in_stock_gx_and_renders() -> None:
    """A suite file loads in a plain ExpectationSuite, severity kept, and Data Docs can word every expectation."""
    from great_expectations.core import ExpectationSuite  # noqa: PLC0415 - heavy
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult  # noqa: PLC0415
    from great_expectations.render.renderer.content_block import (  # noqa: PLC0415 - heavy
        ExpectationSuiteBulletListContentBlockRenderer,
        ValidationResultsTableContentBlockRenderer,
    )

    written = suite(
        limit("a"),
        limit("b", high=None, low=0.5),
        limit("<b>", high=0.0, low=0.0),
        Limit("DUP001", "repeat_rate", ("x", "y"), 0.0, "warning", PilotFigure(), "key"),
    )
    loaded = ExpectationSuite(**json.loads(dumps(written)))
    assert [each.severity.value for each in loaded.expectations] == [e.limit.severity for e in written.expectations]
    said = json.dumps(
        ExpectationSuiteBulletListContentBlockRenderer.render(
            [each.configuration for each in loaded.expectations]
        ).to_json_dict()
    )
    for sentence in ("must be at most $max_value", "at least $min_value", "of $columns", "between $min_value and"):
        assert sentence in said
    for each in loaded.expectations:
        each.render()
        assert each.rendered_content
    result = ExpectationValidationResult(
        success=False,
        expectation_config=loaded.expectations[0].configuration,
        result={"observed_value": 0.25},
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )
    assert "0.25" in json.dumps(ValidationResultsTableContentBlockRenderer.render([result]).to_json_dict())


QUIET = """
import sys, logging, warnings
sys.modules["sqlalchemy"] = None
from datetime import datetime, UTC
before = warnings.showwarning
import walkaround.gx.facts as facts
from walkaround.gx.suite import from_limits
assert "great_expectations" not in sys.modules
from walkaround.model.limit import Limit, PilotFigure
limits = [Limit("MIS001", "missing_rate", (c,), 0.5, "critical", PilotFigure(), "why") for c in "ab"]
suite = from_limits("s", limits, "f", datetime(2026, 1, 1, tzinfo=UTC))
facts.preload(); facts.preload()
assert "great_expectations" in sys.modules
assert [j.success for j in facts.judge(suite, {})] == [None, None]
assert warnings.showwarning is before, "captureWarnings is still on"
heavy = {"scipy.stats", "altair"} & sys.modules.keys()
assert not heavy, heavy
import great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than as kl
assert round(float(kl.stats.entropy([0.5, 0.5], [0.9, 0.1])), 4) == 0.5108
assert kl.alt.Chart.__name__ == "Chart"
import scipy.stats
assert type(scipy.stats).__name__ == "module"
"""


def test_quiet_and_light(tmp_path: Path) -> None:
    """Importing the module loads no GX; judging is silent, leaves warnings alone, writes no file; it loads neither
    scipy.stats nor altair, which still work when somebody needs them, and does without SQLAlchemy: that is taken away
    here, as Great Expectations imports it wherever it is installed.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUIET], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_loading_from_many_threads() -> None:
    """Any number of threads may load at once."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from walkaround.gx import facts\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    list(pool.map(lambda _: facts.preload(), range(8)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_logging_is_left_as_it_was() -> None:
    """No handler of ours prints: only one that does nothing was added to GX's logger."""
    handlers = logging.getLogger("great_expectations").handlers
    assert all(isinstance(handler, logging.NullHandler) for handler in handlers)
    assert warnings.showwarning.__module__ != "logging"
