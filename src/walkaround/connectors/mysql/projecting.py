"""Projecting: how a column of each type is asked for, so that what arrives is what is stored.

Everything arrives as the server's text. What the text of a type hides was measured: six digits of a FLOAT, NULL for a
HEX that is longer than a packet, bytes where a client looks for letters.
"""

from __future__ import annotations

import re
from typing import Final

from walkaround.connectors.sql.projection import LARGEST_PRECISION, Projection
from walkaround.connectors.sql.shape import ServerColumn

WHOLE: Final = frozenset({"tinyint", "smallint", "mediumint", "int", "integer", "bigint"})
SHORT_BINARY: Final = frozenset({"binary", "varbinary"})
TEXTS: Final = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
SPATIAL: Final = frozenset({
    "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
    "geometrycollection", "geomcollection",
})  # fmt: skip
BINARY: Final = SHORT_BINARY | SPATIAL | {"tinyblob", "blob", "mediumblob", "longblob", "vector"}
"""Types of bytes, which are read as hexadecimal digits."""
LONGEST_HEX: Final = 4096
"""Bytes of a binary value that are read. Of a longer one its length and its MD5 are: pictures and archives would fill
the sample and tell no more, and a server answers NULL, without an error, for digits that outgrow its packets."""
_PARAMETERS: Final = re.compile(r"\((\d+)(?:,(\d+))?\)")


def quoted(name: str) -> str:
    """A name as SQL."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A text as SQL, as `sql_mode = ''` reads it, which a session of ours sets."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0") + "'"


def bare_type(column: ServerColumn) -> str:
    """The type without its parameters: `decimal` of `decimal(12,2) unsigned`."""
    return re.split(r"[ (]", column.type, maxsplit=1)[0].lower()


def projected(column: ServerColumn) -> Projection:  # noqa: PLR0911 - a table of types, read downwards
    """How a column is asked for."""
    name, bare = quoted(column.name), bare_type(column)
    if bare in BINARY:
        return Projection(column, (digits(name) if bare in SHORT_BINARY else digits_or_digest(name),), "text")
    if bare == "bit":
        return Projection(column, (f"{name} + 0",), "number", arrow="uint64")
    if bare in ("float", "double", "real"):
        # The text of a FLOAT has six digits; that of a double has all that it takes.
        return Projection(column, (f"{name} + 0e0",), "number", arrow="float" if bare == "float" else "double")
    if "zerofill" in column.type:  # the zeros are what its readers see
        return Projection(column, (name,), "text")
    if bare in WHOLE:
        return Projection(column, (name,), "number", arrow="uint64" if _huge(bare, column.type) else "int64")
    if bare in ("decimal", "numeric") and (sizes := _sizes(column.type)) is not None:
        return Projection(column, (name,), "decimal", *sizes)
    if bare == "date":
        return Projection(column, (name,), "temporal", arrow="date32")
    if bare in ("datetime", "timestamp"):
        return Projection(column, (name,), "temporal", arrow="timestamp[us]")
    return Projection(column, (name,), "text")


def digits(name: str) -> str:
    """Bytes as hexadecimal digits."""
    return f"HEX({name})"


def digits_or_digest(name: str) -> str:
    """Bytes as hexadecimal digits, or the length and the digest of what is too long."""
    long = f"CONCAT(OCTET_LENGTH({name}), ' bytes, MD5 ', MD5({name}))"
    return f"IF(OCTET_LENGTH({name}) > {LONGEST_HEX}, {long}, HEX({name}))"


def key_text(column: ServerColumn) -> str:
    """A key as the text that is hashed, the same in every server."""
    name, bare = quoted(column.name), bare_type(column)
    if bare in BINARY:
        return digits(name)
    if bare == "bit":
        return f"CAST({name} + 0 AS CHAR)"
    return f"CAST({name} AS CHAR)"


def _huge(bare: str, declared: str) -> bool:
    return bare == "bigint" and "unsigned" in declared


def _sizes(declared: str) -> tuple[int, int] | None:
    """Precision and scale of a decimal that Arrow can hold."""
    found = _PARAMETERS.search(declared)
    if found is None:
        return None
    precision, scale = int(found.group(1)), int(found.group(2) or 0)
    return (precision, scale) if precision <= LARGEST_PRECISION else None
