"""The product in one read: sample, profile, hold against the pilot, judge, remember and show.

The only room that sees all others.
"""


