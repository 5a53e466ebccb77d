"""Anything with an ODBC driver, in a process of its own, as text but for floats.

What an ODBC driver makes of a value is its own affair, so numbers, dates and times are made text by the server; floats
are read as doubles, as a server's text of them may be cut.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from walkaround.connectors.address import Address
from walkaround.connectors.odbc.session import NO_ROW, CrashedError, OdbcError, OdbcSession, StuckError
from walkaround.connectors.sql.catalog import THIS_TABLE, Catalog, standard_keys, standard_tables
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.dialect import Ask, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule
from walkaround.connectors.sql.grammar import STANDARD
from walkaround.connectors.sql.place import options_of
from walkaround.connectors.sql.shape import Shape, TableName

LONGEST_TEXT: Final = 8_000
"""Letters of the longest text, where the URI does not say `longest_text`: the driver is given room for so many."""
_OURS: Final = ("longest_text",)

_CHARACTERS: Final = ("char", "character", "varchar", "character varying", "nchar", "nvarchar", "text", "string")
_LONG: Final = ("json", "jsonb", "xml", "clob", "nclob", "array", "user-defined", "large_string")
"""Types whose values may be longer than a cast leaves them: as the driver writes them."""

GRAMMAR: Final = replace(
    STANDARD,
    native=frozenset({*_CHARACTERS, *_LONG, "double precision", "double", "float", "real"}),
    typed=MappingProxyType({
        **dict.fromkeys(("smallint", "int", "integer", "bigint"), "int64"),
        **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"), "int64"),
        **dict.fromkeys(("date", "date32[day]"), "date32"),
        **dict.fromkeys(("timestamp", "timestamp without time zone"), "timestamp[us]"),
        **{f"timestamp[{unit}]": f"timestamp[{unit}]" for unit in ("s", "ms", "us", "ns")},
    }),
    texts=MappingProxyType(dict.fromkeys((*_CHARACTERS, *_LONG), "{}")),
    decimals=frozenset({"numeric", "decimal", "decimal128"}),
    mute=frozenset({
        "binary", "large_binary", "fixed_size_binary", "bytea", "blob", "varbinary", "binary varying", "image",
    }),
    first="FETCH FIRST {rows} ROWS ONLY",
)  # fmt: skip
"""In the words of the standard where the server has its catalog, else of Arrow, which the driver tells types in."""

CATALOG: Final = Catalog(
    GRAMMAR,
    tables=standard_tables(GRAMMAR),
    columns=(
        "SELECT column_name, data_type, is_nullable, numeric_precision, numeric_scale "  # noqa: S608 - a constant
        f"FROM information_schema.columns WHERE {THIS_TABLE} ORDER BY ordinal_position"
    ),
    keys=standard_keys(),
    counts=True,
    ranges=True,
    notes=(
        "ODBC has no read-only session: walkaround's user should have the right to SELECT and no other",
        "columns of bytes are left out",
    ),
)
_SYSTEM: Final = frozenset({"pg_catalog", "sys", "mysql", "performance_schema", "syscat", "sysibm"})


class OdbcTables:
    """The catalog, as far as a server has the standard's information_schema; without it, tables have to be named."""

    def listed(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables that the server lists; none where it lists none."""
        return [table for table in CATALOG.listed(_forgiving(ask), address) if table.schema.lower() not in _SYSTEM]

    def looked(self, ask: Ask, table: TableName) -> Shape | None:
        """A table's columns, its rows, counted, and its key where the server tells it."""
        asked = _forgiving(ask)

        def told(statement: str) -> list[tuple[Any, ...]]:
            if statement != CATALOG.filled(CATALOG.columns, table):
                return ask(statement) if "information_schema" not in statement else asked(statement)
            standard = [(name, _type(kind, *numbers), null) for name, kind, null, *numbers in asked(statement)]
            return standard or ask(CATALOG.filled("SELECT * FROM {table}", table) + NO_ROW)

        return CATALOG.looked(told, table)


def _type(kind: str, precision: object, scale: object) -> str:
    return f"{kind}({precision},{scale or 0})" if kind.lower() in ("numeric", "decimal") and precision else kind


def _forgiving(ask: Ask) -> Ask:
    """Asks what a server need not know."""

    def asked(statement: str) -> list[tuple[Any, ...]]:
        try:
            return ask(statement)
        except (CrashedError, StuckError):
            raise
        except OdbcError as error:
            if _STATE.search(str(error)) is None:
                raise
            return []

    return asked


RULES: Final = (
    Rule("driver", frozenset({"IM002", "IM003"}), words=r"can't open lib", hint="look at odbcinst -q -d and -s"),
    Rule("driver", words=r"^the driver ended its process", hint="look for a newer driver, or read it another way"),
    Rule("timeout", frozenset({"HYT00", "HYT01", "57014", "S1T00"}), words=r"did not answer in time"),
    Rule("login", frozenset({"28000", "28P01"}), words=r"authentication failed|access denied|login failed"),
    Rule("tls", words=r"certificate|ssl"),
    Rule("denied", frozenset({"42501"}), words=r"permission denied|not authorized"),
    Rule("missing", frozenset({"42S02", "42P01", "42S22", "42703", "3D000"}), words=r"does not exist"),
    Rule("unreachable", frozenset({"08S01", "08003", "08007"}), passes=True),
    Rule("unreachable", frozenset({"08001", "08004"})),
)  # fmt: skip
_SPECIAL: Final = re.compile(r"[\s;{}\[\](),?*=!@]")
_STATE: Final = re.compile(r"State: (\w{5}), ")


def _read(error: BaseException) -> tuple[str, str]:
    found = _STATE.search(str(error))
    _, _, message = str(error).partition("Message: ")
    return (found.group(1), message) if found else ("", str(error))


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # the driver is told the time limit with every statement
    return ()


def connection_string(address: Address) -> str:
    """What an ODBC driver manager is told: the data source that stands where a host does, and the parameters.

    >>> connection_string(Address("odbc://ana@Sales?Database=crm&table=t", ""))
    'DSN=Sales;Database=crm;'
    """
    source = address.parts.netloc.rpartition("@")[2]
    said = {**({"DSN": source} if source else {}), **options_of(address, *_OURS)}
    return "".join(f"{name}={_braced(value)};" for name, value in said.items())


def _braced(value: str) -> str:
    """In braces only where it has to be: not every driver takes them off again."""
    return f"{{{value.replace('}', '}}')}}}" if _SPECIAL.search(value) else value


def _connect(address: Address, limits: Limits) -> Session:
    longest = int(address.options.get("longest_text", LONGEST_TEXT))
    session = OdbcSession(limits.seconds, longest)
    try:
        session.log_in(connection_string(address), address.user, address.password)
    except BaseException:
        session.close()
        raise
    return session


CONNECTOR = SqlConnector(
    Engine(
        kind="odbc",
        schemes=("odbc",),
        client=Client(("arrow_odbc", "walkaround"), "odbc", _read),
        grammar=GRAMMAR,
        lookup=OdbcTables(),
        log_in=_connect,
        begin=_begin,
        rules=RULES,
    )
)
