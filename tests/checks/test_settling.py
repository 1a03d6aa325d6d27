"""When answers about the webhook's data are final: counts of events, and states of runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import settling
from flowsim.checks.effects import EffectsClient
from flowsim.checks.settling import SettlingClient
from flowsim.checks.state_answers import StatesClient
from flowsim.errors import FlowsimError

from .consumers import Candidate, named, result

KINDS: list[tuple[type[SettlingClient[Any]], Any, Any]] = [
    (EffectsClient, 0, 1),
    (StatesClient, None, {"status": "success"}),
]
"""A client, its answer about what is not done, and about what is."""

both = pytest.mark.parametrize(("kind", "nothing", "done"), KINDS, ids=["counts", "states"])


def settle(client: SettlingClient[Any], ids: list[str]) -> dict[str, Any]:
    async def ask() -> dict[str, Any]:
        async with client:
            return await client.until_settled(
                ids, lambda known: [each for each in ids if not known[each]]
            )

    return asyncio.run(ask())


def after(questions: int, nothing: Any, done: Any) -> Callable[[str], Any]:
    """Return a function that answers so many questions about an id before its work is done."""
    asked = Counter[str]()

    def answer(id_: str) -> Any:
        asked[id_] += 1
        return done if asked[id_] > questions else nothing

    return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "POLL_INTERVAL", 0.01)


@both
def test_what_comes_late_is_waited_for(
    kind: Callable[..., SettlingClient[Any]], nothing: Any, done: Any
) -> None:
    client = kind(after(5, nothing, done), 1.0)
    assert settle(client, ["a", "b"]) == {"a": done, "b": done}
    assert client.pending == frozenset()


@both
def test_what_is_missing_while_others_come_is_pending(
    kind: Callable[..., SettlingClient[Any]],
    nothing: Any,
    done: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The time for all is over while the next one may still come."""
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", -59.5)
    late = after(1, nothing, done)
    client = kind(lambda id_: late(id_) if id_ == "a" else nothing, 60.0)
    assert settle(client, ["a", "b"]) == {"a": done, "b": nothing}
    assert client.pending == {"b"}
    assert client.waited == 0.5


@both
def test_answers_that_take_too_long_are_one_sentence(
    kind: Callable[..., SettlingClient[Any]],
    nothing: Any,
    done: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", -59.9)
    with pytest.raises(FlowsimError, match=r"did not answer for all \w+ in 0.1 s; --settle allows"):
        settle(kind(after(10**9, nothing, done), 60.0), ["a"])


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_count_never_decreases_and_a_state_is_the_latest(before: int, found: int) -> None:
    """An answer with an older count may come from a replica; a state may be corrected."""
    assert EffectsClient(len, None).merged(before, found) == max(before, found)
    states = [{"records": before}, {"records": found}]
    assert StatesClient(len, None).merged(*states) == states[1]  # type: ignore[arg-type]


def test_a_state_that_still_changes_at_the_end_is_not_judged(
    correct: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run comes from the queue, and the time is over before the next one."""
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", -59.5)
    late: dict[str, int] = {}

    def state(run_id: str) -> dict[str, Any] | None:
        late[run_id] = late.get(run_id, 0) + 1
        is_first_sent = [*late].index(run_id) == 1  # the one before was never sent
        is_done = is_first_sent and late[run_id] > 1
        return correct.running.webhook.state_of(run_id) if is_done else None

    findings = correct.check(
        *("run-state", "failed-run-state", "unsigned"), processed=None, state=state, settle=60.0
    )
    assert findings.problem == ""
    assert named(findings, "failed") == set()
    assert named(findings, "passed") >= {"answers", "unsigned"}
    notes = {result(findings, name).verdict.note for name in named(findings, "not judged")}
    assert "the queue of the webhook was not empty yet after 500ms" in notes
