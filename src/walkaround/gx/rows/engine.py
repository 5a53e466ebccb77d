"""The execution engine: batches as lazy frames, and metrics resolved a wave at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

import polars as pl
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.batch_spec import BatchSpec, RuntimeDataBatchSpec
from great_expectations.exceptions import BatchSpecError, ExecutionEngineError, MetricResolutionError, ValidationError
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.execution_engine.pandas_batch_data import PandasBatchData

from walkaround.gx.rows import fallback
from walkaround.gx.rows.answers import ROW, Condition
from walkaround.gx.rows.frames import Rows
from walkaround.gx.rows.request import Request
from walkaround.gx.rows.row_conditions import filtered
from walkaround.gx.rows.wave import resolve

CollectEngine = Literal["auto", "in-memory", "streaming"]

TABLE: Final = "table"
FEW_ROWS: Final = 1_000_000
"""Up to so many rows in memory, Polars' in-memory engine is faster; beyond, the streaming one, in less memory."""


class PolarsBatchData(PandasBatchData):
    """What the engine keeps of a batch. The pandas frame that GX's engine would hold is made where asked for."""

    def __init__(self, execution_engine: PolarsExecutionEngine, rows: Rows) -> None:
        BatchData.__init__(self, execution_engine=execution_engine)
        self.rows = rows

    @property
    def dataframe(self) -> Any:
        """The whole batch as a pandas frame, for metrics of others that know no other.

        Raises:
            ExecutionEngineError: falling back to pandas is not allowed.
        """
        engine: PolarsExecutionEngine = self.execution_engine
        engine.allow_fallback("the whole batch")
        return fallback.whole_frame(engine, self.rows.frame)


