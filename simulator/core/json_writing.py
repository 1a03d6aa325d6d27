"""JSON as flowsim writes it; keys keep their order."""

from __future__ import annotations

import json
from typing import Any

from .json_reading import Number
from .printable import printable_json

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(content: Any) -> bytes:
    """Return content as JSON in UTF-8 without spaces: the body of a request.

    Raises ``TypeError`` for a value that JSON cannot express.
    """
    import orjson  # its import takes longer than most commands

    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:  # such as a number of more than 64 bits
        return _ENCODER.encode(content).encode()


def one_line(content: Any) -> str:
    """Return content as JSON on one line, to be printed: harmless to a terminal."""
    return printable_json(json.dumps(content, ensure_ascii=False))


def indented(content: Any) -> str:
    """Return content as JSON with a line for each value, to be printed as ``one_line``."""
    return printable_json(json.dumps(content, ensure_ascii=False, indent=2))


def spelled(content: Any) -> str:
    """Return what ``parse_spelled`` read as compact JSON, each number in its own spelling."""
    if isinstance(content, Number):
        return content.text
    if isinstance(content, dict):
        members = (f"{spelled(key)}:{spelled(value)}" for key, value in content.items())
        return f"{{{','.join(members)}}}"
    if isinstance(content, list):
        return f"[{','.join(map(spelled, content))}]"
    return json.dumps(content, ensure_ascii=False)


def merge_patch(target: Any, patch: Any) -> Any:
    """Return ``target`` changed by a JSON merge patch (RFC 7396); neither argument is changed.

    Objects merge, ``None`` removes a member, and anything else replaces.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
