"""Partial ingestion: where a success with errors turns into a failure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.dashboard.events.partial_ingestion import partial_ingestion, steps_around
from flowsim.dashboard.events.slider import USUAL, Slider, slider
from flowsim.errors import ScenarioError
from flowsim.families.registry import Families, shipped

from ...cases import for_each


def drawn(query: dict[str, str]) -> Slider:
    found = slider(query, shipped())
    assert found is not None
    return found


@for_each(
    "failed, rule, result",
    [
        (0, "strict", "success"),
        (1, "strict", "partial"),
        (49, "strict", "partial"),
        (50, "strict", "failed"),
        (50, "inclusive", "partial"),
        (51, "inclusive", "failed"),
        (1000, "strict", "failed"),
    ],
)
def test_a_run_ends_as_its_notification_says(failed: int, rule: str, result: str) -> None:
    run = partial_ingestion(1000, failed, 5, rule)
    assert run.result == result
    assert run.event_code.endswith("_failed" if result == "failed" else "_success")
    assert run.status == ("failed" if result == "failed" else "success")
    assert bool(run.errors) == (result != "success")


def test_metrics_are_those_of_the_payload() -> None:
    assert partial_ingestion(1000, 49, 5).metrics["recordSummary"] == {
        "inputRecordCount": 1000,
        "outputRecordCount": 951,
        "failedRecordCount": 49,
    }
    assert "recordSummary" not in partial_ingestion(1000, 50, 5).metrics


@settings(max_examples=15)
@given(
    st.integers(0, 10**9),
    st.decimals("0.01", "150", places=2).map(float),
    st.sampled_from(["strict", "inclusive"]),
)
def test_the_boundary_is_the_last_run_that_succeeds(
    records: int, threshold: float, rule: str
) -> None:
    edge = partial_ingestion(records, 0, threshold, rule).boundary
    assert 0 <= edge <= records
    assert partial_ingestion(records, edge, threshold, rule).result != "failed"
    if edge < records:
        assert partial_ingestion(records, edge + 1, threshold, rule).result == "failed"


def test_steps_go_from_no_failure_over_the_boundary_to_all() -> None:
    steps = [*steps_around(1000, 5)]
    assert [each.failed for each in steps] == [0, 1, 24, 48, 49, 50, 51, 98, 1000]
    assert [each.words for each in steps[:2]] == ["success", "success with errors"]
    results = [each.result for each in steps]
    assert results == sorted(results, key=["success", "partial", "failed"].index)


@for_each("given_, found", [((5, 6, 5.0), "at most input"), ((5, 1, 0.0), "a number above 0")])
def test_a_run_that_cannot_be_is_refused(given_: tuple[int, int, float], found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        partial_ingestion(*given_)


@for_each(
    "query, field, words",
    [
        (
            {"records": "10", "failed": "20"},
            "failed",
            "20 failed records are more than the 10 records read; choose at most 10",
        ),
        (
            {"records": "0", "failed": "1"},
            "failed",
            "1 failed record is more than the 0 records read; choose at most 0",
        ),
        ({"records": "many"}, "records", "a whole number"),
        ({"records": "10000000000"}, "records", "1,000,000,000"),
        ({"failed": "-1"}, "failed", "a whole number"),
        ({"threshold": "0"}, "threshold", "above 0"),
        ({"threshold": "5 %"}, "threshold", "above 0"),
        ({"rule": "lax"}, "rule", "strict or inclusive"),
    ],
)
def test_a_wrong_field_of_the_slider_keeps_the_last_run(
    query: dict[str, str], field: str, words: str
) -> None:
    kept = drawn({"failed": "7"}).kept
    page = drawn({**query, "kept-run": kept})
    assert [*page.mistakes] == [field]
    assert words in page.mistakes[field]
    assert page.run.failed == 7
    assert page.texts[field] == query.get(field, USUAL[field])


@for_each(
    "handle, exact, found",
    [("7", "7", 7), ("9", "7", 9), ("7", "12", 12), ("7", "", 7), ("9", "12", 12)],
)
def test_a_number_beside_the_slider_counts_if_it_was_changed(
    handle: str, exact: str, found: int
) -> None:
    kept = drawn({"failed": "7"}).kept
    assert drawn({"failed": handle, "exact": exact, "kept-run": kept}).run.failed == found


@given(st.dictionaries(st.sampled_from([*USUAL, "exact", "kept-run"]), st.text(max_size=12)))
def test_any_text_in_the_slider_shows_a_run(query: dict[str, str]) -> None:
    page = drawn(query)
    assert 0 <= page.filled <= 1000
    assert 0 <= page.marker <= 1000
    assert page.run.failed <= page.end


@pytest.mark.slow
@given(st.integers(0, 10**9), st.floats(0.001, 200), st.sampled_from(["strict", "inclusive"]))
def test_the_marker_stands_between_success_and_failure(
    records: int, threshold: float, rule: str
) -> None:
    texts = {"records": str(records), "threshold": f"{threshold:.3f}", "rule": rule}
    page = drawn({**texts, "failed": "0"})
    at_edge, behind = page.run.boundary / page.end, (page.run.boundary + 1) / page.end
    assert at_edge * 1000 - 1 <= page.marker <= behind * 1000 + 1


def test_without_the_family_of_flow_runs_there_is_no_slider() -> None:
    assert slider({}, Families({}, dict)) is None
