"""Partial ingestion of a flow run: where a success with errors turns into a failure.

The family of flow runs decides how each run ends, and nothing of its rule is repeated here. So the
boundary is found by making stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...core import json_writing
from ...core.event import Notification
from ...families.registry import Families, shipped
from ...files import yaml_writing
from ...files.yaml_documents import parse_text
from ...story.opening import story_of
from .options import START, USUAL_SEED

WORDS = {"success": "success", "partial": "success with errors", "failed": "failed"}
"""Result of a run → the words for it."""

FAMILY = "flow_run"
"""The family whose runs these are."""

RULES = ("strict", "inclusive")


@dataclass(frozen=True, slots=True)
class PartialIngestion:
    """A flow run with rejected records, as its notification says.

    ``threshold`` is ``partialIngestionPercent``, ``rule`` whether failed records must stay below
    it (``strict``) or at most reach it. ``result`` is ``success``, ``partial`` or ``failed``.
    ``boundary`` is the largest number of failed records with which the run still succeeds.
    ``status``, ``metrics`` and ``errors`` are from the payload; ``errors`` are code and message.
    """

    records: int
    failed: int
    threshold: float
    rule: str
    result: str
    boundary: int
    event_code: str
    status: str
    metrics: Mapping[str, Any]
    errors: tuple[tuple[str, str], ...]
    scenario: str

    @property
    def words(self) -> str:
        """The result in words."""
        return WORDS[self.result]

    @property
    def percent(self) -> float:
        """Failed records in percent of all records."""
        return self.failed / self.records * 100 if self.records else 0.0

    @property
    def metrics_text(self) -> str:
        """The metrics as indented JSON."""
        return json_writing.indented(self.metrics)

    @property
    def commands(self) -> tuple[str, ...]:
        """Commands that print and publish the same run."""
        sets = " ".join(
            f"--set flow_run.{name}={value}"
            for name, value in (
                ("records.input", self.records),
                ("records.failed", self.failed),
                ("partial_ingestion_percent", yaml_writing.scalar(self.threshold)),
                ("threshold", self.rule),
            )
        )
        return tuple(
            f"flowsim {verb} sources_flow_run_success {sets}" for verb in ("show", "trigger")
        )


def partial_ingestion(
    records: int,
    failed: int,
    threshold: float,
    rule: str = "strict",
    families: Families | None = None,
) -> PartialIngestion:
    """Return what a flow run says that read ``records`` records and rejected ``failed`` of them.

    ``threshold`` is in percent, above 0. Raises ``ScenarioError`` for values that no run has.
    """
    known, scenario = families or shipped(), _scenario(records, failed, threshold, rule)
    notification = _notification(scenario, known)
    entity = _entity(notification)
    summary = entity["metrics"]["statusSummary"]
    return PartialIngestion(
        records,
        failed,
        threshold,
        rule,
        known[FAMILY].result(notification.content),
        boundary_of(records, threshold, rule, known),
        notification.event_code,
        summary["status"],
        entity["metrics"],
        tuple((each["code"], each["message"]) for each in summary.get("errors", ())),
        scenario,
    )


def _notification(scenario: str, families: Families) -> Notification:
    story = story_of("partial-ingestion", parse_text(scenario, "slider"), families=families)
    (event,) = story.events()
    return event.notification


def _entity(notification: Notification) -> dict[str, Any]:
    """Return the run entity; each shape keeps it elsewhere."""
    is_event = notification.member == "event"
    entity: dict[str, Any] = notification.content if is_event else notification.content[0]["value"]
    return entity


def _scenario(records: int, failed: int, threshold: float, rule: str) -> str:
    said = {
        "records": {"input": records, "failed": failed},
        "partial_ingestion_percent": threshold,
        "threshold": rule,
    }
    scenario = {"seed": USUAL_SEED, "at": START, "events": [{"flow_run": said}]}
    return "\n".join(yaml_writing.block(scenario)) + "\n"


@lru_cache(200)
def boundary_of(records: int, threshold: float, rule: str, families: Families) -> int:
    """Return the largest number of failed records with which a run of ``records`` succeeds.

    Raises ``ScenarioError`` for values that no run has.
    """

    def succeeds(failed: int) -> bool:
        made = _notification(_scenario(records, failed, threshold, rule), families)
        return families[FAMILY].result(made.content) != "failed"

    return _last(succeeds, records)


def _last(holds: Callable[[int], bool], most: int) -> int:
    """Return the largest number up to ``most`` for which something holds; it holds for 0."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def steps_around(
    records: int, threshold: float, rule: str = "strict", families: Families | None = None
) -> Iterator[PartialIngestion]:
    """Yield runs from no failed record to all of them, with those beside the boundary."""
    known = families or shipped()
    edge = boundary_of(records, threshold, rule, known)
    near = {edge - 1, edge, edge + 1, edge + 2}
    for failed in sorted({0, 1, edge // 2, edge * 2, records} | near):
        if 0 <= failed <= records:
            yield partial_ingestion(records, failed, threshold, rule, known)
