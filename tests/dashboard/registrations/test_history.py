"""The buckets of a history are the attempts by which a status is judged, and fit the drawing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.instant import to_ms
from flowsim.dashboard.registrations.history import SPANS, draw, history_of
from flowsim.events_service.registrations.notes import RegistrationNote
from flowsim.events_service.registrations.outlook import outlook_of
from flowsim.events_service.registrations.status import FEWEST, ONE_IN, WINDOW

NOW = datetime(2026, 1, 15, 9, 30, 20, tzinfo=UTC)
MINUTE = to_ms(NOW) // 60_000
DAY = WINDOW // timedelta(minutes=1)

counts = st.tuples(st.integers(0, 50), st.integers(0, 50))
tallies = st.dictionaries(st.integers(MINUTE - DAY - 100, MINUTE), counts)


@given(tallies)
def test_the_buckets_of_a_day_hold_what_the_rule_counts(found: dict[int, tuple[int, int]]) -> None:
    listed = [(minute, *found[minute]) for minute in sorted(found)]
    history = history_of(listed, NOW, "day")
    outlook = outlook_of("verified", None, listed, NOW)
    assert sum(each.succeeded for each in history.buckets) == outlook.succeeded
    assert sum(each.failed for each in history.buckets) == outlook.failed
    hour = history_of(listed, NOW, "hour")
    assert sum(each.succeeded for each in hour.buckets) == outlook.rate_succeeded
    assert sum(each.failed for each in hour.buckets) == outlook.rate_failed
    assert [len(each.buckets) for each in (history, hour)] == [24, 60]
    assert history.buckets[-1].begin <= NOW < history.buckets[-1].end


@given(tallies, st.sampled_from([*SPANS]))
def test_every_bar_is_inside_the_drawing_and_its_parts_fill_it(
    found: dict[int, tuple[int, int]], span: str
) -> None:
    listed = [(minute, *found[minute]) for minute in sorted(found)]
    drawing = draw(history_of(listed, NOW, span), [])
    height = drawing.bottom - drawing.top
    for each in drawing.bars:
        assert drawing.left <= each.x
        assert each.x + each.width <= drawing.right
        assert each.good_y + each.good_height == drawing.bottom
        assert abs(each.good_height + each.bad_height - height) < 0.2
    right_ends = [each.x + each.width for each in drawing.bars]
    assert all(end <= each.x for end, each in zip(right_ends, drawing.bars[1:], strict=False))


def test_the_threshold_is_that_of_the_rule() -> None:
    history = history_of([(MINUTE, 1, ONE_IN - 1)], NOW, "day")
    drawing = draw(history, [])
    assert (history.fewest, history.needed) == (FEWEST, 1 / ONE_IN)
    assert drawing.bars[-1].good_y == drawing.threshold


def test_only_changes_of_the_status_within_the_span_are_marked() -> None:
    def note(kind: str, minutes: int) -> RegistrationNote:
        at = NOW - timedelta(minutes=minutes)
        return RegistrationNote(kind, at, "id", "name", kind)  # type: ignore[arg-type]

    notes = [note("status", 30), note("challenge", 30), note("status", 90)]
    assert len(draw(history_of([], NOW, "day"), notes).changes) == 2
    assert len(draw(history_of([], NOW, "hour"), notes).changes) == 1
