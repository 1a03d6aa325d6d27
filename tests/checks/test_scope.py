"""What a run says that it looked for, and what it did not."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.checks import catalogue
from flowsim.checks.asking import Command
from flowsim.checks.check import not_judged, passed
from flowsim.checks.findings import CheckResult
from flowsim.checks.options import CheckOptions
from flowsim.checks.scope import BEYOND, Scope, scope_of


def scope(behind: int | None, aged: float, *, thorough: bool) -> Scope:
    """Return the scope of a run whose late duplicates came so late."""
    options = CheckOptions("http://127.0.0.1:1/hook", "client", thorough=thorough)
    late: Any = catalogue.find("late-duplicate")
    made = CheckResult(late, passed(), (), (), 0.0, 0.1, behind=behind, aged=aged)
    return scope_of(options, [made], has_effects=True)


@pytest.mark.parametrize(
    ("thorough", "behind", "aged", "found", "others"),
    [
        (
            *(False, 865, 8.4),
            ["memories of fewer than 865 event ids, or that end within 8 s"],
            ["longer memories, rare races, and combinations of unusual values (add --thorough)"],
        ),
        (
            *(True, 1_200, 70.01),
            ["memories of fewer than 1,200 event ids, or that end within 70 s"],
            [],
        ),
        (
            *(True, 1_200, 12.6),
            ["memories of fewer than 1,200 event ids, or that end within 13 s"],
            ["memories that end after 13 s (add --time-limit)"],
        ),
        (
            *(True, 300, 12.6),
            ["memories of fewer than 300 event ids, or that end within 13 s"],
            ["memories of more than 300 event ids or that end after 13 s (add --time-limit)"],
        ),
        (
            *(False, None, 0.0),
            [],
            ["rare races, and combinations of unusual values (add --thorough)"],
        ),
        (True, None, 0.0, [], []),
    ],
)
def test_the_scope_says_how_long_a_memory_may_be_that_is_found(
    thorough: bool, behind: int | None, aged: float, found: list[str], others: list[str]
) -> None:
    """What no run looks for is said of each run."""
    said = scope(behind, aged, thorough=thorough)
    assert [*said.looked_for[1:]] == found
    assert [*said.not_looked_for] == [*others, BEYOND]


UNKNOWN = [
    CheckResult(catalogue.find(name), not_judged("why"), (), (), 0.0, 0.1)
    for name in ("acknowledged-is-processed", "partial-ingestion-state", "restart-duplicate")
]


@pytest.mark.parametrize(
    ("given", "unanswered", "remedies"),
    [
        ((), (), ["add --processed", "add --state", "add --restart"]),
        (("processed",), (), ["", "add --state", "add --restart"]),
        (("restart",), (), ["add --processed", "add --state", "add --processed"]),
        (("processed", "state", "restart"), (), ["", "", ""]),
        (
            ("processed", "state", "restart"),
            ("--processed", "--state"),
            ["--processed did not answer", "--state did not answer", ""],
        ),
    ],
)
def test_no_option_is_recommended_that_was_given(
    given: tuple[str, ...], unanswered: tuple[str, ...], remedies: list[str]
) -> None:
    """It is said that it did not answer, if that is why nothing is known."""
    asked: Any = dict.fromkeys(given, Command(()))
    options = CheckOptions("http://127.0.0.1:1/hook", "client", **asked)
    said = scope_of(options, UNKNOWN, has_effects=False, unanswered=unanswered).not_looked_for
    things = (
        "events that are lost after the answer, or processed twice",
        "what is kept of a run",
        "what a restart wipes",
    )
    words = [f" ({remedy})" if remedy else "" for remedy in remedies]
    assert [*said[:3]] == [f"{thing}{word}" for thing, word in zip(things, words, strict=True)]


def test_what_state_says_of_no_run_is_not_looked_for() -> None:
    """A webhook that never shows a number may read it from the wrong place."""
    options = CheckOptions("http://127.0.0.1/", "a" * 32)

    def first(name: str) -> str:
        made = CheckResult(catalogue.find(name), passed(), (), (), 0.0, 0.1)
        return scope_of(
            options, [made], has_effects=True, unkept=("failed", "ended")
        ).not_looked_for[0]

    assert first("run-state") == "failed and ended of a run (--state does not say it of any run)"
    assert "--state" not in first("unsigned")
