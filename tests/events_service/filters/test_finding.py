"""The logic of refused, absent and found."""

from __future__ import annotations

import pytest

from flowsim.events_service.filters.finding import ABSENT, FOUND, REFUSED, among, together


@pytest.mark.parametrize(
    ("findings", "all_together", "among_elements"),
    [
        ([], ABSENT, ABSENT),
        ([ABSENT, ABSENT], ABSENT, ABSENT),
        ([ABSENT, FOUND], FOUND, FOUND),
        ([REFUSED, FOUND], REFUSED, FOUND),
        ([REFUSED, ABSENT], REFUSED, REFUSED),
    ],
)
def test_conditions_hold_together_and_elements_one_for_all(
    findings: list[int], all_together: int, among_elements: int
) -> None:
    assert together(findings) == together(reversed(findings)) == all_together
    assert among(findings) == among(reversed(findings)) == among_elements
