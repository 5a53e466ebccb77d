"""From a sample to a profile, and from a profile to bytes and back."""

from walkaround.profiling.fold import profile
from walkaround.profiling.states import dump, load

__all__ = ["dump", "load", "profile"]
