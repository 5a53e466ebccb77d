"""The statistics: intervals, exact tests, design effects, and how a run's budget of false alarms is shared.

Pure functions. Nothing here knows of columns or checks. Counts are whole numbers, shares are fractions, chances are
one-sided.
"""

from walkaround.intervals.budget import shared_level
from walkaround.intervals.design import DesignEffect, design_effect
from walkaround.intervals.distance import distance_chance
from walkaround.intervals.novelty import least_novelty_chance, novelty_ceiling, novelty_chance, rarefied
from walkaround.intervals.shares import (
    ODD_SHAPE,
    ODD_VALUE,
    ODDITY,
    beyond_chance,
    least_rise_chance,
    rise_chance,
    rows_to_decide,
    smallest_rise,
    wilson,
)

__all__ = [
    "ODDITY",
    "ODD_SHAPE",
    "ODD_VALUE",
    "DesignEffect",
    "beyond_chance",
    "design_effect",
    "distance_chance",
    "least_novelty_chance",
    "least_rise_chance",
    "novelty_ceiling",
    "novelty_chance",
    "rarefied",
    "rise_chance",
    "rows_to_decide",
    "shared_level",
    "smallest_rise",
    "wilson",
]
