"""Render: the run as one page that needs nothing else, and as a few lines for a notebook."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from walkaround.model.run import Run
from walkaround.report import charts, words
from walkaround.report.page import consequence, page


def html(run: Run) -> str:
    """One self-contained page: no script, no request, every name escaped, controls made visible and cut."""
    return _environment().get_template("page.html").render(run=run, page=page(run))


def notebook(run: Run) -> str:
    """A few lines of HTML for a notebook: the verdict, the counts, the first findings. No script; styles of its own."""
    return _environment().get_template("notebook.html").render(run=run, page=page(run))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("walkaround.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {name: getattr(words, name) for name in ("percent", "number", "time", "seconds", "size")}
    )
    environment.filters.update(
        shown=words.shown, names=words.names, told=words.told, mark=words.mark, visible=words.visible
    )
    environment.globals.update(
        charts=charts,
        words=words,
        consequence=consequence,
        figure=words.figure,
        plural=words.plural,
        MARKS=words.MARKS,
    )
    return environment


def _visible(value: Any) -> Any:
    """What every `{{ }}` passes through; text that a macro has set is markup already, and left alone.

    A number and its percent sign are kept on one line.
    """
    return words.visible(value).replace(" %", "\u00a0%") if type(value) is str else value
