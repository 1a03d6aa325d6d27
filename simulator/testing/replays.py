"""``Replays``: the part of ``Flowsim`` that delivers stories, and shows what it would deliver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ..delivery.applications import Call
from ..delivery.story_runner import AnyStory, first_attempts
from ..runtime.defaults import CLOCK, TIMEOUT
from ..story.story import Story
from . import clocks, django_project, reach, runs, stories
from .attempts import SignedNotification, notification_of
from .choices import Choices
from .public_keys import PublicKeys
from .reach import Reach
from .report import ReplayReport
from .runs import ReplayResult, ReplaySettings
from .stories import Faults, Folders, StoryChanges
from .wording import for_programs, taking

ATTEMPTS = 5
"""Attempts at an event, if a call does not say: an application with a mistake in it would write its
traceback a hundred times in a day of retries."""


@dataclass(frozen=True, slots=True)
class PlannedReplay:
    """What ``replay`` or ``areplay`` is asked for.

    ``reach_of`` returns how to get to the webhook; it may be given how to call WSGI applications.
    """

    story: AnyStory
    options: ReplaySettings
    reach_of: Callable[..., Reach]
    skips_waits: bool


class Replays:
    """Delivers stories to webhooks, with the defaults of ``choices``."""

    def __init__(
        self, choices: Choices, keys: PublicKeys, on_replay: Callable[[ReplayReport], None]
    ) -> None:
        self.keys = keys
        self._choices = choices
        self._on_replay = on_replay

    def _plan(  # noqa: PLR0913 - the command has as many options
        self,
        scenario: object = None,
        target: Any = None,
        *,
        path: str | None = None,
        seed: int | str | None = None,
        at: str | datetime | None = None,
        clock: str | None = None,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
        faults: Faults = None,
        client_id: str | None = None,
        fresh: bool = False,
        families: Folders = (),
        resign: bool = False,
        max_attempts: int | None = ATTEMPTS,
        timeout: float = TIMEOUT,
        wait: float = 0.0,
        threads: bool = False,
    ) -> PlannedReplay:
        """Read the arguments of ``replay``."""
        changes = StoryChanges(set, faults, seed, at, client_id, fresh)
        clock = clock or self._choices.clock or CLOCK
        is_fast = clocks.skips_waits(clock)
        story = self._any_story(scenario, changes, families, resign)
        reach_of = partial(self._reach, target, path, timeout, threads)
        return PlannedReplay(story, ReplaySettings(clock, max_attempts, wait), reach_of, is_fast)

    @taking(_plan)
    @for_programs
    def replay(self, *arguments: Any, **named: Any) -> ReplayReport:
        """Deliver a scenario to a webhook, retries included, and return a report.

        ``scenario`` is a shipped name, an event code, a file, or a mapping that is one; or captured
        requests, a folder or a file, which are sent as they were, or signed anew with ``resign``.
        ``target`` is an address, a WSGI or ASGI application, or ``module:name`` of one;
        ``path`` says where the webhook is in an application.

        ``seed`` (a number or ``random``), ``at``, ``client_id``, ``faults`` and ``set``
        (``{"flow_run.records.failed": 60}``) change the story; ``fresh`` draws new event ids.
        ``families`` are folders with event families of your own.
        ``clock`` is ``fast`` (waits are skipped), ``real`` or a speed such as ``60x``.
        ``timeout`` is in seconds and spans one attempt, ``wait`` is how long an address may
        take to listen. ``max_attempts`` of ``None`` goes on for the 24 hours that Adobe does.

        A WSGI application is called in the thread of the test, one request at a time; with
        ``threads`` each request has a thread of its own. Django's synchronous code runs in the
        thread of the test under ASGI too.
        """
        __tracebackhide__ = True
        plan = self._plan(*arguments, **named)
        way = plan.reach_of()
        result = runs.replay(plan.story, way, self.keys, plan.options)
        return self._reported(plan, way, result)

    @taking(_plan)
    @for_programs
    async def areplay(self, *arguments: Any, **named: Any) -> ReplayReport:
        """Deliver a scenario to a webhook from an async test: ``await flowsim.areplay("partial")``.

        The arguments are those of ``replay``. An ASGI application runs on the event loop of the
        test, so it may use what belongs to that loop, such as a pool of connections. A WSGI
        application is called in the thread of that loop, which waits meanwhile, or with ``threads``
        in others. In a Django project it is called where ``sync_to_async`` calls; under ASGI,
        synchronous code runs in one thread, which is that of the test in Django's ``TestCase``.
        Cancellation ends the replay.
        """
        __tracebackhide__ = True
        plan = self._plan(*arguments, **named)
        way = plan.reach_of(django_project.call if django_project.is_django_used() else None)
        result = await runs.areplay(plan.story, way, self.keys, plan.options)
        return self._reported(plan, way, result)

    def _reported(self, plan: PlannedReplay, way: Reach, result: ReplayResult) -> ReplayReport:
        report = ReplayReport(plan.story, way.url, result, plan.skips_waits)
        self._on_replay(report)
        return report

    @for_programs
    def notifications(  # noqa: PLR0913 - the command has as many options
        self,
        scenario: object = None,
        *,
        seed: int | str | None = None,
        at: str | datetime | None = None,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
        faults: Faults = None,
        client_id: str | None = None,
        fresh: bool = False,
        families: Folders = (),
    ) -> list[SignedNotification]:
        """Return the signed requests of a scenario: the first attempts. Nothing is sent.

        The arguments are those of ``replay``.
        """
        __tracebackhide__ = True
        changes = StoryChanges(set, faults, seed, at, client_id, fresh)
        story = self._story(scenario, changes, families)
        made = first_attempts(story, reach.ORIGIN, self.keys.folder, self.keys.answers)
        return list(map(notification_of, made))

    def _reach(
        self,
        target: Any,
        path: str | None,
        timeout: float,
        threads: bool,
        call: Call | None = None,
    ) -> Reach:
        chosen = self._choices
        target = chosen.target if target is None else target
        path = chosen.path if path is None else path
        return reach.of(target, path, timeout=timeout, threads=threads, call=call)

    def _any_story(
        self, scenario: object, changes: StoryChanges, families: Folders, resign: bool
    ) -> AnyStory:
        named = self._choices.scenario if scenario is None else scenario
        folders = self._choices.scenarios
        captured = stories.open_captured(named, folders, changes, resign=resign)
        return captured or self._story(scenario, changes, families)

    def _story(self, scenario: object, changes: StoryChanges, families: Folders) -> Story:
        chosen = self._choices
        named = chosen.scenario if scenario is None else scenario
        all_changes = [*changes.changes(chosen.seed, chosen.client_id)]
        known = stories.families_in(families, chosen.families)
        return stories.story_of(
            named, chosen.scenarios, all_changes, fresh=changes.fresh, families=known
        )
