"""What Adobe's documents list, as data: sources, run errors, and the copy errors of sources."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .copy_error import CopyError
from .run_error import RunError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the catalogue; ``kind`` is ``file``, ``table`` or ``stream``.

    ``errors`` is the kind of source that ``copy_errors`` lists errors for. ``connection_spec``
    and ``flow_spec`` are ids of Flow Service, empty where no public document gives one.
    """

    name: str
    label: str
    kind: str
    errors: str
    connection_spec: str = ""
    flow_spec: str = ""


@cache
def sources() -> dict[str, Source]:
    """Return the source catalogue (flow-run-payloads.md 5.1, 5.2): name → source."""
    table = _load("sources.toml")
    flow_specs: dict[str, str] = table.pop("flow_specs")
    return {
        name: Source(name, flow_spec=flow_specs.get(entry.pop("flow_spec", ""), ""), **entry)
        for name, entry in table.items()
    }


@cache
def run_errors() -> dict[str, RunError]:
    """Return the error catalogue (flow-run-payloads.md 3.6, 4.1, 4.2): code → error."""
    return {code: RunError(code, **entry) for code, entry in _load("run_errors.toml").items()}


@cache
def copy_errors() -> dict[str, tuple[CopyError, ...]]:
    """Return the errors that a failed copy can have: kind of source → errors (4.1)."""
    table = {
        kind: tuple(CopyError(**entry) for entry in entries)
        for kind, entries in _load("copy_errors.toml").items()
    }
    of_every_kind = table.pop("every")
    return {kind: own + of_every_kind for kind, own in table.items()}


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
