"""The product in one read: sample, profile, hold against the pilot, judge, remember and show.

The only room that sees all others.
"""

from walkaround.workflow.baseline import baseline_diff, freeze, frozen
from walkaround.workflow.compare import compare, profile
from walkaround.workflow.nightly import check

__all__ = ["baseline_diff", "check", "compare", "freeze", "frozen", "profile"]
