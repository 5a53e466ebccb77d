"""Great Expectations on Polars and Arrow: importing this is all that is needed.

```python
import great_expectations as gx
import walkaround.gx.rows

context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_polars("production").add_dataframe_asset("orders")
batch = asset.add_batch_definition_whole_dataframe("sample").get_batch({"dataframe": frame})
batch.validate(suite)
```

Importing registers the data source and its metrics with GX, because GX finds both in registries of its own.
"""

from great_expectations.expectations.registry import register_core_metrics

from walkaround.gx.rows.datasource import PolarsDataFrameAsset, PolarsDatasource
from walkaround.gx.rows.engine import PolarsExecutionEngine
from walkaround.gx.rows.frames import Profiled
from walkaround.gx.rows.metrics import definitions
from walkaround.gx.rows.registration import register

__all__ = ["PolarsDataFrameAsset", "PolarsDatasource", "PolarsExecutionEngine", "Profiled"]

register_core_metrics()  # ours take their keys from those that GX's own engines registered
register(definitions())
