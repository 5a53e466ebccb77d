"""A pytest plug-in: tests that Great Expectations parametrises over `pandas-data-frame` get a batch of Polars instead.

The pandas frame of a test is converted by Arrow's own `Table.from_pandas`, as on any user's machine, and nothing is
done about what becomes of it. Columns of the dtype object get the Arrow type of their values (integers become int64,
texts string, and a column of nothing but None the type null), the nullable dtypes of pandas their Arrow type, and NaN
in a float column becomes null. No column of the tests mixes types so that Arrow refuses it. `--given-as` says in which
form the table is then handed to the data source; falling back to pandas is forbidden in all.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.integration.test_utils.data_source_config.base import BatchTestSetup
from tests.integration.test_utils.data_source_config.pandas_data_frame import PandasDataFrameDatasourceTestConfig

import walkaround.gx.rows  # noqa: F401 - registers the data source


def _scanned(table: pa.Table, folder: Path) -> pl.LazyFrame:
    path = folder / "table.parquet"
    if not path.exists():  # the frame of a test is the same for each of its batches
        parquet.write_table(table, path)
    return pl.scan_parquet(path)


FORMS: Final[Mapping[str, Callable[[pa.Table, Path], Any]]] = {
    "polars": lambda table, _: pl.from_arrow(table),
    "arrow": lambda table, _: table,
    "lazy": _scanned,
    "reader": lambda table, _: table.to_reader(),
}
"""A record batch reader gives its rows once, so each batch gets a new one, and whoever asks one twice sees no rows."""

_sources: list[Any] = []
"""The data sources of the test that runs."""


class PolarsBatchTestSetup(BatchTestSetup[PandasDataFrameDatasourceTestConfig, Any]):
    """What Great Expectations' fixtures ask for the batch and the asset of a test."""

    folder: Path
    form: str

    def make_asset(self) -> Any:
        """An asset of a Polars data source."""
        source = self.context.data_sources.add_polars(self._random_resource_name(), pandas_fallback=False)
        _sources.append(source)
        return source.add_dataframe_asset(self._random_resource_name())

    def make_batch(self) -> Any:
        """The frame of the test, as a batch."""
        table = pa.Table.from_pandas(self.data, preserve_index=False)
        definition = self.make_asset().add_batch_definition_whole_dataframe(self._random_resource_name())
        return definition.get_batch(batch_parameters={"dataframe": FORMS[self.form](table, self.folder)})

    def setup(self) -> None:
        """There is nothing to set up."""

    def teardown(self) -> None:
        """There is nothing to tear down."""


def _create_batch_setup(  # noqa: ANN202, PLR0917 - the signature is the one it stands in for
    self: PandasDataFrameDatasourceTestConfig,
    request: pytest.FixtureRequest,
    data: pd.DataFrame,
    extra_data: Mapping[str, pd.DataFrame],
    context: Any,
    engine_manager: Any = None,
):
    del engine_manager
    assert not extra_data, "the pandas data source has no further tables either"
    setup = PolarsBatchTestSetup(data=data, config=self, context=context)
    setup.folder = request.getfixturevalue("tmp_path_factory").mktemp("given")
    setup.form = request.config.getoption("--given-as")
    return setup


PandasDataFrameDatasourceTestConfig.create_batch_setup = _create_batch_setup  # type: ignore[method-assign]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The form."""
    parser.addoption("--given-as", choices=[*FORMS], default="polars")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """After a test, keep on how many Polars assets it ran, and what was converted to pandas."""
    try:
        return (yield)
    finally:
        fallbacks = [each for source in _sources for each in source.get_execution_engine().fallbacks]
        item.user_properties += [("batches", len(_sources)), ("fallbacks", fallbacks)]
        _sources.clear()
