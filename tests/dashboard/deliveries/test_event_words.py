"""What events say is read once, and is never that of another event."""

from __future__ import annotations

import json

from flowsim.dashboard.deliveries.event_words import MOST, RememberedWords
from flowsim.events_service.deliveries.history_rows import HistoryEvent
from flowsim.families.registry import shipped

from ...families.told import events

CODE = "sources_flow_run_success"


def stored(seq: int, event_id: str, text: str) -> HistoryEvent:
    return HistoryEvent(seq, event_id, CODE, "event", text)


def test_the_content_of_an_event_is_read_once() -> None:
    """The text that is given the second time is no JSON, and is not looked at."""
    words = RememberedWords(shipped())
    text = json.dumps(events(CODE)[0].content)
    first = words.of(stored(1, "a", text))
    assert first.result == "success"
    assert words.of(stored(1, "a", "no JSON")) == first


def test_another_event_at_the_same_place_is_read() -> None:
    words = RememberedWords(shipped())
    words.of(stored(1, "a", json.dumps(events(CODE)[0].content)))
    assert words.of(stored(1, "b", "{}")).result == ""


def test_the_events_that_were_read_first_are_forgotten_first() -> None:
    words = RememberedWords(shipped())
    success = json.dumps(events(CODE)[0].content)
    words.of(stored(0, "a", success))
    for seq in range(1, MOST + 1):
        words.of(stored(seq, "a", "{}"))
    assert words.of(stored(0, "a", "{}")).result == ""


def test_an_event_that_was_deleted_says_nothing() -> None:
    assert RememberedWords(shipped()).of(HistoryEvent(1)).result == ""
