"""JSON that is printed: readable, and harmless to a terminal; programs read the same value."""

from __future__ import annotations

import json
from typing import Any

from .printable import printable_json


def line(content: Any) -> str:
    """Return content as JSON on one line; keys keep their order."""
    return printable_json(json.dumps(content, ensure_ascii=False))


def indented(content: Any) -> str:
    """Return content as JSON with a line for each value."""
    return printable_json(json.dumps(content, ensure_ascii=False, indent=2))
