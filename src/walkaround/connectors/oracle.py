"""Oracle, through oracledb without Oracle's own client: Arrow, and every NUMBER as the server's text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import Catalog
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import ROWS, CursorSession, batches_of
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

_SECONDS: Final = "LTRIM(TO_CHAR({}, 'SYYYY-MM-DD HH24:MI:SS'))"
_FRACTION: Final = "LTRIM(TO_CHAR({}, 'SYYYY-MM-DD HH24:MI:SS.FF'))"
_ZONED: Final = "LTRIM(TO_CHAR({}, 'SYYYY-MM-DD HH24:MI:SS.FF TZH:TZM'))"

GRAMMAR: Final = Grammar(
    native=frozenset({
        "varchar2", "nvarchar2", "char", "nchar", "clob", "nclob", "binary_float", "binary_double", "raw", "blob",
    }),
    typed={"date": "timestamp[s]", "timestamp": "timestamp[ns]"},
    decimals=frozenset({"number"}),
    text="TO_CHAR({})",
    texts={
        **dict.fromkeys(("varchar2", "nvarchar2", "char", "nchar"), "{}"),
        **dict.fromkeys(("number", "float"), "TO_CHAR({}, 'TM9')"),
        "date": _SECONDS,
        "timestamp": _FRACTION,
        "timestamp with time zone": _ZONED,
        "timestamp with local time zone": _ZONED,
        "raw": "RAWTOHEX({})",
        "rowid": "ROWIDTOCHAR({})",
        "xmltype": "XMLSERIALIZE(CONTENT {} AS CLOB)",
        "json": "JSON_SERIALIZE({} RETURNING CLOB)",
        "boolean": "CASE WHEN {} THEN 'true' WHEN NOT {} THEN 'false' END",
        "vector": "FROM_VECTOR({} RETURNING CLOB)",
    },
    mute=frozenset({"object", "long", "long raw", "bfile", "urowid"}),
    hashes_rows=False,
    md5="TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH({}, 'MD5')), 1, 8), 'XXXXXXXX')",
    first="FETCH FIRST {rows} ROWS ONLY",
    bernoulli="SAMPLE ({percent}) SEED ({seed})",
    blocks="SAMPLE BLOCK ({percent}) SEED ({seed})",
    unit="DBMS_ROWID.ROWID_RELATIVE_FNO(ROWID) * 4294967296 + DBMS_ROWID.ROWID_BLOCK_NUMBER(ROWID)",
)  # fmt: skip


def _tables(address: Address) -> str:
    del address
    return (
        "SELECT DISTINCT owner, object_name FROM all_objects "
        "WHERE object_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND object_name NOT LIKE 'BIN$%' "
        "AND owner NOT IN (SELECT username FROM all_users WHERE oracle_maintained = 'Y')"
    )


_CONSTRAINTS: Final = (
    "FROM all_constraints a JOIN all_cons_columns c ON c.owner = a.owner AND c.constraint_name = a.constraint_name "
)
CATALOG: Final = Catalog(
    GRAMMAR,
    tables=_tables,
    columns=(
        "SELECT column_name, CASE WHEN data_type_owner IS NOT NULL AND data_type <> 'XMLTYPE' THEN 'OBJECT' "
        "WHEN data_type = 'NUMBER' AND data_scale IS NOT NULL "
        "THEN 'NUMBER(' || COALESCE(data_precision, 38) || ',' || data_scale || ')' ELSE data_type END, nullable "
        "FROM all_tab_columns WHERE owner = {schema} AND table_name = {name} ORDER BY column_id"
    ),
    size=(
        "SELECT t.num_rows, t.num_rows * t.avg_row_len, o.object_type FROM all_objects o "
        "LEFT JOIN all_tables t ON t.owner = o.owner AND t.table_name = o.object_name "
        "WHERE o.owner = {schema} AND o.object_name = {name} AND o.object_type IN ('TABLE', 'VIEW') "
        "ORDER BY o.object_type"
    ),
    keys=(
        f"SELECT c.column_name {_CONSTRAINTS}"
        "WHERE a.constraint_type = 'P' AND a.owner = {schema} AND a.table_name = {name} ORDER BY c.position"
    ),
    foreign=(
        f"SELECT a.constraint_name, c.column_name, r.owner || '.' || r.table_name, r.column_name {_CONSTRAINTS}"
        "JOIN all_cons_columns r ON r.owner = a.r_owner AND r.constraint_name = a.r_constraint_name "
        "AND r.position = c.position "
        "WHERE a.constraint_type = 'R' AND a.owner = {schema} AND a.table_name = {name} "
        "ORDER BY a.constraint_name, c.position"
    ),
    restricted=(
        "SELECT policy_name FROM all_policies "
        "WHERE object_owner = {schema} AND object_name = {name} AND sel = 'YES' AND enable = 'YES'"
    ),
    counts=True,  # and no ranges: many of them in one condition may be answered by a full scan of each statement
)

RULES: Final = (
    Rule("login", frozenset({"ORA-01017", "ORA-28000", "ORA-28001", "ORA-01005", "ORA-28040", "DPY-3015"})),
    Rule("denied", frozenset({"ORA-01031", "ORA-01045", "ORA-41900"})),
    Rule("missing", frozenset({"ORA-00942", "ORA-12514", "ORA-12505", "DPY-6001", "DPY-6003"})),
    Rule("timeout", frozenset({"DPY-4024", "ORA-01013", "ORA-00040", "ORA-02396", "ORA-12170"})),
    Rule("changed", frozenset({"ORA-01555", "ORA-01466"}), hint="run it when less is written, or sample fewer rows"),
    Rule("tls", frozenset({"ORA-28860", "ORA-29024", "ORA-29019", "DPY-6008"})),
    Rule("throttled", frozenset({"ORA-02391", "ORA-00018", "ORA-00020", "ORA-12516", "ORA-12519"}), passes=True),
    Rule("unreachable", frozenset({"DPY-4011", "ORA-03113", "ORA-03114", "ORA-12537", "DPY-1001"}), passes=True),
    Rule("unreachable", frozenset({"DPY-6005", "DPY-6000", "ORA-12541", "ORA-12545", "ORA-12154"})),
)  # fmt: skip


def _read(error: BaseException) -> tuple[str, str]:
    return str(getattr(next(iter(error.args), None), "full_code", "") or ""), str(error)


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # the client keeps the time of every call
    return (
        "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'",
        "ALTER SESSION SET TIME_ZONE = '+00:00'",
        "SET TRANSACTION READ ONLY",
    )


def _connect(address: Address, limits: Limits) -> Session:
    """A login without retries. `dsn`, `config_dir`, `wallet_location`, `wallet_password`, `sid` are parameters."""
    client = driver("oracledb")
    said = options_of(address)
    parts = address.parts
    where = (
        {}
        if "dsn" in said
        else named(
            host=parts.hostname,
            port=parts.port or 1521,
            service_name=None if "sid" in said else next(iter(path_of(address)), None),
            protocol="tcps" if address.scheme == "oracle+tcps" else None,
        )
    )
    connection = client.connect(
        **named(user=address.user, password=address.password, **where, **said),
        tcp_connect_timeout=CONNECT_SECONDS,
        retry_count=0,
        program=APPLICATION,
    )
    connection.call_timeout = int(limits.seconds * 1000)
    connection.module = APPLICATION
    return CursorSession(connection, _batches, _stop, rests=True)


def _batches(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    frames = cursor.connection.fetch_df_batches(statement=statement, size=ROWS, fetch_decimals=True)
    yield from batches_of((pa.table(frame) for frame in frames), ())


def _stop(cursor: Any) -> tuple[str, ...]:
    cursor.connection.cancel()
    return ()


CONNECTOR = SqlConnector(
    Engine(
        kind="oracle",
        schemes=("oracle", "oracle+tcps"),
        client=Client(("oracledb",), "oracle", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
        end=("ROLLBACK",),
    )
)
