"""Replays and check runs in a program; the caller waits, and its thread runs WSGI applications."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..checks import run as checks
from ..checks.findings import Findings
from ..checks.options import CheckOptions, WebhookAccess
from ..core.delivery import Delivery
from ..core.trace import Trace
from ..delivery.app_threads import OneThread
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.story_runner import AnyStory, Listeners, StoryRunner
from ..errors import SettingError
from ..installation import keys
from ..runtime.clock import make
from ..runtime.event_loop import Background, Work, is_running_here, run_here
from ..story.story import Story
from . import django_project
from .public_keys import PublicKeys
from .reach import Reach
from .signed_stories import RememberedStory

_DJANGO_IN_A_LOOP = (
    "replay() blocks the event loop of this test, so Django would use other database connections "
    "than the test; expected await flowsim.areplay(…)"
)


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """All attempts at a story's deliveries, and the deliveries that a fault has withheld."""

    traces: list[Trace] = field(default_factory=list)
    withheld: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """How a story is delivered: the clock, and seconds that an address may take to listen."""

    clock: str
    max_attempts: int | None
    wait: float


def replay(
    story: AnyStory, reach: Reach, public_keys: PublicKeys, options: ReplaySettings
) -> ReplayResult:
    """Deliver a story to its end; raises ``FlowsimError`` if that is not possible.

    Exceptions of an application that are no errors (``pytest.fail``, Ctrl-C) are raised here.
    """
    result = ReplayResult()
    work = partial(_deliver, story, reach, public_keys, options, result)
    if reach.is_remote or not django_project.is_django_used():
        _run(work, reach.here)
    else:
        _run_django(work, reach)
    return result


def _run(work: Work, here: OneThread) -> None:
    if is_running_here():
        _run_beside(work, here)
    else:
        run_here(work)


def _run_django(work: Work, reach: Reach) -> None:
    """Run work so that the synchronous code of a Django project runs in this thread."""
    if is_running_here():
        raise SettingError(_DJANGO_IN_A_LOOP)
    with django_project.transactions_kept():
        if reach.is_asgi:
            django_project.run(work)
        else:
            run_here(work)


async def areplay(
    story: AnyStory, reach: Reach, public_keys: PublicKeys, options: ReplaySettings
) -> ReplayResult:
    """Do the same on the loop that runs; raises ``SettingError`` if asyncio has none here."""
    if not is_running_here():
        raise SettingError(
            "areplay needs a running event loop of asyncio; "
            "expected an async test on asyncio, or replay() in the place of areplay()"
        )
    result = ReplayResult()
    with django_project.transactions_kept():
        async with django_project.in_one_thread():
            await _deliver(story, reach, public_keys, options, result)
    return result


async def _deliver(
    story: AnyStory,
    reach: Reach,
    public_keys: PublicKeys,
    options: ReplaySettings,
    result: ReplayResult,
) -> None:
    await reach.listening(options.wait)
    pair = keys.load(public_keys.folder)
    known = RememberedStory.of(story, keys.paths(pair)) if isinstance(story, Story) else story
    sending = DeliveryOptions(reach.at_once, None, options.max_attempts)
    listeners = Listeners(result.traces.append, result.withheld.append)
    async with reach.client() as client:
        wired = reach.wired if {"wire", "delivery"} & story.points else None
        runner = StoryRunner(pair, public_keys.answers, client, wired, sending)
        await runner.run(known, reach.url, make(options.clock, story.begin), listeners)


def _run_beside(work: Work, here: OneThread) -> None:
    """Run work in a new thread, since this thread already has an event loop."""

    async def work_and_end(ready: Callable[[], None]) -> None:
        ready()
        try:
            await work()
        finally:
            here.end()

    with Background("flowsim replay", work_and_end) as background:
        here.serve()
    if background.problem is not None:
        raise background.problem


def check(options: CheckOptions, access: WebhookAccess, here: OneThread) -> Findings:
    """Check a webhook in another thread, while this thread runs the calls that ``here`` gets."""
    found: Future[Findings] = Future()

    def work() -> None:
        try:
            found.set_result(checks.run(options, access))
        except BaseException as error:
            found.set_exception(error)
        finally:
            here.end()

    threading.Thread(target=work, name="flowsim check", daemon=True).start()
    here.serve()
    return found.result()


def asked_here(asked: Any, here: OneThread) -> Any:
    """Return what is asked; if it is a function, it will be called in this thread.

    What an async function returns is awaited where it is asked: on the event loop of the check.
    """
    if not callable(asked):
        return asked
    return lambda *arguments: here.ask(lambda: asked(*arguments))
