"""Opening: the store of a target, by its service."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.stores import clouds
from walkaround.connectors.stores.sftp import Sftp
from walkaround.connectors.stores.store import Store
from walkaround.connectors.stores.target import Target
from walkaround.connectors.stores.web import Web

ANSWER: Final = 60.0
"""Seconds in which a request must be answered to its last byte: 16 MiB at 0.3 MB/s."""


def opened(target: Target, seconds: float = ANSWER) -> Store:
    """The store that `target` names; no request of it takes more than `seconds`.

    Raises:
        UsageError: an option of it cannot be.
        Fault: it cannot be entered.
    """
    patience = min(seconds, ANSWER)
    if target.service == "s3":
        return clouds.s3(target, patience)
    if target.service == "gcs":
        return clouds.gcs(target, patience)
    if target.service == "azure":
        return clouds.azure(target, patience)
    return Web(target, patience) if target.service == "http" else Sftp(target, patience)
