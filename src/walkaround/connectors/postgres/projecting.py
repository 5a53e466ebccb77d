"""Projecting: how a column of each type is asked for, so that what arrives is what is stored.

What the driver does to types that are not asked for as text was measured: it turns infinity into a date, money into
cents, oid 4294967295 into -1 and nested arrays into flat ones, and hands over bits, ranges and addresses as bytes.
"""

from __future__ import annotations

import re
from typing import Final

from walkaround.connectors.sql.projection import LARGEST_PRECISION, Projection
from walkaround.connectors.sql.shape import ServerColumn, TableName

NATIVE: Final = frozenset(
    {"boolean", "smallint", "integer", "bigint", "real", "double precision", "bytea"}
)  # fmt: skip
TEXTS: Final = frozenset({"text", "character varying", "character", "name"})
GUARDED: Final = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
_PARAMETERS: Final = re.compile(r"\(([\d,-]+)\)")


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def written(table: TableName) -> str:
    """A table's name as SQL."""
    return f"{quoted(table.schema)}.{quoted(table.name)}"


def literal(text: str) -> str:
    """A text as SQL, as `standard_conforming_strings` reads it, which a session of ours switches on."""
    return "'" + text.replace("'", "''") + "'"


def projected(column: ServerColumn, encoding: str) -> Projection:
    """How a column is asked for in a database of an encoding."""
    name, bare = quoted(column.name), _PARAMETERS.sub("", column.type)
    if bare in NATIVE:
        return Projection(column, (name,), "native")
    if bare in GUARDED:
        return Projection(column, guarded(name), "guarded")
    if encoding == "SQL_ASCII":  # bytes of any encoding, which the server does not convert
        return Projection(column, (f"convert_to({name}::text, 'SQL_ASCII')",), "bytes")
    if bare in TEXTS:
        # Blanks that fill a `character(6)` are stored, and lost by a cast.
        return Projection(column, (name,), "text")
    if (sizes := _sizes(column.type, bare)) is not None:
        return Projection(column, (f"{name}::text",), "decimal", *sizes)
    return Projection(column, (f"{name}::text",), "text")


def guarded(name: str) -> tuple[str, str]:
    """A date or timestamp within the years 1 to 9999, and the server's text of any other."""
    inside = f"isfinite({name}) AND {name} >= '0001-01-01' AND {name} < '10000-01-01'"
    return f"CASE WHEN {inside} THEN {name} END", f"CASE WHEN NOT ({inside}) THEN {name}::text END"


def _sizes(kind: str, bare: str) -> tuple[int, int] | None:
    """Precision and scale of a decimal that Arrow can hold."""
    found = _PARAMETERS.search(kind)
    if bare != "numeric" or found is None:
        return None
    precision, scale = (int(number) for number in found.group(1).split(","))
    return (precision, scale) if 0 <= scale <= precision <= LARGEST_PRECISION else None
