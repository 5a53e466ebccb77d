"""A batch as measures see it: columns with their derived views, each computed once and shared by all."""

from walkaround.columns.column import Column
from walkaround.columns.table import Table

__all__ = ["Column", "Table"]
