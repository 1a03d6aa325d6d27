"""JSON as the standard has it: without the constants that Python would add."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def loads(text: str, **hooks: Callable[[Any], Any]) -> Any:
    """Return what JSON text holds; raises ``ValueError`` for everything that is none.

    ``hooks`` are those of ``json.loads``.
    """
    try:
        return json.loads(text, parse_constant=_refuse, **hooks)  # type: ignore[arg-type]
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
