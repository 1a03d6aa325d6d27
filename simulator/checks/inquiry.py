"""What the webhook's data say about the events of a run: asked at its beginning and at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ..core.duration import spell
from ..core.event import Event
from ..errors import ProcessedError, StateError
from ..families.entities import RunState
from ..runtime.clock import stopwatch
from .asking import Command, Ignores, called
from .check import Need
from .check_run import CheckRun
from .effects import COUNTS, EffectsClient
from .lost import acknowledged_ids, awaited_ids, ids_to_ask
from .options import CheckOptions
from .questions import COMMANDS_AT_ONCE, Kind
from .settling import QUIET
from .state_answers import STATES, StatesClient
from .state_inquiry import KeptStates, StateInquiry
from .states import States
from .subject import Subject

UNKNOWN_EFFECTS = "--processed did not say what the webhook did with an event"
"""Why a check that needs to know is not judged; the findings hold the reason, once."""

UNKNOWN_STATE = "--state did not say what the webhook keeps of a run"
"""The same for checks that need the state of a run."""


NOT_EMPTY = "the queue of the webhook was not empty yet after"
"""Why a verdict on what an event has done is open, with the seconds that were waited."""

_EVENTS = 10
"""Events of a check, on average; each is asked for twice at the end."""


@dataclass(frozen=True, slots=True)
class WebhookData:
    """What is known of the events of a run.

    ``processed`` says how often each was processed, ``states`` what is known of runs; each is
    ``None`` if that is not known, and ``no_effects`` or ``no_state`` says why. ``is_missing`` says
    that the user asked for the counts. ``pending`` are events that were still in a queue after
    ``waited`` seconds, ``changing`` those about runs whose state still changed then. ``ignored``
    are those that the webhook leaves out on purpose. ``runs`` says what each event said about its
    run, by the id of the event.
    """

    processed: Mapping[str, int] | None = None
    states: States | None = None
    no_effects: str = ""
    no_state: str = ""
    is_missing: bool = False
    pending: frozenset[str] = frozenset()
    changing: frozenset[str] = frozenset()
    waited: float = 0.0
    ignored: frozenset[str] = frozenset()
    runs: Mapping[str, RunState] = field(default_factory=dict)


class Inquiry:
    """Asks for one run of checks: ``effects`` for the counts of events, which are ``processed``.

    ``problems`` are the options that did not answer, each with what went wrong.
    """

    def __init__(self, options: CheckOptions, subject: Subject) -> None:
        self._options = options
        self._subject = subject
        self.effects: EffectsClient | None = None
        self._state_inquiry: StateInquiry | None = None
        self._each = 0.0
        self._pending: frozenset[str] = frozenset()
        self._waited = 0.0
        self.processed: Mapping[str, int] | None = None
        self._ignored: frozenset[str] = frozenset()
        self.problems: dict[str, str] = {}

    @property
    def problem(self) -> str:
        """What went wrong with each option; empty if nothing did."""
        return "; and ".join(self.problems.values())

    def rest(self, checks: int) -> float:
        """Return how many seconds the answers about so many checks will take at the end."""
        settle = self._options.settle
        asked = [each for each in self._clients if each is not None]
        quiet = len(asked) * 2 * (QUIET if settle is None else settle)
        is_command = isinstance(self._options.processed, Command)
        return quiet + is_command * 2 * self._each * checks * _EVENTS / COMMANDS_AT_ONCE

    async def begin(self, stack: AsyncExitStack, token: str) -> None:
        """Ask for an event and a run that were never sent.

        Raises ``ProcessedError`` and ``StateError`` if something is known of them.
        """
        options, unsent = self._options, str(UUID(token[:32]))
        if options.processed is not None:
            client = EffectsClient(options.processed, options.settle, options.tls)
            self.effects = await stack.enter_async_context(client)
            started = stopwatch()
            await self.effects.expect_none(unsent)
            self._each = stopwatch() - started
        self._state_inquiry = await StateInquiry.begun(options, self._subject, stack, unsent)

    @property
    def _clients(self) -> tuple[EffectsClient | None, StatesClient | None]:
        return self.effects, self._state_inquiry.client if self._state_inquiry else None

    async def number_done(self, events: Sequence[Event]) -> int:
        """Return how many events the webhook has processed by now, as far as it can be asked.

        An event that it leaves out on purpose is done.
        """
        ignores, subject = self._options.ignores, self._subject
        wanted = [each for each in events if not await _is_ignored(ignores, each)]
        if self.effects is not None:
            found = await self.effects.answers([each.id for each in wanted])
            return len(events) - len(wanted) + sum(map(bool, found.values()))
        runs = {run.id for each in wanted if (run := subject.state_of(each.notification))}
        if self._state_inquiry is None or not runs:
            return len(events)
        known = await self._state_inquiry.client.answers([*runs])
        return len(events) - sum(each is None for each in known.values())

    def allow(self, seconds: float) -> None:
        """Give the webhook at least so many seconds for its next event."""
        for client in self._clients:
            if client is not None:
                client.allow(seconds)

    async def ask(self, runs: Sequence[CheckRun], others: Sequence[CheckRun] = ()) -> None:
        """Find out what the webhook did with each event; it gets time for that.

        Events of ``others`` are not judged. A queue may work on them before it comes to the events
        of ``runs``, so they are asked for too.
        """
        self._ignored = await _ignored(self._options.ignores, runs)
        if self.effects is not None:
            self.problems["--processed"] = _stopped(COUNTS)
        if self._state_inquiry is not None:
            self.problems["--state"] = _stopped(STATES)
        await self._ask_effects(runs, others)
        await self._ask_states(runs, others)

    async def _ask_effects(self, runs: Sequence[CheckRun], others: Sequence[CheckRun]) -> None:
        if self.effects is None:
            return
        awaited, asked = awaited_ids(runs, self._ignored), ids_to_ask(runs, self._ignored)
        beside = acknowledged_ids([*runs, *others], self._ignored)
        try:
            self.processed = await self.effects.settled(awaited, asked, beside)
            if self.effects.pending:
                self._pending = frozenset(each for each in beside if not self.processed[each])
                self._waited = self.effects.waited
            del self.problems["--processed"]
        except ProcessedError as error:
            self.problems["--processed"] = str(error)

    async def _ask_states(self, runs: Sequence[CheckRun], others: Sequence[CheckRun]) -> None:
        if self._state_inquiry is None:
            return
        beside = () if self.effects is not None else (*runs, *others)  # else the queue is empty
        try:
            await self._state_inquiry.ask(runs, self._ignored, beside)
            self._waited = max(self._waited, self._state_inquiry.waited)
            del self.problems["--state"]
        except StateError as error:
            self.problems["--state"] = str(error)

    async def after_restart(
        self, runs: Sequence[CheckRun], most: int, *, is_quiet: bool
    ) -> KeptStates | None:
        """Return what is kept of runs after a restart; ``None`` if that is not known.

        ``is_quiet`` says that the webhook has had its time for all events.
        """
        if self._state_inquiry is None:
            return None
        try:
            return await self._state_inquiry.ask_again(runs, self._ignored, most, is_quiet=is_quiet)
        except StateError as error:
            self.problems["--state"] = str(error)
            return None

    @property
    def unfinished(self) -> str:
        """Why nothing that comes later can be judged: the queue of the webhook is not empty."""
        is_busy = self._pending or (self._state_inquiry and self._state_inquiry.changing)
        return f"{NOT_EMPTY} {spell(self._waited)}" if is_busy else ""

    @property
    def knows(self) -> frozenset[Need]:
        """What is known before a restart, of what checks may need."""
        effects = ("effects",) if self.processed is not None else ()
        return frozenset((*effects, *(("state",) if self._states is not None else ())))

    @property
    def _states(self) -> States | None:
        return self._state_inquiry.states if self._state_inquiry else None

    def known(self, stopped: str) -> WebhookData:
        """Return what is known; ``stopped`` says why nothing was asked, if that is so."""
        asked = self._state_inquiry
        return WebhookData(
            self.processed,
            self._states,
            self._why("--processed", UNKNOWN_EFFECTS, stopped, "does with an event"),
            self._why("--state", UNKNOWN_STATE, stopped, "keeps of a run"),
            is_missing=self._options.processed is not None and self.processed is None,
            pending=self._pending,
            changing=asked.changing if asked else frozenset(),
            waited=self._waited,
            ignored=self._ignored,
            runs=asked.said if asked else {},
        )

    def _why(self, option: str, unknown: str, stopped: str, what: str) -> str:
        """Return why something is not known: it was not asked for, failed, or came late."""
        asked = {"--processed": self._options.processed, "--state": self._options.state}
        if asked[option] is None:
            return f"{option} is needed to see what the webhook {what}"
        return unknown if option in self.problems else stopped


def _stopped(kind: Kind[Any]) -> str:
    return f"the checks were stopped before {kind.option} had answered for all {kind.things}"


async def _ignored(ignores: Ignores, runs: Sequence[CheckRun]) -> frozenset[str]:
    """Return the ids of events that the webhook leaves out on purpose."""
    events = {event.id: event for run in runs for each in run.exchanges for event in each.welcome}
    names = [name for name, event in events.items() if await _is_ignored(ignores, event)]
    return frozenset(names)


async def _is_ignored(ignores: Ignores, event: Event) -> bool:
    return bool(await called(ignores, event)) if callable(ignores) else event.code in ignores
