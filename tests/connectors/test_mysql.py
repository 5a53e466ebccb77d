"""MySQL and MariaDB, as far as no server is needed: what is asked for, what errors mean, who logs in how."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from itertools import pairwise

import pytest
from pymysql.err import DataError, InterfaceError, InternalError, OperationalError, ProgrammingError

from walkaround.connectors.address import Address, without_secrets
from walkaround.connectors.mysql.cells import ranges_drawn
from walkaround.connectors.mysql.dialect import MySql
from walkaround.connectors.mysql.faults import fault_of
from walkaround.connectors.mysql.login import login_of
from walkaround.connectors.mysql.projecting import literal, projected, quoted
from walkaround.connectors.mysql.thickness import counting, stretches_of
from walkaround.connectors.sql.dialect import Limits
from walkaround.connectors.sql.drawing import Wanted
from walkaround.connectors.sql.shape import KeyRange, ServerColumn, TableName
from walkaround.errors import UsageError


@pytest.mark.parametrize(
    ("declared", "expression", "read_as", "arrow"),
    [
        ("int(11)", "`c`", "number", "int64"),
        ("bigint(20) unsigned", "`c`", "number", "uint64"),
        ("bigint unsigned", "`c`", "number", "uint64"),
        ("int(6) unsigned zerofill", "`c`", "text", ""),
        ("tinyint(1)", "`c`", "number", "int64"),
        ("decimal(38,10) unsigned", "`c`", "decimal", ""),
        ("decimal(39,10)", "`c`", "text", ""),
        ("float(7,3)", "`c` + 0e0", "number", "float"),
        ("double", "`c` + 0e0", "number", "double"),
        ("bit(8)", "`c` + 0", "number", "uint64"),
        ("date", "`c`", "temporal", "date32"),
        ("datetime(6)", "`c`", "temporal", "timestamp[us]"),
        ("timestamp", "`c`", "temporal", "timestamp[us]"),
        ("time(3)", "`c`", "text", ""),
        ("year(4)", "`c`", "text", ""),
        ("json", "`c`", "text", ""),
        ("varchar(20)", "`c`", "text", ""),
        ("varbinary(16)", "HEX(`c`)", "text", ""),
        ("a type of tomorrow", "`c`", "text", ""),
    ],
)
def test_each_type_is_asked_for_in_its_way(declared: str, expression: str, read_as: str, arrow: str) -> None:
    """Types as MariaDB and MySQL 8 write them, which has no display width."""
    made = projected(ServerColumn("c", declared))
    assert (made.expressions, made.read_as, made.arrow) == ((expression,), read_as, arrow)


def test_long_bytes_are_told_by_length_and_digest() -> None:
    """A HEX that is longer than a packet would be NULL, and no error."""
    (expression,) = projected(ServerColumn("c", "longblob")).expressions
    assert expression == ("IF(OCTET_LENGTH(`c`) > 4096, CONCAT(OCTET_LENGTH(`c`), ' bytes, MD5 ', MD5(`c`)), HEX(`c`))")


def test_names_and_texts_cannot_break_out() -> None:
    """Backticks, quotes and backslashes are doubled."""
    assert quoted("a`b") == "`a``b`"
    assert literal("a'b\\c") == "'a''b\\\\c'"


@pytest.mark.parametrize(
    ("error", "reason", "passes"),
    [
        (OperationalError(1045, "Access denied for user 'ana'@'h' (using password: YES)"), "login", False),
        (OperationalError(1129, "Host 'h' is blocked because of many connection errors"), "unreachable", False),
        (OperationalError(1040, "Too many connections"), "throttled", True),
        (OperationalError(1044, "Access denied for user 'ana'@'h' to database 'crm'"), "denied", False),
        (OperationalError(1142, "SELECT command denied to user 'ana'@'h' for table 't'"), "denied", False),
        (OperationalError(1049, "Unknown database 'crm'"), "missing", False),
        (ProgrammingError(1146, "Table 'crm.t' doesn't exist"), "missing", False),
        (OperationalError(1412, "Table definition has changed, please retry transaction"), "changed", False),
        (OperationalError(1969, "Query execution was interrupted (max_statement_time exceeded)"), "timeout", False),
        (OperationalError(3024, "Query execution was interrupted, maximum statement time exceeded"), "timeout", False),
        (OperationalError(1205, "Lock wait timeout exceeded; try restarting transaction"), "timeout", False),
        (OperationalError(1213, "Deadlock found when trying to get lock"), "timeout", True),
        (OperationalError(2013, "Lost connection to MySQL server during query"), "unreachable", True),
        (OperationalError(2013, "Lost connection to MySQL server (timed out)"), "timeout", False),
        (OperationalError(4031, "The client was disconnected because of inactivity"), "unreachable", True),
        (OperationalError(2026, "SSL connection error"), "tls", False),
        (OperationalError(3159, "Connections using insecure transport are prohibited"), "tls", False),
        (OperationalError(2003, "Can't connect to MySQL server on 'h' (Connection refused)"), "unreachable", False),
        (RuntimeError("'cryptography' package is required for caching_sha2_password"), "driver", False),
        (InterfaceError(0, ""), "unreadable", False),
        (InternalError("Packet sequence number wrong"), "unreadable", False),
    ],
)  # fmt: skip
def test_errors_have_a_reason_and_a_hint(error: Exception, reason: str, passes: bool) -> None:  # noqa: FBT001 - a table
    """Each says what it is, what to do, and whether trying again makes sense."""
    fault = fault_of(error)
    assert fault is not None
    assert (fault.reason, fault.passes) == (reason, passes)
    assert fault.words
    assert fault.hint


def test_words_that_quote_a_value_are_not_repeated() -> None:
    """What a server says of a value that it could not convert has the value in it."""
    for error in (
        DataError(1292, "Truncated incorrect DOUBLE value: 'canary'"),
        DataError(1366, "Incorrect string value: 'canary' for column 'c' at row 1"),
        OperationalError(1690, "BIGINT UNSIGNED value is out of range in 'canary'"),
    ):
        fault = fault_of(error)
        assert fault is not None
        assert "canary" not in fault.words + fault.hint
        assert str(error.args[0]) in fault.words


def test_a_certificate_that_is_refused_is_tls() -> None:
    """The driver gives it the number of an unreachable host."""
    error = OperationalError(2003, "Can't connect to MySQL server on 'h'")
    error.original_exception = ssl.SSLCertVerificationError("certificate verify failed")
    fault = fault_of(error)
    assert fault is not None
    assert (fault.reason, fault.passes) == ("tls", False)


def test_errors_of_others_are_left_alone() -> None:
    """A bug of ours is no finding."""
    assert fault_of(ValueError("ours")) is None


def address(uri: str) -> Address:
    return Address(uri, without_secrets(uri))


def test_a_login_is_what_the_uri_says() -> None:
    """User and password percent-decoded, the port where it is named, the environment's password where there is none."""
    login = login_of(address("mysql://an%40a:p%2Fw@db.example:3307/cr%6D?ssl-mode=verify_identity&ssl_ca=/ca.pem"), {})
    assert (login.host, login.port, login.user, login.password, login.database) == (
        "db.example", 3307, "an@a", "p/w", "crm",
    )  # fmt: skip
    assert login.tls == {"ssl_verify_cert": True, "ssl_verify_identity": True, "ssl_ca": "/ca.pem"}
    assert "p/w" not in repr(login)
    assert login_of(address("mysql://ana@h/d"), {"MYSQL_PWD": "secret"}).password == "secret"  # noqa: S105 - none
    assert login_of(address("mysql://ana:own@h/d"), {"MYSQL_PWD": "secret"}).password == "own"  # noqa: S105 - none


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", {}),
        ("?ssl-mode=DISABLED", {"ssl_disabled": True}),
        ("?ssl-mode=required", {"ssl": {"check_hostname": False, "verify_mode": "none"}}),
        ("?ssl-ca=/ca.pem", {"ssl_verify_cert": True, "ssl_ca": "/ca.pem"}),
        ("?ssl-mode=required&ssl-cert=/c.pem", {"ssl_cert": "/c.pem", "ssl_verify_cert": False}),
    ],
)
def test_tls_is_what_ssl_mode_says(query: str, arguments: dict[str, object]) -> None:
    """In the words of the mysql client."""
    assert login_of(address(f"mysql://h/d{query}"), {}).tls == arguments


