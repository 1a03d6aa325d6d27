"""The functions that a check is given: where they are called, and what they may be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from flowsim.core.event import Event
from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import FlowsimError
from flowsim.testing.choices import Choices
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys

from ..consumers import app
from ..consumers.correct import CorrectConsumer
from ..consumers.losing import MISTAKES

pytestmark = pytest.mark.usefixtures("works_at_once")

CLIENT_ID = RegistrationSpec().client_id
ONLY = ["restart-duplicate", "run-state"]
Place = tuple[str, threading.Thread, asyncio.AbstractEventLoop | None]
"""The function that was called, the thread, and the event loop that ran there."""


@pytest.fixture
def checker(keys: PublicKeys) -> Flowsim:
    return Flowsim(Choices(path="/hook"), keys)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def loop_here() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def functions(webhook: CorrectConsumer, places: set[Place]) -> dict[str, Callable[..., Any]]:
    """Return all functions that a check may be given; each notes where it is called."""
    answers: dict[str, Callable[..., Any]] = {
        "processed": webhook.processed,
        "state": webhook.state_of,
        "ignores": lambda _: False,
        "restart": webhook.restart,
    }

    def noting(name: str) -> Callable[..., Any]:
        def called(*arguments: Any) -> Any:
            places.add((name, threading.current_thread(), loop_here()))
            return answers[name](*arguments)

        return called

    return {name: noting(name) for name in answers}


def made_async(function: Callable[..., Any]) -> Callable[..., Any]:
    async def called(*arguments: Any) -> Any:
        await asyncio.sleep(0)
        return function(*arguments)

    return called


def test_every_function_is_called_in_the_thread_of_the_test(checker: Flowsim) -> None:
    """Its database connection works there, also for a function that restarts the webhook."""
    webhook, places = CorrectConsumer(CLIENT_ID, checker.key_host), set[Place]()
    given = functions(webhook, places)
    findings = checker.check(app.create(webhook), only=ONLY, **given)
    assert {each.verdict.state for each in findings.results} == {"passed"}
    assert places == {(name, threading.current_thread(), None) for name in given}


def test_every_function_may_be_async(checker: Flowsim) -> None:
    webhook, places = CorrectConsumer(CLIENT_ID, checker.key_host), set[Place]()
    given = {name: made_async(each) for name, each in functions(webhook, places).items()}
    findings = checker.check(app.create(webhook), only=ONLY, **given)
    assert {each.verdict.state for each in findings.results} == {"passed"}
    assert {name for name, _, _ in places} == {*given}
    assert len({loop for _, _, loop in places}) == 1


@pytest.mark.anyio
async def test_async_functions_run_on_the_loop_of_an_async_test(checker: Flowsim) -> None:
    webhook, places = CorrectConsumer(CLIENT_ID, checker.key_host), set[Place]()
    home = asyncio.get_running_loop()
    given = {name: made_async(each) for name, each in functions(webhook, places).items()}
    findings = await checker.acheck(app.create(webhook), only=ONLY, **given)
    assert {each.verdict.state for each in findings.results} == {"passed"}
    assert places == {(name, threading.current_thread(), home) for name in given}


def test_what_an_async_function_ignores_is_what_it_answers(checker: Flowsim) -> None:
    """A coroutine is true: without an await each event would count as left out on purpose."""

    async def ignores(event: Event) -> bool:
        await asyncio.sleep(0)
        return event.code == "of_another_webhook"

    webhook = MISTAKES["drops-failed-runs"](CLIENT_ID, checker.key_host)
    findings = checker.check(
        app.create(webhook), processed=webhook.processed, ignores=ignores, only="failed-runs"
    )
    assert [each.check.name for each in findings.results if each.lost] == ["failed-runs"]


def test_a_restart_that_is_no_function_is_refused_in_one_sentence(checker: Flowsim) -> None:
    with pytest.raises(FlowsimError) as raised:
        checker.check(3000, restart="systemctl restart hook")  # type: ignore[arg-type]
    assert str(raised.value) == (
        "restart='systemctl restart hook'; expected a function that restarts the webhook"
    )


def test_a_check_may_be_thorough_and_has_a_limit_of_time(checker: Flowsim) -> None:
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    findings = checker.check(app.create(webhook), only="http", thorough=True, time_limit=0.0)
    assert {each.check.name for each in findings.results} >= {"sweep"}
    notes = {each.verdict.note for each in findings.results}
    assert notes == {"the 0s of --time-limit were over"}
