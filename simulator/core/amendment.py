"""Changes to a scenario that come from the command line (``--set KEY=VALUE``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ..errors import Problem, ScenarioError
from .document import Document, Path
from .scenario import EventSpec, Scenario

_TOP = frozenset(Scenario.model_fields)
_EVENT = frozenset(EventSpec.model_fields)


def split(setting: str) -> tuple[str, str]:
    """Return key and value of ``KEY=VALUE``; raises ``ValueError`` for another form."""
    key, equals, text = setting.partition("=")
    if not equals or not key.strip("."):
        raise ValueError(f"{setting!r} has no form KEY=VALUE, as in seed=7")
    return key.strip(), text


def amend(document: Document, key: str, value: Any, origin: str) -> Document:
    """Return the document with ``value`` at ``key``.

    ``seed`` or ``flow.source`` name a place of the scenario. ``flow_run.records.failed`` or
    ``expect`` name the same place in every event (``flow_run`` and ``payload``: in every
    event that has one); ``events.0.after`` names one event, and so does ``events[0].after``, as
    messages print it. Raises ``ScenarioError`` for a
    key that leads nowhere.
    """
    changed = _unshared(document.value)
    origins = dict(document.origins)
    paths = list(_paths(changed, _steps(key), origin))
    if not paths:
        raise _refusal(origin, "an event that has this key; the scenario has none")
    for path in paths:
        _put(changed, path, value, origin)
        origins |= dict.fromkeys(_new_places(document, path), origin)
    return replace(document, value=changed, origins=origins)


def _steps(key: str) -> tuple[str, ...]:
    return tuple(re.sub(r"^events\[([0-9]+)\]", r"events.\1", key).split("."))


def _new_places(document: Document, path: Path) -> Iterator[Path]:
    """Yield a path, and the places on its way that the file itself does not have."""
    yield path
    for length in range(1, len(path)):
        if path[:length] not in document.values:
            yield path[:length]


def _paths(scenario: Any, steps: tuple[str, ...], origin: str) -> Iterator[Path]:
    events = scenario.get("events") if isinstance(scenario, dict) else None
    count = len(events) if isinstance(events, list) else 0
    if steps[0] == "events":
        known = {str(index) for index in range(count)}
        if len(steps) < 3 or steps[1] not in known:
            raise _refusal(origin, f"events.0.… to events.{max(count - 1, 0)}.…")
        yield ("events", int(steps[1]), *steps[2:])
    elif steps[0] in _TOP:
        yield steps
    elif steps[0] in _EVENT:
        for index in range(count):
            event = events[index] if events else None
            is_one = isinstance(event, dict) and steps[0] in event
            if is_one or steps[0] not in ("flow_run", "payload"):
                yield ("events", index, *steps)
    else:
        near = get_close_matches(steps[0], _TOP | _EVENT, 1)
        raise _refusal(origin, f"a key such as {near[0] if near else 'flow_run.records.failed'}")


def _unshared(value: Any) -> Any:
    """Return a copy in which nothing stands twice: aliases of YAML share what they name."""
    if isinstance(value, dict):
        return {key: _unshared(each) for key, each in value.items()}
    return [_unshared(each) for each in value] if isinstance(value, list) else value


def _put(scenario: Any, path: Path, value: Any, origin: str) -> None:
    """Set the value at a path, making the mappings that lead to it."""
    holder = scenario
    for step in path[:-1]:
        if isinstance(holder, dict):
            holder = holder.setdefault(step, {})
        else:
            holder = holder[step] if isinstance(step, int) else None
    if not isinstance(holder, dict):
        raise _refusal(origin, "a key whose holder is a mapping")
    holder[path[-1]] = value


def _refusal(origin: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem(origin, 0, 0, "", "a key that leads nowhere", expected)])
