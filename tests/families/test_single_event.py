"""A check sends one event of a family's story: the one with its code, at the wanted moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flowsim.families.base import Family
from flowsim.families.entries import Entry, Occurrence, Passage
from flowsim.families.registry import shipped
from flowsim.families.single_event import SingleEvent
from flowsim.runtime.chance import Chance

CODE = "segment_evaluation_job_error"
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def told(family: Family, begin: datetime, passage: Passage, **says: Any) -> list[Occurrence]:
    entry = Entry(family.model()(**says), label="late")
    prepared = family.teller(Chance.of(7, ""), None).prepared(entry)
    return [*prepared.tell("0.0", begin, passage)]


def test_the_first_event_with_the_code_comes_when_the_entry_begins() -> None:
    """Its content is that of a story which began as long before as the event takes."""
    family = shipped()["segment_job"]
    (only,) = told(SingleEvent(family, CODE), BEGIN, Passage(), lasts="3h")
    _, firing, *_ = told(family, BEGIN - timedelta(minutes=150), Passage(), lasts="3h")
    assert (only, only.time) == (firing, BEGIN)
    assert only.notification.content["status"] == "FIRING"


def test_the_story_of_an_entry_is_told_once_in_its_passage() -> None:
    """A run that is told twice under one label would have been written twice."""
    family = shipped()["flow_run"]
    code = "sources_flow_run_success"
    entry = Entry(family.model()(), label="run")
    single, whole = (
        each.teller(Chance.of(7, ""), family.model()()).prepared(entry)
        for each in (SingleEvent(family, code), family)
    )
    ours, theirs = Passage(), Passage()
    assert [*single.tell("0.0", BEGIN, ours)] == [*whole.tell("0.0", BEGIN, theirs)]
    assert ours.labels == theirs.labels
