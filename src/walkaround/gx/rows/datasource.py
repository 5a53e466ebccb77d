"""The fluent data source: `context.data_sources.add_polars(name).add_dataframe_asset(name)`."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from great_expectations.compatibility import pydantic
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent import BatchRequest
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource
from great_expectations.exceptions.exceptions import BuildBatchRequestError, InvalidBatchRequestError

from walkaround.gx.fluent import made_batch
from walkaround.gx.rows.engine import CollectEngine, PolarsExecutionEngine
from walkaround.gx.rows.frames import is_frame, rereadable

FRAME: Final = "dataframe"
"""The batch parameter that holds the frame. GX keeps exactly this name out of batch ids and stored results."""

EngineType = type[PolarsExecutionEngine]
"""Named here, as data sources have a field `type`."""


class PolarsDataFrameAsset(DataAsset):
    """Frames and Arrow tables; each comes with the batch parameters, as `{"dataframe": ...}`."""

    type: Literal["dataframe"] = "dataframe"

    class Config:
        """What is not a field is refused."""

        extra = pydantic.Extra.forbid

    def test_connection(self) -> None:
        """There is nothing to connect to."""

    def add_batch_definition_whole_dataframe(self, name: str) -> BatchDefinition[None]:
        """The definition of a batch that is a whole frame."""
        return self.add_batch_definition(name=name, partitioner=None)

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:
        """The one parameter: the frame."""
        del partitioner
        return (FRAME,)

    def build_batch_request(
        self, options: dict[str, Any] | None = None, batch_slice: Any = None, partitioner: Any = None
    ) -> BatchRequest:
        """A request for a frame. Arrow data is made `rereadable` here, as GX builds some batches more than once.

        Raises:
            BuildBatchRequestError: there is no frame among the options, or something else is.
        """
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError(message="A frame is one batch: no slices, no partitions")
        if not options or set(options) != {FRAME}:
            raise BuildBatchRequestError(message="options must contain exactly 1 key, 'dataframe'.")
        if not is_frame(options[FRAME]):
            raise BuildBatchRequestError(
                message="'dataframe' must be a Polars DataFrame or LazyFrame, an Arrow Table, RecordBatch or "
                f"RecordBatchReader, or one of these Profiled, not {type(options[FRAME]).__name__}"
            )
        options = {FRAME: rereadable(options[FRAME])}
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options=options)

    def _validate_batch_request(self, batch_request: BatchRequest) -> None:
        options = batch_request.options
        ours = batch_request.datasource_name == self.datasource.name and batch_request.data_asset_name == self.name
        if not ours or set(options) != {FRAME} or not is_frame(options[FRAME]):
            raise InvalidBatchRequestError("BatchRequest must have options={'dataframe': <frame>}")

    def get_batch_identifiers_list(self, batch_request: BatchRequest) -> list[dict[str, Any]]:
        """One batch."""
        return [IDDict(batch_request.options)]

    def get_batch(self, batch_request: BatchRequest) -> Batch:
        """The batch of this frame."""
        self._validate_batch_request(batch_request)
        metadata = self._get_batch_metadata_from_batch_request(batch_request=batch_request, ignore_options=(FRAME,))
        identifiers = make_batch_identifier(batch_request.options)
        return made_batch(self, batch_request, batch_request.options[FRAME], identifiers, metadata)


class PolarsDatasource(Datasource):
    """Frames of Polars and tables of Arrow, validated by `PolarsExecutionEngine`.

    `nan_as_null`: whether NaN counts as missing, as it does on pandas. `pandas_fallback`: whether metrics that were
    written for pandas may run, on a conversion of their columns. `collect_engine`: the engine of Polars that queries
    run on, by default the one for so many rows.
    """

    asset_types: ClassVar[list[type[DataAsset]]] = [PolarsDataFrameAsset]

    type: Literal["polars"] = "polars"
    assets: list[PolarsDataFrameAsset] = []  # noqa: RUF012 - pydantic copies the default for each instance
    nan_as_null: bool = True
    pandas_fallback: bool = False
    collect_engine: CollectEngine = "auto"

    @property
    def execution_engine_type(self) -> EngineType:
        """The engine that answers with Polars."""
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:  # noqa: FBT001, FBT002 - GX's own signature
        """There is nothing to connect to."""

    def add_dataframe_asset(self, name: str, batch_metadata: dict[str, Any] | None = None) -> PolarsDataFrameAsset:
        """An asset for frames."""
        asset: PolarsDataFrameAsset = self._add_asset(
            asset=PolarsDataFrameAsset(name=name, batch_metadata=batch_metadata or {})
        )
        return asset
