"""A pilot's limits in the words of Great Expectations' core: a suite of no type of ours, for other pipelines."""

from walkaround.gx.export.suite import Exported, exported
from walkaround.gx.export.text import dumps

__all__ = ["Exported", "dumps", "exported"]
