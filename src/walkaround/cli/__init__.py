"""The command line: one file a command, and each is thin. Names, options and exit codes are a promise."""

from __future__ import annotations

from walkaround.cli.app import main

__all__ = ["main"]
