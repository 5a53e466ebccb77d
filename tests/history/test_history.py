"""The history: what is remembered, what changed since, and one run at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from walkaround.errors import InternalError, LockedError, UsageError
from walkaround.history.store import History
from walkaround.model.fact import Fact
from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import Change, Project, Run, SourceRun
from walkaround.model.sample import Drawn
from walkaround.model.verdict import Coverage, Verdict

NIGHT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def finding(code: str = "MIS001", column: str = "email", observed: float = 0.17, **more: object) -> Finding:
    outcome = Outcome(
        code, "crm.customers", (column,), "fail", "blocker", "missing_rate", observed, 170, 1000,
        interval=(observed - 0.01, observed + 0.01), limit=0.005,
    )  # fmt: skip
    return Finding(replace(outcome, **more), "Missing", "missingness", f"{observed:.1%} is missing", "Ask.")


def run(
    name: str, *findings: Finding, days: int = 0, rows: int = 1000, method: str = "full", problem: str = "",
    settings: Mapping[str, str] | None = None, project: str = "churn", sources: tuple[str, ...] = ("crm.customers",),
) -> Run:  # fmt: skip
    return Run(
        id=name,
        started=NIGHT + timedelta(days=days),
        seconds=4.1,
        command="check",
        versions={"walkaround": "0.1.0"},
        verdict=Verdict("not_ready", ("MIS001 crm.customers email",), "A blocker."),
        coverage=Coverage(49, 46, 40, 4, 2, 3, 0),
        findings=findings,
        sources=tuple(
            SourceRun(source, "file.csv", drawn=Drawn(method, 7, rows), problem=problem) for source in sources
        ),
        project=Project(name=project),
        settings=settings or {"rules": "r1"},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".walkaround" / "history.duckdb"


def changes(path: Path, now: Run) -> list[tuple[str, str]]:
    with History.open(path) as history:
        since = history.since(now)
    assert since is not None
    return [(change.kind, change.label) for change in since.changes]


def read_all(path: Path) -> None:
    with History.open(path) as history:
        history.runs()
        history.last("churn")


def test_what_was_written_is_read(path: Path) -> None:
    """A run comes back as it was: times in UTC, findings with their intervals, how each source was sampled."""
    facts = {"crm.customers": [Fact.rate("missing_rate", ("email",), 170, 1000), Fact("rows", (), 1000.0)]}
    with History.open(path) as history:
        assert history.last("churn") is None
        assert history.runs() == []
        assert not path.exists()
        history.write(run("01A", finding()), facts)
        last = history.last("churn")
    assert last is not None
    assert (last.id, last.started, last.verdict, last.because) == (
        "01A", NIGHT, "not_ready", ("MIS001 crm.customers email",),
    )  # fmt: skip
    assert (last.planned, last.passed, last.failed, last.not_assessed, last.rules) == (49, 40, 4, 3, "r1")
    (stored,) = last.findings
    assert (stored.label, stored.status, stored.severity, stored.limit) == (
        "MIS001 crm.customers email", "fail", "blocker", 0.005,
    )  # fmt: skip
    assert stored.interval == pytest.approx((0.16, 0.18))
    assert [(source.name, source.method, source.rows) for source in last.sources] == [("crm.customers", "full", 1000)]
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute('select name, columns, "value", "count", "of" from facts order by name').fetchall()
    assert rows == [("missing_rate", ["email"], 0.17, 170, 1000), ("rows", [], 1000.0, None, None)]


def test_times_of_other_zones(path: Path) -> None:
    """A run that started at 3:00 in Lisbon's summer is remembered as 2:00 UTC."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - this test only

    started = datetime(2026, 7, 1, 3, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
    with History.open(path) as history:
        history.write(replace(run("01A"), started=started), {})
        assert [stored.started for stored in history.runs()] == [datetime(2026, 7, 1, 2, 0, tzinfo=UTC)]


def test_last_is_of_the_project_and_before(path: Path) -> None:
    """The last run is the latest of the same project that started before; the list has all, newest first."""
    with History.open(path) as history:
        for name, days, project in [("01A", 0, "churn"), ("01B", 1, "churn"), ("01C", 2, "other")]:
            history.write(run(name, days=days, project=project), {})
        latest, before = history.last("churn"), history.last("churn", before=NIGHT + timedelta(days=1))
        assert latest is not None and latest.id == "01B"  # noqa: PT018 - one thought
        assert before is not None and before.id == "01A"  # noqa: PT018 - one thought
        assert history.last("churn", before=NIGHT) is None
        assert [stored.id for stored in history.runs(2)] == ["01C", "01B"]
        assert history.since(run("01D", project="new")) is None


def test_new_gone_worse_better_still(path: Path) -> None:
    """Findings are told apart by label; within each other's intervals nothing changed."""
    with History.open(path) as history:
        history.write(
            run("01A", finding(column="a"), finding(column="b"), finding(column="c"), finding(column="d"),
                finding(column="e", severity="warning"), finding(column="f")), {},
        )  # fmt: skip
    now = run(
        "01B", finding(column="b", observed=0.175), finding(column="c", observed=0.3),
        finding(column="d", observed=0.05), finding(column="e"), finding(column="f", status="inconclusive"),
        finding(column="g"), days=1,
    )  # fmt: skip
    assert changes(path, now) == [
        ("new", "MIS001 crm.customers g"),
        ("worse", "MIS001 crm.customers c"),
        ("worse", "MIS001 crm.customers e"),
        ("still", "MIS001 crm.customers b"),
        ("better", "MIS001 crm.customers d"),
        ("better", "MIS001 crm.customers f"),
        ("gone", "MIS001 crm.customers a"),
    ]


def test_not_assessed_is_never_better(path: Path) -> None:
    """A finding that could not be assessed this time, or whose source could not be read, is not said to be better."""
    with History.open(path) as history:
        history.write(run("01A", finding()), {})
    assert changes(path, run("01B", finding(status="not_assessed"), days=1)) == [
        ("still", "MIS001 crm.customers email")
    ]
    assert changes(path, run("01B", days=1, problem="denied")) == [("still", "MIS001 crm.customers email")]
    assert changes(path, run("01B", days=1, sources=("crm.orders",))) == []


def test_rules_and_samples(path: Path) -> None:
    """It is said when rules or sample changed: another method, or another size by more than a tenth."""
    with History.open(path) as history:
        history.write(run("01A"), {})
        for now, rules_changed, sample_changed in [
            (run("01B", days=1), False, False),
            (run("01B", days=1, settings={"rules": "r2"}), True, False),
            (run("01B", days=1, method="lines"), False, True),
            (run("01B", days=1, rows=1099), False, False),
            (run("01B", days=1, rows=200), False, True),
        ]:
            since = history.since(now)
            assert since is not None
            assert (since.run, since.verdict, since.rules_changed, since.sample_changed) == (
                "01A", "not_ready", rules_changed, sample_changed,
            )  # fmt: skip


def test_change_keeps_its_words(path: Path) -> None:
    """What is gone is told in the words of then, what is new in the words of now."""
    with History.open(path) as history:
        history.write(run("01A", finding(column="a", observed=0.5)), {})
        since = history.since(run("01B", finding(column="b", observed=0.25), days=1))
    assert since is not None
    assert since.changes == (
        Change("new", "MIS001 crm.customers b", "25.0% is missing"),
        Change("gone", "MIS001 crm.customers a", "50.0% is missing"),
    )


def test_whole_or_not_at_all(path: Path) -> None:
    """A run that fails to be written, or is there already, leaves the history as it was."""

    def broken() -> list[Fact]:
        raise KeyboardInterrupt

    class Facts:
        def __iter__(self) -> object:
            yield Fact("rows", (), 1.0)
            broken()

    with History.open(path) as history:
        history.write(run("01A", finding()), {})
        with pytest.raises(KeyboardInterrupt):
            history.write(run("01B", days=1), {"crm.customers": Facts()})
        with pytest.raises(InternalError, match="01A is there already"):
            history.write(run("01A", finding(), finding(column="b")), {})
        assert [stored.id for stored in history.runs()] == ["01A"]
        last = history.last("churn")
    assert last is not None
    assert len(last.findings) == 1


def test_hostile_names(path: Path) -> None:
    """Names with quotes, statements and NUL are stored as they are."""
    nasty = "a'); drop table runs; --\"\n\u202e\x00<b>"
    with History.open(path) as history:
        history.write(run("01A", finding(column=nasty), project=nasty), {nasty: [Fact("x", (nasty,), float("nan"))]})
        last = history.last(nasty)
    assert last is not None
    assert last.findings[0].label.endswith(nasty)


@pytest.mark.parametrize("content", [b"not a database at all", b"\x00" * 20_000, b"PK\x03\x04" * 5000])
def test_damaged(path: Path, content: bytes) -> None:
    """A file that is no database is refused with a hint, and not touched."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as a history") as caught, History.open(path):
        pass
    assert "Move the file" in caught.value.hint
    assert path.read_bytes() == content


def test_truncated(path: Path) -> None:
    """A history cut short is refused, whenever that shows, and not touched."""
    with History.open(path) as history:
        history.write(run("01A", finding()), {"s": [Fact(f"f{n}", (str(n),), float(n)) for n in range(5000)]})
    cut = path.read_bytes()[: path.stat().st_size // 3]
    path.write_bytes(cut)
    with pytest.raises(UsageError, match="cannot be read as a history"):
        read_all(path)
    assert path.read_bytes() == cut


def test_foreign(path: Path) -> None:
    """Somebody else's database, or a later version's history, is refused and left as it is."""
    path.parent.mkdir()
    with duckdb.connect(path) as connection:
        connection.execute("create table orders (id integer)")
    with pytest.raises(UsageError, match="no history of walkaround"), History.open(path):
        pass
    path.unlink()
    with History.open(path) as history:
        history.write(run("01A"), {})
    with duckdb.connect(path) as connection:
        connection.execute("update version set version = 99")
    with pytest.raises(UsageError, match="99"), History.open(path):
        pass
    with duckdb.connect(path) as connection:
        assert connection.execute("select run from runs").fetchall() == [("01A",)]


def test_no_network(path: Path) -> None:
    """Neither extensions nor other files can be reached through the history's connection."""
    with History.open(path) as history:
        history.write(run("01A"), {})
        with history._connected() as connection:
            with pytest.raises(duckdb.PermissionException):
                connection.execute("select * from read_csv('/etc/hostname')")
            with pytest.raises(duckdb.Error):
                connection.execute("install httpfs")


HOLD = """
import sys, pathlib, datetime
from walkaround.history.store import History
with History.open(pathlib.Path(sys.argv[1])) as history, history.lock("check", datetime.datetime(2026, 11, 21, 2)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_run_at_a_time(path: Path) -> None:
    """A second run is told who holds the lock; a process that was killed holds it no longer."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with History.open(path) as history:
        with (
            pytest.raises(LockedError, match=f"process {holder.pid}, check, since 2026-11-21T02:00:00"),
            history.lock("check", NIGHT),
        ):
            pass
        holder.kill()
        holder.communicate()
        with history.lock("check", NIGHT):
            assert str(os.getpid()) in path.with_name("lock").read_text()
        with history.lock("check", NIGHT):
            pass


def test_lock_survives_an_error(path: Path) -> None:
    """A run that fails frees the lock; rubbish in the lock file is no obstacle."""
    path.parent.mkdir()
    path.with_name("lock").write_bytes(b"\xff{")
    with History.open(path) as history:
        with pytest.raises(KeyError), history.lock("check", NIGHT):
            raise KeyError
        with history.lock("check", NIGHT):
            pass


def test_duckdb_is_loaded_when_used() -> None:
    """Importing the store loads neither DuckDB nor Arrow."""
    script = "import sys, walkaround.history.store; print({'duckdb', 'pyarrow', 'polars'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