def test_an_unknown_mode_says_what_was_meant() -> None:
    """Before anybody is connected to."""
    with pytest.raises(UsageError) as caught:
        login_of(address("mysql://h/d?ssl-mode=require"), {})
    assert caught.value.hint == "did you mean required?"


def test_what_is_sent_first_is_for_both_servers() -> None:
    """The time limit stands in MariaDB's words where MariaDB reads, and in MySQL's where MySQL does."""
    names, settings, level, start = MySql().opening(Limits(seconds=90))
    assert names == "SET NAMES utf8mb4"
    assert settings.endswith("/*M!100303 , max_statement_time = 90 */ /*!50708 , max_execution_time = 90000 */")
    assert level == "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"
    assert start == "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"


def test_the_optimizer_of_either_server_is_understood() -> None:
    """MySQL's EXPLAIN has two columns more than MariaDB's."""
    mariadb = ("1", "SIMPLE", "t", "range", "PRIMARY", "PRIMARY", "8", None, "1000", "Using where; Using index")
    mysql = ("1", "PRIMARY", "t", None, "range", "PRIMARY", "PRIMARY", "8", None, "1000", "100.00", "Using where")
    nothing = ("2", "UNION", None, None, None, None, None, None, None, "Impossible WHERE")
    for line in (mariadb, mysql):
        asked: list[str] = []

        def ask(
            statement: str, line: tuple[str | None, ...] = line, asked: list[str] = asked
        ) -> list[tuple[str | None, ...]]:
            asked.append(statement)
            return [line, nothing]

        assert counting(ask, TableName("d", "t"), "id")([(1, 1000), (2000, 3000)]) == [1000, 0]
        (statement,) = asked
        assert statement == (
            "EXPLAIN SELECT 1 FROM `d`.`t` WHERE `id` BETWEEN 1 AND 1000 "
            "UNION ALL SELECT 1 FROM `d`.`t` WHERE `id` BETWEEN 2000 AND 3000"
        )


