"""Target: brokers, topic and settings, from a URI and the environment."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from walkaround.connectors.address import Address
from walkaround.errors import UsageError

PASSED: Final = frozenset({
    "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password",
    "sasl.kerberos.service.name", "sasl.kerberos.principal", "sasl.kerberos.keytab",
    "sasl.oauthbearer.method", "sasl.oauthbearer.client.id", "sasl.oauthbearer.client.secret",
    "sasl.oauthbearer.scope", "sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.extensions",
    "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.key.password",
    "ssl.keystore.location", "ssl.keystore.password", "ssl.endpoint.identification.algorithm",
    "client.rack", "broker.address.family",
})  # fmt: skip
"""Settings of librdkafka that a URI may give: who asks, how the way is encrypted, which replica is near."""
OWN: Final = ("group", "values", "with")
META: Final = ("key", "partition", "offset", "timestamp")
"""What a message says of itself beside its value."""
VALUES: Final = ("json", "text")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the messages are. `settings` may hold secrets and are handed to the client alone.

    `values` is how values are read: as JSON objects, as text, or "" where the values themselves decide. `meta` are the
    parts of `META` that become columns.
    """

    address: Address
    brokers: str
    topic: str
    settings: Mapping[str, str] = field(repr=False)
    group: str = "walkaround"
    values: str = ""
    meta: tuple[str, ...] = ()


def target_of(source: str, address: Address, table: str | None = None) -> Target:
    """What a URI says; `table` is the topic where the settings name it apart.

    Raises:
        UsageError: it names no broker, or a parameter that there is none of.
    """
    parts = address.parts
    brokers = parts.netloc.rpartition("@")[2]
    if not brokers:
        raise UsageError(f"{source}: the URI names no broker", "write kafka://broker1:9092,broker2:9092/topic")
    options = address.options
    for name in options:
        if name not in PASSED and name not in OWN:
            near = difflib.get_close_matches(name, [*PASSED, *OWN], n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(OWN)}, and settings of security"
            raise UsageError(f"{source}: {name} is no parameter of a kafka:// URI", hint)
    settings = {name: value for name, value in options.items() if name in PASSED}
    if address.user is not None:
        settings.setdefault("sasl.username", address.user)
        settings.setdefault("sasl.password", address.password or "")
        settings.setdefault("security.protocol", "SASL_SSL")
        if "sasl.mechanism" not in settings:
            settings.setdefault("sasl.mechanisms", "PLAIN")
    topic = table or unquote(parts.path.strip("/"))
    meta = tuple(name for name in options.get("with", "").split(",") if name)
    _known(source, "with", meta, META)
    values = options.get("values", "")
    _known(source, "values", (values,) if values else (), VALUES)
    return Target(address, brokers, topic, settings, options.get("group", "walkaround"), values, meta)


def _known(source: str, name: str, words: tuple[str, ...], known: tuple[str, ...]) -> None:
    for word in words:
        if word not in known:
            raise UsageError(f"{source}: {word} is nothing that {name} can be", f"give of {', '.join(known)}")
