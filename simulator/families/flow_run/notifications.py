"""Makes the notifications of Adobe from the entries of a scenario about flow runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ...core.event import Notification
from ...core.json_writing import merge_patch
from ...runtime.chance import Chance
from . import catalogue, draws, rendering, run, shapes
from .draws import Flow, RunDraws
from .result import RunResult, result_of
from .spec import FlowRunSpec, merged
from .timeline import Ending, Endings


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """The run of one entry of ``events``: what all of its notifications have in common."""

    spec: FlowRunSpec
    flow: Flow
    result: RunResult
    event_code: str | None
    override: Mapping[str, Any]

    def endings(self, published: datetime, before: Endings | None) -> Endings:
        """Return how the run ended, by its notifications up to the one at ``published``."""
        ending = Ending(published, self.spec.duration, self.result.failed_stage)
        return before.then(ending) if before else Endings.of(ending)

    def notification(self, drawn: RunDraws, endings: Endings) -> Notification:
        """Return the notification, with ``override`` applied as a JSON merge patch (RFC 7396)."""
        made = run.execute(self.spec, self.flow, self.result, drawn, endings)
        if self.event_code is not None:
            made = replace(made, event_code=self.event_code)
        notification = shapes.reshape(made.shape, rendering.render(made))
        if not self.override:
            return notification
        return notification.with_run(lambda entity: merge_patch(entity, self.override))


class StoryRuns:
    """The flow runs of one story; ``defaults`` are those of its scenario."""

    def __init__(self, chance: Chance, defaults: FlowRunSpec) -> None:
        self._chance = chance
        self._defaults = defaults
        self._words = draws.fixed_words(chance)

    def prepared(
        self, own: FlowRunSpec, event_code: str | None, override: Mapping[str, Any]
    ) -> PreparedRun:
        """Return the run of an entry of ``events``; its errors are those of the catalogue."""
        spec = merged(self._defaults, own)
        result = result_of(spec, catalogue.run_errors())
        flow = draws.flow_of(spec, self._chance, self._words)
        return PreparedRun(spec, flow, result, event_code, override)

    def draws(self, name: str) -> RunDraws:
        """Return the random part of the run called ``name``."""
        return RunDraws(self._chance.of_story(name, draws.SIZE))
