"""Checks that a test awaits, on its own event loop."""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import Any

import pytest

from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import FlowsimError
from flowsim.testing.choices import Choices
from flowsim.testing.flowsim import Flowsim
from flowsim.testing.public_keys import PublicKeys

from ..consumers import app, fastapi_app
from ..consumers.correct import CorrectConsumer
from ..consumers.mistakes import MISTAKES

CLIENT_ID = RegistrationSpec().client_id


@pytest.fixture
def found() -> list[Any]:
    """All findings, and the threads in which they were reported."""
    return []


@pytest.fixture
def checker(keys: PublicKeys, found: list[Any]) -> Flowsim:
    def keep(findings: Any) -> None:
        found.extend([findings, threading.current_thread()])

    return Flowsim(Choices(path="/hook"), keys, on_check=keep)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_application_and_processed_work_on_the_loop_of_the_test(
    checker: Flowsim, found: list[Any]
) -> None:
    home, seen = asyncio.get_running_loop(), set[object]()
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)
    served = fastapi_app.create(webhook)

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        seen.add(asyncio.get_running_loop())
        await served(scope, receive, send)

    async def processed(event_id: str) -> int:
        seen.add(asyncio.get_running_loop())
        return webhook.processed(event_id)

    findings = await checker.acheck(watched, processed=processed, only="identity")
    assert (findings.ok, findings.idempotency) == (True, "SAFE")
    assert seen == {home}
    assert found == [findings, threading.current_thread()]


@pytest.mark.anyio
async def test_the_state_of_runs_is_asked_for_on_the_loop_of_the_test(checker: Flowsim) -> None:
    home, asked = asyncio.get_running_loop(), set[object]()
    webhook = CorrectConsumer(CLIENT_ID, checker.key_host)

    async def state(run_id: str) -> dict[str, Any] | None:
        asked.add(asyncio.get_running_loop())
        return webhook.state_of(run_id)

    only = ["run-state", "late-start-state"]
    findings = await checker.acheck(app.create(webhook), state=state, only=only)
    assert {each.verdict.state for each in findings.results} == {"passed"}
    assert asked == {home}


@pytest.mark.anyio
async def test_a_function_that_is_not_async_sees_no_loop(checker: Flowsim) -> None:
    webhook, caller = CorrectConsumer(CLIENT_ID, checker.key_host), threading.current_thread()

    def processed(event_id: str) -> int:
        assert threading.current_thread() is caller
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return webhook.processed(event_id)

    findings = await checker.acheck(app.create(webhook), processed=processed, only="duplicate")
    assert findings.idempotency == "SAFE"


@pytest.mark.anyio
async def test_a_mistake_is_found(checker: Flowsim) -> None:
    webhook = MISTAKES["lets-unsigned-in"](CLIENT_ID, checker.key_host)
    findings = await checker.acheck(fastapi_app.create(webhook), only=["unsigned"])
    assert [each.check.name for each in findings.results if each.verdict.state == "failed"] == [
        "unsigned"
    ]


@pytest.mark.anyio
async def test_the_arguments_and_errors_are_those_of_check(checker: Flowsim) -> None:
    both = [inspect.signature(each) for each in (checker.check, checker.acheck)]
    assert both[0].parameters == both[1].parameters
    with pytest.raises(TypeError, match="unexpected keyword argument 'onyl'"):
        checker.acheck(1, onyl="unsigned")  # type: ignore[call-arg]
    with pytest.raises(FlowsimError, match="no check or group 'unsigend'"):
        await checker.acheck(1, only="unsigend")
