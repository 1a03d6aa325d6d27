"""The family of flow runs: what scenarios, stories and the service ask it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from ...core.event import Notification
from ...core.fault import FaultKind
from ...errors import Problem
from ...files.document import Document, Path
from ...runtime.chance import Chance
from ..base import CheckGroup, EventCode, Family, FamilyProvider
from ..entities import Entity, PlatformPath, RunState
from ..entries import EntryAt, Teller
from ..fields.table import FieldTable
from . import entities, rules, state
from .spec import FlowRunSpec, merged

_CODES = (
    EventCode(
        "sources_flow_run_success",
        "Experience Platform Source's Flow Run Succeeded",
        "A flow run succeeded, or ingested partially.",
        "A",
        {"records": {"input": 1000, "failed": 0}},
        "success",
    ),
    EventCode(
        "sources_flow_run_failed",
        "Experience Platform Source's Flow Run Failed",
        "A flow run failed, at copy or at promotion.",
        "A",
        {"status": "failed"},
        "failure-promotion",
        ({"stage": "copy"},),
    ),
)


class FlowRunFamily(Family):
    """Flow runs of sources, as the user's own document has them (flow-run-payloads.md 1)."""

    name = "flow_run"
    label = "Flow runs of sources"
    summary = (
        "Notifications of 2020, older than the alerts about source runs: a flow run of a source "
        "succeeded, ingested partially, or failed."
    )
    provider = FamilyProvider(
        "platform_notifications", "Platform notifications", "Experience Platform"
    )
    formats: Mapping[str, str] = {"adobe_io": "A", "cloud_events": "gap"}
    codes: Mapping[str, EventCode] = {each.code: each for each in _CODES}
    defaults_key = "flow"

    def fields(self) -> FieldTable:
        from .field_table import fields

        return fields()

    def model(self) -> type[FlowRunSpec]:
        return FlowRunSpec

    def steps(self) -> Sequence[str]:
        success, failed = self.codes
        return (
            f"At `begin`, if the run succeeds or ingests partially: `{success}`, body `success`.",
            f"At `begin`, if the run fails: `{failed}`, body `failure`. If the entry sets "
            "`failure_code`, the event has that code instead.",
        )

    def prints(self) -> Sequence[str]:
        return ("../success.json", "../failure.json")

    def merged(self, defaults: FlowRunSpec, said: FlowRunSpec) -> FlowRunSpec:
        return merged(defaults, said)

    def rules_of_entry(
        self, document: Document, at: EntryAt, *, is_whole: bool
    ) -> Iterator[Problem]:
        yield from rules.rules_of_counts(document, at.path, at.entry.said)
        if is_whole:
            yield from rules.rules_of_run(document, at.path, at.entry.said)

    def rules_of_entries(
        self, document: Document, entries: Sequence[EntryAt], *, is_whole: bool
    ) -> Iterator[Problem]:
        if not is_whole:
            return
        labelled = [each for each in entries if each.entry.label is not None]
        yield from rules.rules_of_labels(document, labelled)
        yield from rules.rules_of_durations(document, labelled)

    def warnings_of(self, document: Document, said: Mapping[Path, Any]) -> Iterable[Problem]:
        return rules.warnings_of(document, said)

    def teller(self, chance: Chance, defaults: FlowRunSpec) -> Teller:
        from .notifications import StoryRuns

        return StoryRuns(chance, defaults)

    def words(self, kind: str) -> Mapping[str, str]:
        from . import catalogue

        return catalogue.described_sources() if kind == "sources" else catalogue.described_errors()

    def faults(self) -> Iterable[FaultKind]:
        from ...faults.fault_point import kinds_in
        from .faults import activities, counts, events, parts, run

        modules = run, counts, parts, activities, events
        return [kind for each in modules for kind in kinds_in(each)]

    def line(self, content: Any) -> str:
        return entities.line(content)

    def reason(self, content: Any) -> str:
        return entities.reason(content)

    def result(self, content: Any) -> str:
        return entities.result(content)

    def entities_of(self, notification: Notification) -> Iterable[Entity]:
        return entities.entities_of(notification)

    def state_of(self, notification: Notification) -> RunState | None:
        return state.state_of(notification)

    def platform_paths(self) -> Iterable[PlatformPath]:
        from . import platform

        return platform.paths()

    def checks(self) -> CheckGroup:
        file = FilePath(__file__).with_name("checks.yaml")
        return CheckGroup("payload", "what flow runs may look like", file)


FAMILY = FlowRunFamily()
"""The family; the registry finds it by this name."""