class PolarsExecutionEngine(PandasExecutionEngine):
    """Answers GX's metrics with Polars queries.

    It is a `PandasExecutionEngine` for two reasons only: GX's expectations about types ask `isinstance` for the engines
    they know, and metrics that somebody else wrote for pandas are found through the engine's base classes. Such metrics
    run only with `pandas_fallback=True`, on the columns of their domain; `fallbacks` then says which.
    """

    recognized_batch_spec_defaults: set[str] = set()  # noqa: RUF012 - GX's own declaration, never changed

    def __init__(
        self,
        *args: Any,
        nan_as_null: bool = True,
        pandas_fallback: bool = False,
        collect_engine: CollectEngine = "auto",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.nan_as_null = nan_as_null
        self.pandas_fallback = pandas_fallback
        self.collect_engine = collect_engine
        self.fallbacks: list[str] = []
        """What was converted to pandas, one entry for each time."""
        self.queries = 0
        """How many times queries were run, all of a wave being one time."""
        self.looked_up = 0
        """How many metrics were answered from a profile."""
        self.naming: tuple[str, ...] = ()
        """The columns that the metric asked now names rows by: a metric for pandas says only which it is about."""
        self._values: dict[Hashable, Any] = {}
        self._conditions: dict[Hashable, Condition] = {}
        self._failures: dict[Hashable, Exception] = {}

    # -- batches -----------------------------------------------------------------------------------------------------

    def configure_validator(self, validator: Any) -> None:
        """Nothing: the pandas engine gives validators the methods of a pandas frame here."""

    def get_batch_data_and_markers(self, batch_spec: BatchSpec) -> tuple[PolarsBatchData, BatchMarkers]:
        """The batch in the spec; the spec keeps a word in its place, as specs are stored."""
        if not isinstance(batch_spec, RuntimeDataBatchSpec):
            raise BatchSpecError(f"Polars batches are given as frames, not as {type(batch_spec).__name__}")
        data = batch_spec.batch_data
        batch_spec.batch_data = "PolarsDataFrame"
        loaded = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        return self._batch(data), BatchMarkers({"ge_load_time": loaded})

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        """Take a batch. What is known of an earlier one of this id is forgotten: ids do not identify frames."""
        self._values.clear()
        self._conditions.clear()
        self._failures.clear()
        self._batch_manager.save_batch_data(batch_id=batch_id, batch_data=self._batch(batch_data))

    def _batch(self, data: Any) -> PolarsBatchData:
        if isinstance(data, PolarsBatchData):
            return data
        return PolarsBatchData(self, Rows.of(data, nan_as_null=self.nan_as_null))

    def batch_rows(self, domain: Mapping[str, Any]) -> Rows:
        """The batch that a domain is of.

        Raises:
            ValueError: the domain names a table, and there is but one.
            ValidationError: there is no such batch.
        """
        if domain.get(TABLE):
            # unless it raises, `expect_table_row_count_to_equal_other_table` compares a table with itself and passes
            raise ValueError("PolarsExecutionEngine does not currently support multiple named tables.")
        batch_id = domain.get("batch_id")
        if batch_id is None:
            if self.batch_manager.active_batch_data_id is None:
                raise ValidationError("No batch is specified, but could not identify a loaded batch.")
            batch = self.batch_manager.active_batch_data
        else:
            batch = self.batch_manager.batch_data_cache.get(batch_id)
        if not isinstance(batch, PolarsBatchData):
            raise ValidationError(f"Unable to find batch with batch_id {batch_id}")
        return batch.rows

    def domain_rows(self, domain: Mapping[str, Any], *, numbered: bool = False) -> pl.LazyFrame:
        """The rows of a domain: those of its batch that meet its row condition; with their numbers, where asked for."""
        rows = self.batch_rows(domain)
        frame = rows.frame.with_row_index(ROW) if numbered else rows.frame
        return filtered(self, frame, rows.schema, domain)

    def request(self, domain: Mapping[str, Any], arguments: Mapping[str, Any], metrics: Mapping[str, Any]) -> Request:
        """What a metric is asked, as its definition wants it."""
        rows = self.batch_rows(domain)

        def collect(frame: pl.LazyFrame) -> pl.DataFrame:
            return self.collect([frame], rows.height)[0]

        return Request(rows.schema, domain, arguments, metrics, lambda: self.domain_rows(domain), collect)

    def condition(self, key: Hashable, make: Callable[[], Condition]) -> Condition:
        """The condition of this key, made once for each batch."""
        if key not in self._conditions:
            self._conditions[key] = make()
        return self._conditions[key]

    # -- metrics -----------------------------------------------------------------------------------------------------

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[Any],
        metrics: Mapping[Any, Any] | None = None,
        runtime_configuration: Mapping[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """The values of some metrics, which need nothing of each other.

        GX calls this for a wave of its graph, and where one metric fails, for the whole wave again, up to three times:
        values and failures are kept, so that nothing is computed twice.

        Raises:
            MetricResolutionError: for all metrics that failed with the message of the first. GX files one message
                under all that are named, so those that failed otherwise are raised when it asks again.
        """
        asked = list(metrics_to_resolve)
        fresh = [metric for metric in asked if metric.id not in self._values and metric.id not in self._failures]
        answered, failures = resolve(self, fresh, {**self._values, **(metrics or {})}, runtime_configuration)
        self._values.update(answered)
        self._failures.update(failures)
        failed = [(metric, self._failures[metric.id]) for metric in asked if metric.id in self._failures]
        if failed:
            first = failed[0][1]
            alike = tuple(metric for metric, error in failed if str(error) == str(first))
            raise MetricResolutionError(message=str(first), failed_metrics=alike) from first
        return {metric.id: self._values[metric.id] for metric in asked}

    def collect(self, plans: Iterable[pl.LazyFrame], rows: int | None = None) -> list[pl.DataFrame]:
        """The frames of some queries over a batch of so many rows, run side by side."""
        self.queries += 1
        few = rows is not None and rows <= FEW_ROWS
        engine = ("in-memory" if few else "streaming") if self.collect_engine == "auto" else self.collect_engine
        return pl.collect_all(list(plans), engine=engine)

    # -- what is asked of a pandas engine ------------------------------------------------------------------------------

    def allow_fallback(self, what: str) -> None:
        """Remember that something is converted to pandas.

        Raises:
            ExecutionEngineError: the user did not turn the fallback on.
        """
        if not self.pandas_fallback:
            raise ExecutionEngineError(
                message=f"This metric has no Polars provider, and {what} would have to be converted to pandas. "
                "`add_polars(..., pandas_fallback=True)` allows it."
            )
        self.fallbacks.append(what)

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> Any:
        """The domain as a pandas frame, where that is allowed."""
        return fallback.domain_frame(self, domain_kwargs)

    def get_compute_domain(
        self, domain_kwargs: dict[str, Any], domain_type: Any, accessor_keys: Iterable[str] | None = None
    ) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        """The domain as a pandas frame, where that is allowed, and how its columns are found in it."""
        split = self._partition_domain_kwargs(domain_kwargs, domain_type, accessor_keys)
        return self.get_domain_records(domain_kwargs), split.compute, split.accessor
