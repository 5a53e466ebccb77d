"""What our fluent data sources share. Importing this imports GX."""

from __future__ import annotations

from typing import Any

from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent import BatchRequest
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset


def made_batch(asset: DataAsset, request: BatchRequest, data: Any, identifiers: IDDict, metadata: Any = None) -> Batch:
    """The batch of data that came with a request, loaded by the engine of the asset's data source."""
    spec = RuntimeDataBatchSpec(batch_data=data)
    loaded, markers = asset.datasource.get_execution_engine().get_batch_data_and_markers(batch_spec=spec)
    return Batch(
        datasource=asset.datasource,
        data_asset=asset,
        batch_request=request,
        data=loaded,
        metadata=metadata or {},
        batch_markers=markers,
        batch_spec=spec,
        batch_definition=LegacyBatchDefinition(
            datasource_name=asset.datasource.name,
            data_connector_name="fluent",
            data_asset_name=asset.name,
            batch_identifiers=identifiers,
        ),
    )
