"""MongoDB: documents, drawn by the hash of their id or their key, with a column for each field.

Nested documents stay JSON. Which fields there are is found out from the documents that are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote, urlencode

from walkaround.connectors.address import Address, address_of
from walkaround.connectors.contract import REMOTE_ROWS, Plan, problems_of
from walkaround.connectors.mongodb.draws import Documents, drawn, offered
from walkaround.connectors.mongodb.faults import put_in_words
from walkaround.connectors.mongodb.sample import MongoSample
from walkaround.connectors.sql.connector import NEAR
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS
from walkaround.connectors.sql.drawing import LADDER
from walkaround.connectors.sql.faults import driver
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Sample, SourceFacts
from walkaround.model.source import Source

_NOTES = (
    "MongoDB has no read-only session: walkaround's user should have the role read and no other",
    "read from a secondary where there is one; documents that change meanwhile may be read before or after",
)


_SETTINGS: Final[dict[str, Any]] = {
    "appname": APPLICATION,
    "retryReads": False,
    "serverSelectionTimeoutMS": CONNECT_SECONDS * 1000,
    "connectTimeoutMS": CONNECT_SECONDS * 1000,
    "readPreference": "secondaryPreferred",
}
"""Of the client, where the URI says nothing else."""


class MongoConnector:
    """Collections of one database."""

    kind = "mongodb"
    schemes: tuple[str, ...] = ("mongodb", "mongodb+srv")

    def claims(self, uri: str) -> bool:
        """By scheme."""
        return uri.partition("://")[0].lower() in self.schemes

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it: one login, the collection's count."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The collections and views that this user may see."""
        with database(source, address_of(source)) as base:
            names = sorted(base.list_collection_names(authorizedCollections=True, nameOnly=True))
        yield from (name for name in names if not name.startswith("system."))

    def describe(self, source: Source) -> SourceFacts:
        """The collection's name and count: what fields there are, only its documents tell."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """One login; documents are counted by the collection's own figure, none is read."""
        address = address_of(source)
        name = source.table or address.options.get("table") or address.parts.fragment
        if not name:
            raise UsageError(f"{source.name}: no collection is named", "name one: table: customers")
        with database(source, address) as base:
            rows = int(base.command("count", name, comment=APPLICATION)["n"])
            if not rows and not base.list_collection_names(filter={"name": name}):
                words = f"{source.name}: the database has no collection {name}, or this user may not see it"
                raise SourceError(source.name, "missing", words, "look at its name and letter case")
        documents = _chosen(source, name, rows)
        said = (f'db.runCommand({{count: "{name}"}})',)
        facts = SourceFacts(
            self.kind, rows_total=rows, rows_total_is="estimate", key=("_id",), notes=_NOTES, statements=said
        )
        planned = None if documents.method == "full" else documents.rows
        steps = (documents.statement,)
        return Plan(
            source, self.kind, (), facts, planned, source.sample.seed, (documents,), documents.method, steps,
            documents.cost,
        )  # fmt: skip

    def read(self, plan: Plan) -> Sample:
        """The documents of a plan; the server is asked when they are first wanted."""
        source = plan.source
        digest = hashlib.blake2b(digest_size=16)
        digest.update("\n".join([plan.kind, str(source.table), str(plan.seed), *plan.steps]).encode())
        return MongoSample(plan, lambda: database(source, address_of(source)), digest.hexdigest())


def _chosen(source: Source, name: str, rows: int) -> Documents:
    request = source.sample
    wanted = request.rows if isinstance(request.rows, int) else REMOTE_ROWS
    small = rows <= (wanted if isinstance(request.rows, int) else wanted * NEAR)
    if request.rows == "full" or (small and request.method is None):
        return drawn("full", name, rows, rows, source)
    method = request.method or next(method for method in LADDER if method in offered(source))
    if method not in offered(source):
        hint = f"it can by {', '.join(offered(source))}"
        raise UsageError(f"{source.name}: {name} cannot be sampled by {method}", hint)
    return drawn(method, name, rows, wanted, source)


@contextmanager
def database(source: Source, address: Address) -> Iterator[Any]:
    """The database that the address names, with one attempt to log in; closed whatever happens.

    Raises:
        UsageError: the address names none.
        SourceError: the client's or the server's error, in words that hold no secret and no value.
    """
    base = unquote(address.parts.path.strip("/"))
    if not base:
        raise UsageError(f"{source.name}: the URI names no database", "mongodb://host/database")
    client: Any = None
    try:
        pymongo = driver("pymongo")
        codec = driver("bson.codec_options")
        client = pymongo.MongoClient(
            _without_ours(address),
            **{name: value for name, value in _SETTINGS.items() if name not in address.options},
        )
        exact = codec.CodecOptions(
            tz_aware=True,
            unicode_decode_error_handler="surrogateescape",
            datetime_conversion=codec.DatetimeConversion.DATETIME_AUTO,
        )
        yield client.get_database(base, codec_options=exact)
    except Exception as error:
        told = put_in_words(source, address, error)
        if told is None:
            raise
        raise told from None
    finally:
        if client is not None:
            client.close()


def _without_ours(address: Address) -> str:
    query = urlencode({name: value for name, value in address.options.items() if name != "table"})
    return address.parts._replace(query=query, fragment="").geturl()


CONNECTOR = MongoConnector()
