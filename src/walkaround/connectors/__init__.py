"""Connectors: one module a kind of source. The folder is listed, and what its modules offer as `CONNECTOR` is used.

>>> sample = open_sample(Source("customers", "data/customers.csv"))   # doctest: +SKIP
>>> for batch in sample.batches(): ...                                # doctest: +SKIP
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

from walkaround.connectors.address import Address, address_of
from walkaround.connectors.contract import Connector, FileState, Plan
from walkaround.connectors.location import FILE_SCHEMES, locate
from walkaround.errors import SourceError, UsageError

if TYPE_CHECKING:
    from walkaround.model.sample import Sample
    from walkaround.model.source import Source

__all__ = ["Connector", "FileState", "Plan", "connector_for", "connectors", "open_sample", "sample_of"]


@cache
def connectors() -> tuple[Connector, ...]:
    """Every connector that the modules of this folder offer, by kind."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    offered: list[Connector] = [module.CONNECTOR for module in modules if hasattr(module, "CONNECTOR")]
    return tuple(sorted(offered, key=lambda connector: connector.kind))


def connector_for(source: Source) -> Connector:
    """The connector that reads `source`.

    Raises:
        UsageError: the URI is of a kind that this version does not read, or names an unset `${NAME}`.
        SourceError: there is no such file, or what it holds is not what any connector reads.
    """
    address = address_of(source)
    if address.scheme and address.scheme not in FILE_SCHEMES:
        return _remote(address)
    place = locate(source)
    for connector in connectors():
        if connector.claims(place.uri):
            return connector
    kinds = ", ".join(connector.kind for connector in connectors() if connector.kind != "memory")
    raise SourceError(
        source.name,
        "not_what_it_says",
        f"{place.shown}: the kind of file could not be told from its name and first bytes",
        f"supported are: {kinds}",
    )


def _remote(address: Address) -> Connector:
    """The connector of a scheme that names no file of this machine."""
    for connector in connectors():
        if address.scheme in connector.schemes and connector.claims(address.uri):
            return connector
    known = sorted({scheme for connector in connectors() for scheme in connector.schemes})
    near = difflib.get_close_matches(address.scheme, known, n=1)
    raise UsageError(
        f"{address.scheme}:// sources are not supported by this version of walkaround",
        f"did you mean {near[0]}://?"
        if near
        else f"give a file, or one of {', '.join(f'{name}://' for name in known)}",
    )


def open_sample(source: Source) -> Sample:
    """Find the connector of `source`, look at it, plan and open it. Rows are read by `Sample.batches`.

    Raises:
        UsageError: the URI is of a kind that this version does not read.
        SourceError: the source is missing, empty, unreadable or not what its name says.
    """
    connector = connector_for(source)
    return connector.read(connector.plan(source))


def sample_of(name: str, table: Any) -> Sample:
    """A sample of a table held in memory: PyArrow, Polars, pandas, or anything with `__arrow_c_stream__`.

    Raises:
        UsageError: `table` is none of these.
        SourceError: a column of it cannot be read.
    """
    from walkaround.connectors.memory import sample_of_table  # noqa: PLC0415 - pyarrow loads where it is used

    return sample_of_table(name, table)
