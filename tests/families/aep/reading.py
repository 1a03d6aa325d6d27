"""Reads the shipped families of Experience Platform, and tells single entries of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flowsim.core import instant
from flowsim.families import registry
from flowsim.families.data.data_family import DataFamily
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.runtime.chance import Chance

ROOT = Path(__file__).parents[3]
NAMES = (
    "source_run",
    "identity_run",
    "profile_run",
    "segment_job",
    "destination_run",
    "query_run",
    "audit_event",
)
BEGIN = instant.parse("2026-01-15T09:30:00Z")

Json = dict[str, Any]


def family(name: str) -> DataFamily:
    """Return a shipped family; raises ``ScenarioError`` with the mistakes in its file."""
    found = registry.shipped()[name]
    assert isinstance(found, DataFamily)
    return found


def tell(
    name: str,
    says: Mapping[str, Any],
    *,
    begin: datetime = BEGIN,
    seed: int = 7,
    label: str | None = None,
    override: Mapping[str, Any] | None = None,
    passage: Passage | None = None,
) -> list[Occurrence]:
    """Return the events of one entry; ``says`` is as a scenario has it."""
    found = family(name)
    entry = Entry(found.model().model_validate(dict(says)), label, None, override or {})
    prepared = found.teller(Chance.of(seed, ""), None).prepared(entry)
    number = "0.0" if label is None else f"{label}.0"
    told = list(prepared.tell(number, begin, passage or Passage()))
    assert len(told) == len(prepared.offsets)
    return told


def contents(told: list[Occurrence]) -> list[Json]:
    """Return what the events say."""
    return [each.notification.content for each in told]
