"""What fills `${NAME}` in a URI reaches the driver whole, and nobody else."""

from __future__ import annotations

import pytest

from walkaround.connectors.address import address_of, without_secrets
from walkaround.errors import SourceError
from walkaround.model.source import Source

AWKWARD = ["one@two", "one/two", "one#two", "one?two", "one:two", "100%", "a b+c&d=e", "ключ", "[x]", "p%zz"]


@pytest.mark.parametrize("password", AWKWARD)
def test_any_password_can_stand_in_a_variable(password: str) -> None:
    """It is encoded for its place: the driver gets it as it is, the host stays the host, and nothing shown has it."""
    address = address_of(Source("s", "postgresql://ana:${PW}@db.example:5432/crm?sslmode=require"), {"PW": password})
    assert (address.user, address.password, address.parts.hostname) == ("ana", password, "db.example")
    assert address.shown == "postgresql://ana:***@db.example:5432/crm?sslmode=require"
    assert password not in repr(address)


@pytest.mark.parametrize("secret", AWKWARD)
def test_any_secret_can_stand_in_a_parameter(secret: str) -> None:
    """A signature or token keeps its signs."""
    address = address_of(Source("s", "https://h.example/a.csv?sig=${SIG}&x=1"), {"SIG": secret})
    assert address.options == {"sig": secret, "x": "1"}
    assert address.shown == "https://h.example/a.csv?sig=***&x=1"


def test_what_is_encoded_already_is_not_encoded_again() -> None:
    """Who did it by hand is right as well."""
    assert address_of(Source("s", "mysql://a:${PW}@h/d"), {"PW": "one%40two"}).password == "one@two"  # noqa: S105


@pytest.mark.parametrize("uri", ["mysql://u:one/CANARY@h/d", "kafka://u:one#CANARY@h:1/t", "pg://u:one?CANARY@h/d"])
def test_a_whole_uri_that_cannot_be_taken_apart_is_refused_without_repeating_it(uri: str) -> None:
    """Nobody can say where its password ends: this source is in trouble, the others go on, nothing of it is shown."""
    with pytest.raises(SourceError, match="cannot be read") as raised:
        address_of(Source("s", "${URI}"), {"URI": uri})
    assert "CANARY" not in f"{raised.value.message}{raised.value.hint}"
    assert "CANARY" not in without_secrets(uri)


def test_an_at_sign_in_a_whole_uri_does_not_move_the_host() -> None:
    """The last one counts, and the driver is given the others encoded."""
    address = address_of(Source("s", "${URI}"), {"URI": "postgresql://u:one@CANARY@h/d"})
    assert (address.password, address.parts.hostname) == ("one@CANARY", "h")
    assert address.uri == "postgresql://u:one%40CANARY@h/d"
    assert "CANARY" not in address.shown


@pytest.mark.parametrize(
    "uri", ["kafka://b1:9092,b2:9093/t", "mysql://[::1]:3306/d", "abfs://box@acc.example/a.csv", "s3://b/a@b.csv"]
)
def test_hosts_of_every_kind_stand_as_they_are(uri: str) -> None:
    """Several brokers, IPv6, a container before the account, an @ in a path."""
    assert address_of(Source("s", uri), {}).uri == uri
