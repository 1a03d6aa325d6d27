"""Replays a story to a test's webhook, and waits for its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..core.delivery import Delivery
from ..core.trace import Trace
from ..delivery.applications import OneThread
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.key_answers import KeyAnswers
from ..delivery.story_runner import AnyStory, Listeners, StoryRunner
from ..installation import keys
from ..runtime.clock import make
from ..runtime.event_loop import Background, Work, is_running_here, run_here
from ..story.opening import Story
from .reach import Reach
from .signed_stories import ToldBefore


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of a story: every attempt, and what a fault withheld from the webhook."""

    traces: list[Trace] = field(default_factory=list)
    withheld: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Means:
    """What the stories of a test are told with; ``wait`` is for an address, in seconds."""

    folder: Path
    answers: KeyAnswers
    clock: str
    max_attempts: int | None
    wait: float


def replay(story: AnyStory, reach: Reach, means: Means) -> Course:
    """Tell a story to its end; raises ``FlowsimError`` if that is not possible.

    What an application raises that is no error (``pytest.fail``, Ctrl-C) is raised here.
    """
    course = Course()
    work = partial(_tell, story, reach, means, course)
    if is_running_here():
        _run_beside(work, reach.here)
    else:
        run_here(work)
    return course


def _run_beside(work: Work, here: OneThread) -> None:
    """Run the event loop in a thread of its own, for a test has one in this thread."""

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


async def _tell(story: AnyStory, reach: Reach, means: Means, course: Course) -> None:
    await reach.listening(means.wait)
    pair = keys.load(means.folder)
    if isinstance(story, Story):
        story = ToldBefore.of(story, keys.paths(pair))
    options = DeliveryOptions(reach.at_once, None, means.max_attempts)
    listeners = Listeners(course.traces.append, course.withheld.append)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(reach.client())
        wired = reach.wired if "wire" in story.points else None
        runner = StoryRunner(pair, means.answers, client, wired, options)
        await runner.run(story, reach.url, make(means.clock, story.begin), listeners)
