"""A pytest plug-in: where a system has no locale en_US.UTF-8, which Great Expectations' tests set, C.UTF-8 serves."""

from __future__ import annotations

import locale

_setlocale = locale.setlocale


def setlocale(category: int, wanted: object = None) -> str:
    """As the locale module's own, with the second choice."""
    try:
        return _setlocale(category, wanted)  # type: ignore[arg-type] # it takes texts and pairs of texts
    except locale.Error:
        if wanted != "en_US.UTF-8":
            raise
        return _setlocale(category, "C.UTF-8")


locale.setlocale = setlocale  # type: ignore[assignment]
