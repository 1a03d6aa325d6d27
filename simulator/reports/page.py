"""HTML pages that need no script and nothing from outside: how their templates are filled in."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from ..core.printable import printable


def filled_in(template: str, **values: Any) -> str:
    """Return the whole page; all text among the values is printable and escaped in it.

    ``template`` is the name of a file beside the formats.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    source = (files(__package__) / "formats" / template).read_text("utf-8")
    return environment.from_string(source).render(**values)


def _shown(value: object) -> object:
    return printable(value) if isinstance(value, str) else value
