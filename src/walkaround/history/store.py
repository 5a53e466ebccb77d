"""The history of a project: a DuckDB file that each run is added to, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from walkaround.errors import InternalError, LockedError, UsageError
from walkaround.history.lock import run_lock
from walkaround.history.since import since as since_last
from walkaround.history.stored import StoredFinding, StoredRun, StoredSource
from walkaround.model.fact import Fact
from walkaround.model.run import Run, Since

if TYPE_CHECKING:
    import duckdb

SCHEMA: Final = 1
"""Version of schema.sql. A database of a later one is left alone."""
PATIENCE: Final = 5.0
"""Seconds to wait for another process that is reading or writing: each holds the file for milliseconds."""
QUIET: Final = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}
"""DuckDB would fetch extensions from the network by itself."""

RUN_COLUMNS: Final = (
    "run, started, seconds, command, project, verdict, because, planned, passed, failed, inconclusive, not_assessed, "
    "waived, rules"
)


class History:
    """The runs of one project. The file is opened for each call and closed again, so that others may read meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[History]:
        """The history at `path`, which need not exist yet; checked before anything is done.

        Raises:
            UsageError: there is a file, but no history of ours, or one of a later version.
        """
        history = cls(path)
        if path.exists():
            with history._connected():
                pass
        yield history

    def lock(self, command: str, now: datetime) -> AbstractContextManager[None]:
        """Hold the project's lock while a run goes on; see `run_lock`.

        Raises:
            LockedError: another run is going on.
        """
        return run_lock(self.path.with_name("lock"), command, now)

    def write(self, run: Run, facts: Mapping[str, Iterable[Fact]]) -> None:
        """Add a run with its findings, and the facts of each source, in one transaction.

        Raises:
            InternalError: the run is there already.
            LockedError: another process kept the file for too long.
        """
        import duckdb  # noqa: PLC0415 - heavy

        with self._connected() as connection:
            connection.begin()
            try:
                _insert(connection, "runs", [_run_row(run)])
                _insert(connection, "sources", [_source_row(run, n) for n in range(len(run.sources))])
                _insert(connection, "findings", [_finding_row(run, n) for n in range(len(run.findings))])
                _insert(connection, "facts", [_fact_row(run, name, f) for name in facts for f in facts[name]])
            except BaseException as error:
                connection.rollback()
                if isinstance(error, duckdb.ConstraintException):
                    raise InternalError(f"{self.path}: the run {run.id} is there already") from error
                raise
            connection.commit()

    def last(self, project: str, before: datetime | None = None) -> StoredRun | None:
        """The latest run of a project, or the latest that started before a time, with its findings and sources."""
        until = _utc(before) if before is not None else None
        found = self._runs(
            "where project = ? and (started < ?::timestamp) is not false order by started desc, run desc limit 1",
            project,
            until,
        )
        return self._whole(found[0]) if found else None

    def runs(self, limit: int = 20) -> list[StoredRun]:
        """The latest runs, newest first, without their findings."""
        return self._runs("order by started desc, run desc limit ?", limit)

    def since(self, run: Run) -> Since | None:
        """What changed since the project's last run before this one; None where there was none."""
        last = self.last(run.project.name, before=run.started)
        return None if last is None else since_last(last, run)

    def _runs(self, clause: str, *values: Any) -> list[StoredRun]:
        return [
            StoredRun(run, _aware(started), seconds, command, project, verdict, tuple(because), *rest)
            for run, started, seconds, command, project, verdict, because, *rest in self._rows(
                f"select {RUN_COLUMNS} from runs {clause}",  # noqa: S608 - clauses are this class's own
                *values,
            )
        ]

    def _whole(self, run: StoredRun) -> StoredRun:
        findings = self._rows(
            "select label, code, source, fact, status, severity, observed, interval_low, interval_high, "
            '"limit", message from findings where run = ?',
            run.id,
        )
        sources = self._rows("select source, method, rows_drawn, problem from sources where run = ?", run.id)
        return replace(
            run,
            findings=tuple(_finding(row) for row in findings),
            sources=tuple(StoredSource(*row) for row in sources),
        )

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._connected() as connection:
            return connection.execute(statement, list(values)).fetchall()

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to a database of our schema; made where there is none."""
        import duckdb  # noqa: PLC0415 - heavy

        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        try:
            self._check(connection)
            yield connection
        except (duckdb.FatalException, duckdb.IOException, duckdb.InternalException) as error:
            raise self._damaged(error) from error
        finally:
            connection.close()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb  # noqa: PLC0415 - heavy

        until = time.monotonic() + PATIENCE
        while True:
            try:
                return duckdb.connect(self.path, config=dict(QUIET))
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise self._damaged(error) from error
                if time.monotonic() > until:
                    raise LockedError(
                        f"{self.path} is held by another process", "Close the program that has the history open."
                    ) from error
                time.sleep(0.05)
            except duckdb.Error as error:
                raise self._damaged(error) from error

    def _check(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the tables in an empty database; refuse what is not ours."""
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if not tables:
            connection.begin()
            connection.execute(resources.files("walkaround.history").joinpath("schema.sql").read_text("utf-8"))
            connection.commit()
            return
        if not {"version", "runs", "sources", "findings", "facts"} <= tables:
            raise UsageError(
                f"{self.path} is a DuckDB database, but no history of walkaround",
                "Move it elsewhere; nothing was changed in it.",
            )
        versions = [version for (version,) in connection.execute("select version from version").fetchall()]
        if versions != [SCHEMA]:
            raise UsageError(
                f"{self.path} has schema version {versions}, this walkaround knows {SCHEMA}",
                "Install the walkaround that wrote it, or move the file elsewhere; nothing was changed in it.",
            )

    def _damaged(self, error: Exception) -> UsageError:
        first = str(error).partition("\n")[0]
        return UsageError(
            f"{self.path} cannot be read as a history: {first}",
            "Move the file elsewhere to begin a new history, or restore it from a backup; nothing was changed in it.",
        )


