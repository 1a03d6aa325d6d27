"""Failed checks are grouped by their cause: a mistake that fails several checks stands once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import catalogue
from flowsim.checks.causes import ALL_LOST, LOADED, Cause, causes_of, first_of
from flowsim.checks.check import HARMS, Harm, Verdict, failed, passed
from flowsim.checks.findings import CheckResult

from ..reports.findings import result
from .test_pairs import FAILS

SEVERAL = {mistake: names.split() for mistake, names in FAILS.items() if " " in names}


def of_catalogue(name: str, verdict: Verdict) -> CheckResult:
    return CheckResult(catalogue.find(name), verdict, (), (), 0.0, 0.1)


def own(name: str, *follows: str, level: str = "must", harm: Harm = "lost") -> CheckResult:
    """Return a failed check that follows others."""
    made = result(failed("a", "b"), level, name=name)
    return replace(made, check=replace(made.check, follows=follows, harm=harm))


def lost(name: str) -> CheckResult:
    """Return a check with an event that was acknowledged and not processed."""
    return replace(of_catalogue(name, failed("a", "b")), lost=("an-id",))


def shape(causes: list[Cause]) -> list[list[str]]:
    return [[each.check.name for each in cause.results] for cause in causes]


@pytest.mark.parametrize("mistake", SEVERAL)
def test_a_mistake_that_fails_several_checks_is_one_cause(mistake: str) -> None:
    failures = [of_catalogue(name, failed("a", "b")) for name in SEVERAL[mistake]]
    (cause,) = causes_of(failures)
    assert {each.check.name for each in cause.results} == {*SEVERAL[mistake]}


def test_each_followed_check_is_one_and_none_follows_itself_by_others() -> None:
    follows = {name: catalogue.find(name).follows for name in catalogue.names()}
    assert {name for names in follows.values() for name in names} <= {*follows}
    done: set[str] = set()
    while ready := {name for name, names in follows.items() if {*names} <= done} - done:
        done |= ready
    assert done == {*follows}


def test_a_check_that_passed_is_no_cause() -> None:
    followed = of_catalogue("tampered-body", passed())
    names = ("signatures-invalid", "unsigned")
    others = [of_catalogue(name, failed("a", "b")) for name in names]
    assert shape(causes_of([followed, *others])) == [["signatures-invalid"], ["unsigned"]]


def test_what_loses_events_stands_before_what_is_untidy_and_must_before_should() -> None:
    harms = [own(f"harm-{harm}", harm=harm) for harm in reversed(HARMS)]
    mild = own("mild", level="should", harm="lost")
    assert shape(causes_of([mild, *harms])) == [
        *([f"harm-{harm}"] for harm in HARMS),
        ["mild"],
    ]


def test_a_lost_event_counts_at_every_level() -> None:
    mild, grave = own("mild", level="must", harm="forged"), own("grave", level="should")
    grave = replace(grave, lost=("an-id",))
    assert shape(causes_of([mild, grave])) == [["grave"], ["mild"]]
    assert [cause.counts(strict=False) for cause in causes_of([grave])] == [True]


def test_a_cause_is_as_grave_as_its_gravest_check() -> None:
    (cause,) = causes_of([own("a", level="note", harm="untidy"), own("b", "a", harm="forged")])
    assert (cause.first.check.name, cause.level, cause.harm) == ("a", "must", "forged")


def test_lost_events_have_one_cause() -> None:
    """Whether or not the check about them failed too; a more direct cause comes first."""
    names = ["cloud-id", "statuses", "late-start"]
    losing = [lost(name) for name in names]
    assert shape(causes_of(losing)) == [["cloud-id", "statuses", "late-start"]]
    told = [*losing, lost(ALL_LOST)]
    assert shape(causes_of(told)) == [[ALL_LOST, *names]]
    assert {cause.harm for cause in causes_of(told)} == {"lost"}


def test_the_loss_leads_if_many_checks_lost_events_without_a_cause_in_common() -> None:
    """Then the advice of the first of them would mislead."""
    names = ["raw-body", "header-case", "old-event", "statuses"]
    (few,) = causes_of([lost(name) for name in names])
    assert (few.is_loss, few.claim) == (False, catalogue.find("raw-body").claim)
    (many,) = causes_of([lost(name) for name in [*names, "long-texts"]])
    assert (many.claim, many.advice) == (
        catalogue.find(ALL_LOST).claim,
        catalogue.find(ALL_LOST).advice,
    )
    assert many.received == "acknowledged, then lost: 5 events of 5 checks; here: b"
    (loaded,) = causes_of([lost(name) for name in [*names, "long-texts", LOADED]])
    assert loaded.first.check.name == LOADED


def test_each_check_knows_the_first_of_its_cause() -> None:
    assert first_of(causes_of([own("a"), own("b", "a"), own("c")])) == {
        "a": "a",
        "b": "a",
        "c": "c",
    }


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=4)))
def test_checks_that_follow_each_other_in_any_way_stand_once_each(
    follows: dict[str, list[str]],
) -> None:
    causes = causes_of([own(name, *names) for name, names in follows.items()])
    assert sorted(name for names in shape(causes) for name in names) == sorted(follows)
    assert len(first_of(causes)) == len(follows)
