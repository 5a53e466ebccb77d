"""Stores of objects: S3, Google Cloud Storage, Azure Blob Storage, web servers and SFTP, for every kind of file.

What a kind of file is, its own connector knows: here objects are found, and their bytes are brought to it.
"""

from __future__ import annotations

from walkaround.connectors.stores.connector import CONNECTOR

__all__ = ["CONNECTOR"]
