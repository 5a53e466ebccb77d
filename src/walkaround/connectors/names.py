"""Names of columns: unique, and never empty."""

from __future__ import annotations

from collections.abc import Sequence


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with a nameless column called after its place and a repeated name numbered.

    >>> unique_names(["id", "", "id", "id"])
    ('id', 'column_2', 'id.1', 'id.2')
    >>> unique_names(["a", "a.1", "a"])
    ('a', 'a.1', 'a.2')
    """
    said = [name if name.strip() else f"column_{place}" for place, name in enumerate(names, 1)]
    taken = {name for name, original in zip(said, names, strict=True) if name == original}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    out: list[str] = []
    for name, original in zip(said, names, strict=True):
        unique = name
        while unique in seen or (unique in taken and unique != original):
            counts[name] = counts.get(name, 0) + 1
            unique = f"{name}.{counts[name]}"
        seen.add(unique)
        out.append(unique)
    return tuple(out)
