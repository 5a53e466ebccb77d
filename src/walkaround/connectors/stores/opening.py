"""Opening: the store of a target, by its service."""

from __future__ import annotations

from walkaround.connectors.stores import clouds
from walkaround.connectors.stores.sftp import Sftp
from walkaround.connectors.stores.store import Store
from walkaround.connectors.stores.target import Target
from walkaround.connectors.stores.web import Web


def opened(target: Target) -> Store:
    """The store that `target` names.

    Raises:
        UsageError: an option of it cannot be.
        Fault: it cannot be entered.
    """
    if target.service == "s3":
        return clouds.s3(target)
    if target.service == "gcs":
        return clouds.gcs(target)
    if target.service == "azure":
        return clouds.azure(target)
    return Web(target) if target.service == "http" else Sftp(target)
