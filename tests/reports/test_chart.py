"""Where the requests of checks stand on the line of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.check import not_judged, passed
from flowsim.core.outcome import NETWORK
from flowsim.reports.formats import html

from ..cases import for_each
from .findings import exchange, findings, result

TIMES = st.floats(0, 300)


def test_a_request_is_as_long_as_it_took() -> None:
    exchanges = exchange(began=0.0, elapsed=1.0), exchange(began=1.0, elapsed=3.0)
    (row,) = html.draw(findings(result(passed(), "must", *exchanges))).rows
    first, second = row.bars
    assert (first.x, first.width) == (html.LEFT, html.WIDTH / 4)
    assert (second.x, second.width) == (html.LEFT + html.WIDTH / 4, html.WIDTH * 3 / 4)


def test_a_check_that_sent_nothing_has_no_row() -> None:
    seen = findings(
        result(passed(), "must", exchange(), name="sends"), result(not_judged("stopped"))
    )
    assert [row.name for row in html.draw(seen).rows] == ["sends"]
    assert html.draw(findings(result(not_judged("stopped")))).rows == ()


@for_each(
    ("status", "kind"),
    [(204, "accepted"), (302, "refused"), (401, "refused"), (NETWORK, "unanswered")],
)
def test_a_bar_is_coloured_by_its_answer(status: int, kind: str) -> None:
    assert html.kind_of(exchange(status)) == kind


@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=5))
def test_everything_is_inside_the_drawing(times: list[tuple[float, float]]) -> None:
    results = [
        result(passed(), "must", exchange(began=began, elapsed=elapsed)) for began, elapsed in times
    ]
    drawn = html.draw(findings(*results))
    for row in drawn.rows:
        assert 0 < row.y < row.y + html.ROW < drawn.height
        for bar in row.bars:
            assert bar.x >= html.LEFT
            assert bar.x + bar.width < drawn.width
    assert 1 <= len(drawn.ticks) <= 11
    assert len({label for _, label in drawn.ticks}) == len(drawn.ticks)
