"""A fluent data source whose batch is the facts of one profile. Importing this imports GX."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent import BatchRequest
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource
from great_expectations.exceptions import ExecutionEngineError
from great_expectations.exceptions.exceptions import BuildBatchRequestError, InvalidBatchRequestError
from great_expectations.execution_engine import ExecutionEngine

from walkaround.gx.fluent import made_batch
from walkaround.model.fact import Fact, FactKey

FACTS_PARAMETER = "dataframe"
"""The batch parameter that holds the facts. GX keeps exactly this name out of batch ids and stored results."""

EngineType = type[ExecutionEngine]
"""Named here, as data sources have a field `type`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by name and columns."""

    by_key: Mapping[FactKey, Fact]

    def number(self, name: str, columns: tuple[str, ...]) -> float:
        """The value of a fact.

        Raises:
            LookupError: there is no such fact, or nothing there to measure, or the value is no finite number.
        """
        fact = self.by_key.get((name, columns))
        if fact is None:
            raise LookupError(f"the profile has no {name}")
        if fact.value is None:
            raise LookupError(f"there was nothing to measure {name} on")
        if not math.isfinite(fact.value):
            raise LookupError(f"{name} is not a finite number")
        return fact.value


class FactsBatchData(BatchData):
    """What the engine keeps of a batch."""

    def __init__(self, execution_engine: FactsEngine, facts: Facts) -> None:
        super().__init__(execution_engine=execution_engine)
        self.facts = facts


class FactsEngine(ExecutionEngine):
    """Holds the facts of the active batch; there are no rows to filter."""

    @property
    def facts(self) -> Facts:
        """The facts of the active batch."""
        data: FactsBatchData = self.batch_manager.active_batch_data
        return data.facts

    def get_batch_data_and_markers(self, batch_spec: RuntimeDataBatchSpec) -> tuple[FactsBatchData, BatchMarkers]:
        """The facts in the spec; the spec keeps a word in their place, as specs are stored."""
        facts = batch_spec.batch_data
        batch_spec.batch_data = "Facts"
        return FactsBatchData(self, facts), BatchMarkers({"ge_load_time": None})

    def _comparison_condition_to_filter_clause(self, condition: Any) -> Any:
        raise _no_rows(condition)

    def _nullity_condition_to_filter_clause(self, condition: Any) -> Any:
        raise _no_rows(condition)

    def _and_condition_to_filter_clause(self, condition: Any) -> Any:
        raise _no_rows(condition)

    def _or_condition_to_filter_clause(self, condition: Any) -> Any:
        raise _no_rows(condition)


def _no_rows(condition: Any) -> ExecutionEngineError:
    return ExecutionEngineError(message=f"A profile has no rows to filter by {condition}")


class ProfileAsset(DataAsset):
    """One profile; its facts come with the batch parameters."""

    type: Literal["profile"] = "profile"

    def test_connection(self) -> None:
        """There is nothing to connect to."""

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:
        """The one parameter: the facts."""
        del partitioner
        return (FACTS_PARAMETER,)

    def build_batch_request(
        self, options: dict[str, Any] | None = None, batch_slice: Any = None, partitioner: Any = None
    ) -> BatchRequest:
        """A request for these facts."""
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError(message="A profile is one batch: no slices, no partitions")
        request = BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options=options or {})
        self._validate_batch_request(request)
        return request

    def _validate_batch_request(self, batch_request: BatchRequest) -> None:
        options = batch_request.options
        if set(options) != {FACTS_PARAMETER} or not isinstance(options[FACTS_PARAMETER], Facts):
            raise InvalidBatchRequestError(f"The batch parameters must be {{{FACTS_PARAMETER!r}: Facts(...)}}")

    def get_batch_identifiers_list(self, batch_request: BatchRequest) -> list[dict[str, Any]]:
        """One batch, nameless."""
        del batch_request
        return [IDDict({})]

    def get_batch(self, batch_request: BatchRequest) -> Batch:
        """The batch of these facts."""
        self._validate_batch_request(batch_request)
        return made_batch(self, batch_request, batch_request.options[FACTS_PARAMETER], IDDict({}))


class ProfileDatasource(Datasource):
    """`context.data_sources.add_walkaround_profile(name)`: profiles as batches."""

    asset_types: ClassVar[list[type[DataAsset]]] = [ProfileAsset]

    type: Literal["walkaround_profile"] = "walkaround_profile"
    assets: list[ProfileAsset] = []  # noqa: RUF012 - pydantic copies the default for each instance

    @property
    def execution_engine_type(self) -> EngineType:
        """The engine that holds facts."""
        return FactsEngine

    def test_connection(self, test_assets: bool = True) -> None:  # noqa: FBT001, FBT002 - GX's own signature
        """There is nothing to connect to."""

    def add_profile_asset(self, name: str) -> ProfileAsset:
        """An asset for the profiles of one source."""
        asset: ProfileAsset = self._add_asset(asset=ProfileAsset(name=name))
        return asset


def whole_profile(asset: ProfileAsset) -> BatchDefinition:
    """The batch definition of all facts of a profile."""
    return asset.add_batch_definition(name="facts", partitioner=None)
