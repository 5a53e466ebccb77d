"""The product in one read: sample, profile, hold against the pilot, judge, remember and show.

The only room that sees all others.
"""

from walkaround.workflow.baseline import baseline_diff, freeze, frozen
from walkaround.workflow.core_suite import core_suite, core_suite_of
from walkaround.workflow.looking import doctor, plan
from walkaround.workflow.nightly import check
from walkaround.workflow.one_shot import compare, profile

__all__ = [
    "baseline_diff", "check", "compare", "core_suite", "core_suite_of", "doctor", "freeze", "frozen", "plan", "profile",
]  # fmt: skip
