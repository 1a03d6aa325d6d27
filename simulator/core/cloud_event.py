"""Which JSON objects I/O Events accepts as CloudEvents (io-events-protocol.md 1.5, 6.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

SOURCE = "urn:uuid:"
"""What a source begins with; the id of a provider follows."""

ORDER = ("specversion", "id", "source", "type", "datacontenttype", "dataschema", "time", "subject")
"""The attributes of CloudEvents in the order of the 2025 capture."""

_OPTIONAL = ORDER[4:]
_LONGEST = 2048
_NAME = re.compile(r"[a-z0-9]+")
_Given = Mapping[str, Any]


def mistakes(given: _Given, strict: bool) -> Iterator[str]:
    """Yield the reasons why the service does not accept attributes as a CloudEvent.

    With ``strict``, ``specversion`` must be present and names of extensions are checked; Adobe's
    own tests leave ``specversion`` out.
    """
    yield from chain(_version(given, strict), _required(given), _optional(given), _data(given))
    if strict:
        yield from _names(given)


def text_mistakes(name: str, value: Any) -> Iterator[str]:
    """Yield why a value is not the text that is required there."""
    if value is None or value == "":
        yield f"{name} is missing"
    elif not isinstance(value, str) or len(value) > _LONGEST:
        yield f"{name} is {show(value)}, expected text of at most {_LONGEST:,} characters"


def show(value: Any) -> str:
    """Return a value as a message names it: in short, in ASCII, on one line."""
    if value is None:
        return "missing"
    shown = ascii(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _version(given: _Given, strict: bool) -> Iterator[str]:
    version = given.get("specversion", None if strict else "1.0")
    if version != "1.0":
        yield f"specversion is {show(version)}, expected '1.0'"


def _required(given: _Given) -> Iterator[str]:
    for name in ("id", "type"):
        yield from text_mistakes(name, given.get(name))
    source = given.get("source")
    if not isinstance(source, str) or not source.startswith(SOURCE) or source == SOURCE:
        yield f"source is {show(source)}, expected '{SOURCE}' and the id of a provider"


def _optional(given: _Given) -> Iterator[str]:
    for name in _OPTIONAL:
        if name in given:
            yield from text_mistakes(name, given[name])
    if "time" in given and not _is_moment(given["time"]):
        yield f"time is {show(given['time'])}, expected a timestamp such as 2026-01-15T09:30:00Z"


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _data(given: _Given) -> Iterator[str]:
    if "data" in given and "data_base64" in given:
        yield "data and data_base64 exclude each other"


def _names(given: _Given) -> Iterator[str]:
    for name in given:
        if not _NAME.fullmatch(name) and name != "data_base64":
            yield f"the attribute {show(name)} has other characters than a-z and 0-9"
