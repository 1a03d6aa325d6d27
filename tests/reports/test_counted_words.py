"""Reports of a single check or event name it in the singular."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from flowsim.reports.check_words import tally

from .findings import findings, some


def test_the_tally_of_a_single_check_is_in_the_singular() -> None:
    one, *_ = some()
    assert tally(findings(one)).startswith("1 check: 1 passed, 0 failed")
    assert tally(findings(*some())).startswith("4 checks: 1 passed")


def test_a_scenario_of_a_single_event_is_in_the_singular(
    flowsim: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("events: [{custom_event: {}}]\n")
    assert flowsim("validate", path).stdout == f"{path}: ok, 1 event\n"