def exactly(keys: Sequence[int]):  # noqa: ANN201 - a Count
    """Counts as an index that is exact."""
    return lambda ranges: [sum(low <= key <= high for key in keys) for low, high in ranges]


def test_keys_are_found_wherever_they_lie() -> None:
    """A crowd from one to 5,000 and a stray at 10 to the 15th: few questions, and the crowd's density is known."""
    keys = [*range(1, 5_001), 10**15]
    told = stretches_of(1, 10**15, exactly(keys))
    assert sum(stretch.rows for stretch in told) == pytest.approx(5_001, rel=0.05)
    assert told[0].low == 1
    assert told[-1].high == 10**15
    assert all(after.low == before.high + 1 for before, after in pairwise(told))
    assert max(stretch.rows / (stretch.high - stretch.low + 1) for stretch in told) > 0.5


def test_keys_in_clumps_are_told() -> None:
    """Clumps of 400 in a hundred thousand: nothing is said of how thick they lie."""
    keys = [clump * 100_000 + place for clump in range(40) for place in range(400)]
    assert stretches_of(0, keys[-1], exactly(keys)) == ()


def test_every_key_is_as_likely_to_be_drawn() -> None:
    """Over many seeds each row is drawn as often as any other, in the thick and in the thin part."""
    keys = [*range(1_000), *range(10_000, 1_000_000, 1_000)]
    told = stretches_of(0, keys[-1], exactly(keys))
    key = KeyRange("id", 0, keys[-1], told)
    times = dict.fromkeys(keys, 0)
    seeds = 400
    for seed in range(seeds):
        ranges, share = ranges_drawn(key, Wanted(400, seed, "t"))
        for low, high in ranges:
            for drawn in range(low, high + 1) if high - low < 5_000 else (each for each in keys if low <= each <= high):
                if drawn in times:
                    times[drawn] += 1
    thick = sum(times[each] for each in keys[:1_000]) / 1_000 / seeds
    thin = sum(times[each] for each in keys[1_000:]) / len(keys[1_000:]) / seeds
    assert thick == pytest.approx(share, rel=0.05)
    assert thin == pytest.approx(share, rel=0.05)
