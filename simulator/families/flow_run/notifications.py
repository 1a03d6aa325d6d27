"""Makes the notifications of Adobe from the entries of a scenario about flow runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ...core.event import Notification
from ...core.json_writing import merge_patch
from ...runtime.chance import Chance
from ..entries import Entry, Occurrence, Passage
from . import catalogue, draws, rendering, run, shapes
from .draws import Flow, RunDraws
from .result import RunResult, result_of
from .spec import FlowRunSpec, merged
from .timeline import Ending, Endings


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """The run of one entry of ``events``: what all of its notifications have in common."""

    entry: Entry
    spec: FlowRunSpec
    flow: Flow
    result: RunResult
    chance: Chance
    offsets: Sequence[float] = (0.0,)

    def tell(self, number: str, begin: datetime, passage: Passage) -> tuple[Occurrence]:
        """Return the notification about the run, which is published when the entry begins.

        A label keeps how its run ended so far, and the ids of the run and of its flow.
        """
        drawn = RunDraws(self.chance.of_story(passage.name(self.entry, number), draws.SIZE))
        if self.entry.label is None:
            endings = self._endings(begin, None)
        else:
            left = passage.labels.setdefault(self.entry.label, {})
            endings = left["endings"] = self._endings(begin, left.get("endings"))
            left |= {"run": drawn.run_id, "flow": self.flow.id}
        return (Occurrence(begin, self._notification(drawn, endings)),)

    def _endings(self, published: datetime, before: Endings | None) -> Endings:
        """Return how the run ended, by its notifications up to the one at ``published``."""
        ending = Ending(published, self.spec.duration, self.result.failed_stage)
        return before.then(ending) if before else Endings.of(ending)

    def _notification(self, drawn: RunDraws, endings: Endings) -> Notification:
        """Return the notification, with ``override`` applied as a JSON merge patch (RFC 7396)."""
        made = run.execute(self.spec, self.flow, self.result, drawn, endings)
        if self.entry.event_code is not None:
            made = replace(made, event_code=self.entry.event_code)
        notification = shapes.reshape(made.shape, rendering.render(made))
        if not self.entry.override:
            return notification
        return notification.with_run(lambda entity: merge_patch(entity, self.entry.override))


class StoryRuns:
    """The flow runs of one story; ``defaults`` are those of its scenario."""

    def __init__(self, chance: Chance, defaults: FlowRunSpec) -> None:
        self._chance = chance
        self._defaults = defaults
        self._words = draws.fixed_words(chance)

    def prepared(self, entry: Entry) -> PreparedRun:
        """Return the run of an entry of ``events``; its errors are those of the catalogue."""
        spec = merged(self._defaults, entry.said)
        result = result_of(spec, catalogue.run_errors())
        flow = draws.flow_of(spec, self._chance, self._words)
        return PreparedRun(entry, spec, flow, result, self._chance)
