"""Clouds: a store of obstore from a target. Credentials come from the environment or the clouds' own chains."""

from __future__ import annotations

import configparser
import json
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from walkaround.connectors.stores.objects import Objects
from walkaround.connectors.stores.target import Target, from_environment
from walkaround.errors import UsageError

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

CONNECT: Final = 5.0
"""Seconds in which a connection must be there."""
_KEYS: Final = ("access_key_id", "secret_access_key", "session_token")


def s3(target: Target, seconds: float) -> Objects:
    """A bucket of S3, or of a server that speaks like it (AWS_ENDPOINT_URL)."""
    from obstore.store import S3Store  # noqa: PLC0415 - loads where it is used

    given = target.options
    endpoint = given.get("endpoint") or from_environment(("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"))
    known: dict[str, Any] = {key: given[key] for key in (*_KEYS, "region") if given.get(key)}
    if "access_key_id" not in known and (given.get("profile") or not os.environ.get("AWS_ACCESS_KEY_ID")):
        known = {**_profile(given.get("profile")), **known}
    known.setdefault("region", from_environment(("AWS_REGION", "AWS_DEFAULT_REGION")) or "us-east-1")
    if endpoint:
        known["endpoint"] = endpoint
    if _yes(given, "anonymous"):
        known["skip_signature"] = True
    if _yes(given, "virtual_host"):
        known["virtual_hosted_style_request"] = True
    if _yes(given, "requester_pays"):
        known["request_payer"] = True
    store: S3Store = S3Store(target.place, **_common(endpoint, seconds), **known)
    return Objects(store)


def gcs(target: Target, seconds: float) -> Objects:
    """A bucket of Google Cloud Storage, or of an emulator (STORAGE_EMULATOR_HOST)."""
    from obstore.store import GCSStore  # noqa: PLC0415 - loads where it is used

    given = target.options
    endpoint = given.get("endpoint") or os.environ.get("STORAGE_EMULATOR_HOST")
    known: dict[str, Any] = {}
    if endpoint:
        base = endpoint if "://" in endpoint else f"http://{endpoint}"
        emulator = {"gcs_base_url": base, "disable_oauth": True, "client_email": "", "private_key": ""}
        known["service_account_key"] = json.dumps({**emulator, "private_key_id": ""})
        endpoint = base
    elif given.get("credentials"):
        known["application_credentials"] = given["credentials"]
    if _yes(given, "anonymous"):
        known["skip_signature"] = True
    store: GCSStore = GCSStore(target.place, **_common(endpoint, seconds), **known)
    return Objects(store)


def azure(target: Target, seconds: float) -> Objects:
    """A container of Azure Blob Storage or Data Lake Storage, or of an emulator.

    Raises:
        UsageError: no account is named.
    """
    from obstore.store import AzureStore  # noqa: PLC0415 - loads where it is used

    given, told = target.options, _connection_string()
    account = given.get("account") or told.get("AccountName")
    account = account or from_environment(("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"))
    if not account:
        raise UsageError(f"{target.shown}: no storage account is named", "set AZURE_STORAGE_ACCOUNT_NAME")
    endpoint = given.get("endpoint") or told.get("BlobEndpoint") or os.environ.get("AZURE_STORAGE_ENDPOINT")
    known: dict[str, Any] = {"account_name": account}
    key = given.get("account_key") or told.get("AccountKey")
    key = key or from_environment(("AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_KEY"))
    signature = given.get("sas_token") or told.get("SharedAccessSignature") or os.environ.get("AZURE_STORAGE_SAS_TOKEN")
    if _yes(given, "anonymous"):
        known["skip_signature"] = True
    elif signature:
        known["sas_token"] = signature
    elif key:
        known["account_key"] = key
    if endpoint:
        known["endpoint"] = endpoint
    store: AzureStore = AzureStore(target.place, **_common(endpoint, seconds), **known)
    return Objects(store)


def _common(endpoint: str | None, seconds: float) -> Any:
    """What all stores are told. They retry nothing: `Visit` does."""
    plain = bool(endpoint) and str(endpoint).lower().startswith("http://")
    times = {"connect_timeout": timedelta(seconds=min(CONNECT, seconds)), "timeout": timedelta(seconds=seconds)}
    options = {"allow_http": plain, "user_agent": "walkaround", **times}
    return {"client_options": options, "retry_config": {"max_retries": 0}}


def _yes(options: Mapping[str, str], name: str) -> bool:
    return options.get(name, "").lower() in ("1", "true", "yes")


def _connection_string() -> dict[str, str]:
    told = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "")
    return {name: value for name, _, value in (part.partition("=") for part in told.split(";")) if value}


def _profile(name: str | None) -> dict[str, Any]:
    """Keys and region of a profile in AWS's own files, which obstore does not read; nothing where there is none.

    Raises:
        UsageError: the profile that was named is not there, or needs more than keys (a login by browser, a role).
    """
    wanted = name or os.environ.get("AWS_PROFILE")
    section = wanted or "default"
    keys = _section("AWS_SHARED_CREDENTIALS_FILE", "credentials", section)
    more = _section("AWS_CONFIG_FILE", "config", section if section == "default" else f"profile {section}")
    found = {**more, **keys}
    known = {key: found[f"aws_{key}"] for key in _KEYS if found.get(f"aws_{key}")}
    if wanted and "access_key_id" not in known:
        words = f"the AWS profile {wanted} holds no access key"
        raise UsageError(words, "run `aws configure export-credentials --format env` and set what it prints")
    return {**known, "region": found["region"]} if found.get("region") else known


def _section(variable: str, file: str, section: str) -> dict[str, str]:
    path = Path(os.environ.get(variable) or Path.home() / ".aws" / file)
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (OSError, configparser.Error, UnicodeDecodeError):
        return {}
    return dict(parser[section]) if parser.has_section(section) or section == parser.default_section else {}
