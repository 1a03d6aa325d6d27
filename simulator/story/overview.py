"""What a story holds, in a few facts: its families, events, expectations and faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..scenario.model import kinds_of
from .story import Story


@dataclass(frozen=True, slots=True)
class StoryOverview:
    """A few facts about a story.

    ``families`` are labels. ``expectations`` maps what is expected of the webhook to the number of
    events. ``faults`` are names, each once. ``length`` is in seconds of story time.
    """

    description: str
    families: tuple[str, ...]
    event_count: int
    expectations: Mapping[str, int]
    faults: tuple[str, ...]
    length: float


def overview_of(story: Story) -> StoryOverview:
    """Return the facts about a story; no event of it is told."""
    families = {kind: None for each in story.entries for kind in kinds_of(each.event)}
    expectations: Counter[str] = Counter()
    for each in story.entries:
        count = each.event.repeat * len(each.prepared.offsets)
        expectations[str(each.event.expect)] += story.passes * count
    faults = {fault.name: None for each in story.entries for fault in each.faults}
    return StoryOverview(
        " ".join(story.description.split()),
        tuple(story.families[name].label for name in families),
        story.event_count,
        dict(expectations),
        tuple(faults),
        story.length,
    )
