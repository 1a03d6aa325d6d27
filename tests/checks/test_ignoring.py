"""``--ignores`` takes the code of each event that a report may call lost, and no other word."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.checks import own_checks
from flowsim.checks.check import Check
from flowsim.checks.ignoring import expect_known
from flowsim.errors import FlowsimError
from flowsim.families.registry import shipped, with_folders

from ..families.own import own_families
from .own import of


def own(folder: Path, events: str) -> list[Check]:
    path = folder / "own.yaml"
    path.write_text(of(f"events: {events}"), encoding="utf-8")
    return own_checks.read([str(path)], shipped())


def test_codes_of_all_families_are_taken_whatever_the_checks_are_about() -> None:
    codes = [*shipped().event_codes()]
    assert len(codes) > 10
    for about in (None, "segment_evaluation_job_info"):
        expect_known(codes, about, shipped())
        with pytest.raises(FlowsimError, match="no event code 'unknown_code'"):
            expect_known([*codes, "unknown_code"], about, shipped())


def test_codes_that_only_shipped_checks_send_are_taken() -> None:
    only_in_checks = ["sources_flow_run_archived", "sources_flow_run_failure"]
    assert {*only_in_checks}.isdisjoint(shipped().event_codes())
    expect_known(only_in_checks, None, shipped())


def test_codes_that_only_an_own_check_sends_are_taken(tmp_path: Path) -> None:
    told = "{faults: [{unknown-event-code: a_code_of_mine}]}"
    stated = "{payload: {a: 1}, event_code: another_of_mine}"
    checks = own(tmp_path, f"[{told}, {stated}]")
    expect_known(["a_code_of_mine", "another_of_mine"], None, shipped(), checks)
    with pytest.raises(
        FlowsimError, match="no event code 'a_code_of_min'; did you mean a_code_of_"
    ):
        expect_known(["a_code_of_min"], None, shipped(), checks)


def test_codes_of_own_families_are_taken(tmp_path: Path) -> None:
    with pytest.raises(FlowsimError, match=r"no event code 'order\.placed'"):
        expect_known(["order.placed"], None, shipped())
    expect_known(["order.placed"], None, with_folders((own_families(tmp_path),)))
