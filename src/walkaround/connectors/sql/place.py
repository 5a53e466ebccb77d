"""Place: what stands in the path and the parameters of a server's address, as client libraries ask for it."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from walkaround.connectors.address import Address

OURS: Final = frozenset({"table"})
"""Parameters that are not the client's."""


def path_of(address: Address) -> list[str]:
    """The parts of the path, decoded: database, schema, table.

    >>> path_of(Address("snowflake://account/CRM/PUBLIC", ""))
    ['CRM', 'PUBLIC']
    """
    return [unquote(part) for part in address.parts.path.split("/") if part]


def named(**values: object) -> dict[str, object]:
    """What was said, without what was not.

    >>> named(user="ana", port=None)
    {'user': 'ana'}
    """
    return {name: value for name, value in values.items() if value is not None}


def options_of(address: Address, *but: str) -> dict[str, str]:
    """The parameters of the address that are the client library's, by name."""
    return {name: value for name, value in address.options.items() if name not in OURS and name not in but}
