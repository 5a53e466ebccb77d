"""Request: what the plan of a server's table holds, to be sent when its rows are read."""

from __future__ import annotations

from dataclasses import dataclass

from walkaround.connectors.sql.drawing import Draw
from walkaround.connectors.sql.projection import Projection
from walkaround.connectors.sql.shape import Shape


@dataclass(frozen=True, slots=True)
class Request:
    """The table as it stood, how each column is asked for, which rows are drawn, and the queries that say so."""

    shape: Shape
    projections: tuple[Projection, ...]
    draw: Draw
    statements: tuple[str, ...]
