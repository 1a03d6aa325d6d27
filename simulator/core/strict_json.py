"""JSON as the standard has it: without the constants that Python would add."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .value_count import MOST_VALUES, refuse_many


def loads(text: str, *, most: int = MOST_VALUES, **hooks: Callable[[Any], Any]) -> Any:
    """Return what JSON text holds; raises ``ValueError`` for everything that is none.

    Text with more than ``most`` values is a ``TooManyValuesError``. ``hooks`` are those of
    ``json.loads``.
    """
    refuse_many(text, most)
    try:
        return json.loads(text, parse_constant=_refuse, **hooks)  # type: ignore[arg-type]
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
