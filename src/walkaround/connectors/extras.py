"""Libraries that not everybody needs: loaded where they are used, and asked for by name where they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from walkaround.errors import SourceError


def needed(source: str, module: str, extra: str) -> Any:
    """The module `module`, which comes with the extra `extra` of this package.

    Raises:
        SourceError: it is not installed; the hint says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        missing = (error.name or library).partition(".")[0]
        words = f"{source}: reading it needs {missing}, which is not installed"
        raise SourceError(source, "driver", words, f"pip install 'walkaround[{extra}]'") from None
