"""Compact JSON in UTF-8, without a space that nobody needs."""

from __future__ import annotations

import json
from typing import Any

import orjson

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def encode(content: Any) -> bytes:
    """Return content as JSON; keys keep their order.

    Raises ``TypeError`` for what has no form in JSON.
    """
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:  # such as a number of more than 64 bits
        return _ENCODER.encode(content).encode()
