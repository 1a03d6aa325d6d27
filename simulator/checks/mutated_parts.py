"""What mutations changed in the JSON of an event: paths and values, for a verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..files.document import Path, spell
from ..story.story import Story
from .observation import Exchange

FORMS = ("other-format", "flat-run")
"""An event has one form, so at most one of these; the later faults find the event in it."""

_MISSING = object()
"""Stands for a value that is not there."""


def plain_body(story: Story) -> bytes:
    """Return the first body of a story without mutations; its events keep their form."""
    entries = (
        replace(each, faults=tuple(fault for fault in each.faults if fault.name in FORMS))
        for each in story.entries
    )
    return next(replace(story, entries=tuple(entries)).payloads()).body


def mutated_parts(exchange: Exchange) -> str:
    """Return the parts of a body that its mutations changed, as ``event.id: 7; event.at: missing``.

    Each is at the smallest place that differs from the body without mutations. The text is empty
    if no part differs, or if one of the two bodies is not known or no JSON.
    """
    try:
        plain, mutated = json.loads(exchange.plain), json.loads(exchange.body)
    except ValueError:  # also for bytes that are no text
        return ""
    parts = _differences((), _alone(plain), _alone(mutated))
    return "; ".join(f"{spell(path) or 'the body'}: {_spelled(value)}" for path, value in parts)


def _alone(content: Any) -> Any:
    """Return the only event of an array: with an array around it, an event is the same."""
    return content[0] if isinstance(content, list) and len(content) == 1 else content


def _differences(path: Path, plain: Any, mutated: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the places at which a value differs, with what is there."""
    if isinstance(plain, dict) and isinstance(mutated, dict):
        for key in {**plain, **mutated}:
            of_key = (each.get(key, _MISSING) for each in (plain, mutated))
            yield from _differences((*path, key), *of_key)
    elif isinstance(plain, list) and isinstance(mutated, list) and len(plain) == len(mutated):
        for number, (before, after) in enumerate(zip(plain, mutated, strict=True)):
            yield from _differences((*path, number), before, after)
    elif type(plain) is not type(mutated) or plain != mutated:  # 1 and true differ
        yield path, mutated


def _spelled(value: Any) -> str:
    return "missing" if value is _MISSING else json.dumps(value)
