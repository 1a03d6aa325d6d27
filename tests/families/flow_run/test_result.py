"""Whether a run succeeded, from its record counts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from flowsim.families.flow_run.result import decide

from ...cases import for_each

COUNTS = st.integers(0, 10**15)
PERCENTS = st.decimals(min_value="0.0001", max_value=100, places=4)


@for_each(
    ("failed", "threshold", "status"),
    [
        (0, "strict", "success"),
        (49, "strict", "success"),
        (50, "strict", "failed"),
        (51, "strict", "failed"),
        (50, "inclusive", "success"),
        (51, "inclusive", "failed"),
    ],
)
def test_the_threshold_is_read_strictly_unless_inclusive(
    failed: int, threshold: str, status: str
) -> None:
    assert decide(1000, failed, Decimal(5), threshold) == status


def test_without_a_percentage_any_failed_record_fails_the_run() -> None:
    assert decide(10**9, 1, None, "inclusive") == "failed"


@given(COUNTS, COUNTS, PERCENTS)
def test_the_comparison_is_exact_for_any_counts(total: int, failed: int, percent: Decimal) -> None:
    """Fractions give the expected result: as a float, 11 of 1,000 is just below 1.1 %."""
    share = Fraction(failed, total) if total else Fraction(failed > 0)
    limit = Fraction(percent) / 100
    if total and failed:
        assert (decide(total, failed, percent, "strict") == "success") == (share < limit)
        assert (decide(total, failed, percent, "inclusive") == "success") == (share <= limit)