def _finding(row: tuple[Any, ...]) -> StoredFinding:
    label, code, source, fact, status, severity, observed, low, high, limit, message = row
    interval = None if low is None else (low, high)
    return StoredFinding(label, code, source, fact, status, severity, observed, interval, limit, message)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows by name. Through Arrow: row by row, DuckDB takes a millisecond for each of some thousand facts."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    if not rows:
        return
    empty = connection.table(table).limit(0).to_arrow_table()
    connection.register("incoming", pa.Table.from_pylist(rows, schema=empty.schema))
    connection.execute(f"insert into {table} by name select * from incoming")  # noqa: S608 - our own tables
    connection.unregister("incoming")


def _run_row(run: Run) -> dict[str, Any]:
    coverage = run.coverage
    return {
        "run": run.id,
        "started": _utc(run.started),
        "seconds": run.seconds,
        "command": run.command,
        "project": run.project.name,
        "verdict": run.verdict.word,
        "because": list(run.verdict.because),
        "rule": run.verdict.rule,
        "planned": coverage.planned,
        "passed": coverage.passed,
        "failed": coverage.failed,
        "inconclusive": coverage.inconclusive,
        "not_assessed": coverage.not_assessed,
        "waived": coverage.waived,
        "rules": run.settings.get("rules", ""),
        "walkaround": run.versions.get("walkaround", ""),
    }


def _source_row(run: Run, n: int) -> dict[str, Any]:
    source = run.sources[n]
    return {
        "run": run.id,
        "source": source.name,
        "problem": source.problem,
        "method": source.drawn.method,
        "seed": source.drawn.seed,
        "rows_drawn": source.drawn.rows,
        "rows_total": source.facts.rows_total,
        "rows_total_is": source.facts.rows_total_is,
        "fingerprint": source.fingerprint,
        "pilot": source.pilot_fingerprint,
    }


def _finding_row(run: Run, n: int) -> dict[str, Any]:
    finding = run.findings[n]
    outcome = finding.outcome
    low, high = outcome.interval or (None, None)
    return {
        "run": run.id,
        "label": finding.label,
        "code": outcome.code,
        "source": outcome.source,
        "columns": list(outcome.columns),
        "fact": outcome.fact,
        "status": outcome.status,
        "severity": outcome.severity,
        "observed": outcome.observed,
        "count": outcome.count,
        "rows": outcome.rows,
        "interval_low": low,
        "interval_high": high,
        "limit": outcome.limit,
        "message": finding.message,
    }


def _fact_row(run: Run, source: str, fact: Fact) -> dict[str, Any]:
    return {
        "run": run.id,
        "source": source,
        "name": fact.name,
        "columns": list(fact.columns),
        "value": fact.value,
        "count": fact.count,
        "of": fact.of,
        "basis": fact.basis,
        "detail": fact.detail,
    }


def _utc(moment: datetime) -> datetime:
    """As stored: UTC, without saying so (DuckDB needs an extension to read back what says so)."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
