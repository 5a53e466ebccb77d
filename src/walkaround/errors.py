"""What can go wrong, as a user is told it.

::

    WalkaroundError            a message, and a hint that says what to do
    ├── UsageError             the command line or a call was wrong                  exit 2
    │   └── SettingsError      walkaround.yaml was wrong                             exit 2
    ├── BaselineError          the frozen pilot is missing, damaged or of another    exit 2
    ├── SourceError            a source could not be read; becomes ACC001            exit 3
    ├── LockedError            another run holds the lock                            exit 5
    └── InternalError          a bug of ours                                         exit 4

Anything else that escapes is a bug of ours and exits with 4 as well.
"""

from __future__ import annotations

from typing import ClassVar, Literal

AccessReason = Literal[
    "missing", "empty", "denied", "login", "tls", "unreachable", "restricted", "throttled", "truncated",
    "not_what_it_says", "unreadable", "changed", "timeout", "driver", "disk", "budget",
]  # fmt: skip
"""Why a source, table or column could not be read; the words of ACC001 are made from it.

"login": who asks was not let in; "denied": it was, and may not read this; "restricted": row-level security shows it a
part; "driver": the client library crashed or is not installed; "disk": there is no room here to keep the sample;
"budget": it is more than reading may cost."""


class WalkaroundError(Exception):
    """An error that a user can act on: `message` says what happened and to what, `hint` what to do next."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(WalkaroundError):
    """The command line, or a call from Python, asked for something that cannot be."""

    exit_code = 2


class SettingsError(UsageError):
    """`walkaround.yaml` does not say what it must; the message names the line or the key."""


class BaselineError(WalkaroundError):
    """The frozen pilot is missing, damaged, or was frozen by another version."""

    exit_code = 2


class SourceError(WalkaroundError):
    """A source, table or column could not be read."""

    exit_code = 3

    def __init__(self, source: str, reason: AccessReason, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.source = source
        self.reason: AccessReason = reason


class LockedError(WalkaroundError):
    """Another run of the same project is going on."""

    exit_code = 5


class InternalError(WalkaroundError):
    """A promise inside the program was broken: a bug of ours."""

    exit_code = 4
