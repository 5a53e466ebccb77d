"""Settings: what walkaround.yaml says, as values of the model."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from walkaround.errors import UsageError
from walkaround.model.policy import Policy
from walkaround.model.run import Project
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class Settings:
    """One project. `root` is the folder of the file: expectations/, reports/ and .walkaround/ stand beside it.

    Paths in `sources` are absolute, or begin with the `${NAME}` of the file; no secret stands in any value.
    """

    root: Path
    project: Project
    sources: Mapping[str, Source]
    policy: Policy = Policy()

    def chosen(self, names: Iterable[str] = ()) -> tuple[Source, ...]:
        """The sources of these names, in the order of the file; all of them where no name is given.

        Raises:
            UsageError: there is no source of that name.
        """
        wanted = set(names)
        one = {name: member for name in wanted - self.sources.keys() if (member := self._member(name)) is not None}
        for name in sorted(wanted - self.sources.keys() - one.keys()):
            near = difflib.get_close_matches(name, self.sources, n=1)
            known = f"did you mean {near[0]}?" if near else f"there are: {', '.join(self.sources)}"
            raise UsageError(f"walkaround.yaml has no source {name!r}", known)
        return (
            *(source for name, source in self.sources.items() if not wanted or name in wanted),
            *(one[name] for name in sorted(one)),
        )

    def _member(self, name: str) -> Source | None:
        """One table of a source that is many: `crm.public.orders` of `crm`."""
        for family in self.sources.values():
            table = name.removeprefix(f"{family.name}.")
            if family.tables and table != name:
                return family.member(table)
        return None
