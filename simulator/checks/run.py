"""Checks a webhook, from the first request to the last verdict."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from uuid import UUID

from ..core.duration import spell
from ..core.outcome import NETWORK, Outcome
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.key_answers import KeyAnswers
from ..delivery.signers import Signer
from ..delivery.story_runner import StoryRunner
from ..errors import ProcessedError, UnreachableError
from ..installation import keys, settings
from ..installation.keys import KeyPair
from ..runtime import event_loop
from ..runtime.chance import draw_seed, draw_token
from ..runtime.clock import stopwatch
from . import hosts, judgement
from .catalogue import select
from .check_requests import CheckStories, Prober
from .check_run import CheckRun, CheckRunner
from .check_run import longest as longest_of
from .effects import EffectsClient, longest
from .findings import Findings, Plan
from .hosts import Hosts
from .judgement import Circumstances
from .observation import Exchange, event_ids, received
from .options import AT_ONCE, CheckOptions, Watcher, WebhookAccess
from .subject import subject_of

ATTEMPTS = 3
"""Attempts at a delivery, at most; the waits between them are skipped."""

UNKNOWN_EFFECTS = "--processed did not say what the webhook did with an event"
"""Why a check that needs to know is not judged; the findings hold the reason, once."""

OVERDUE = 3
"""If this number of checks in a row do not end in time, no further check is sent."""


def run(options: CheckOptions, access: WebhookAccess, watcher: Watcher | None = None) -> Findings:
    """Check a webhook and return the findings.

    Ctrl-C ends the sending; sent events are still judged, also if ``processed`` fails after its
    first answer. Raises ``SettingError`` if the key host's port cannot be used,
    ``ProcessedError`` if an event that was never sent was processed, and what the function
    ``processed`` raises.
    """
    return _WholeRun(options, access, watcher or Watcher()).run()


class _WholeRun:
    """One run of all checks; ``_stopped`` says why some of them were not sent.

    ``_problem`` says why the counts of processed events are unknown.
    """

    def __init__(self, options: CheckOptions, access: WebhookAccess, watcher: Watcher) -> None:
        self._options = options
        self._access = access
        self._watcher = watcher
        chosen = select(options.only, options.skip, options.own)
        self._subject = subject_of(options.event, options.families)
        self._checks = [each for each in chosen if self._subject.suits(each)]
        self._left_out = [each for each in chosen if not self._subject.suits(each)]
        self._seed = draw_seed() if options.seed is None else options.seed
        self._token = draw_token()
        self._started = stopwatch()
        self._runs: list[CheckRun] = []
        self._processed: dict[str, int] | None = None
        self._stopped = "the checks were stopped before"
        self._problem = ""
        self._is_interrupted = False

    def run(self) -> Findings:
        folder = settings.keys_folder()
        pair, answers = keys.load(folder), KeyAnswers(folder)
        options = self._options
        with hosts.opened(options, answers, self._watcher.refused) as places:
            try:
                self._watcher.begun(self._plan(places))
                if self._reaches():
                    event_loop.run(partial(self._send_all, places, pair, answers))
            except KeyboardInterrupt:
                self._is_interrupted = True
            return self._findings(places)

    def _plan(self, places: Hosts) -> Plan:
        limit = min(self._options.time_limit, sum(map(longest_of, self._checks)))
        if self._options.processed is not None:
            limit += longest(self._options.settle)
        at = (places.keys, limit, places.tls_port, places.proxy_port)
        return Plan(self._options.url, self._checks, self._seed, *at)

    @property
    def _time_over(self) -> str:
        """Why a check is not judged that began too late, or was under way then."""
        return f"the {spell(self._options.time_limit)} of --time-limit were over"

    def _elapsed(self) -> float:
        return stopwatch() - self._started

    def _reaches(self) -> bool:
        """Return whether a server listens; if not, keep that as the result of the first check."""
        try:
            self._access.reach()
        except UnreachableError as error:
            outcome = Outcome(NETWORK, self._elapsed(), problem=str(error))
            exchange = Exchange("GET", self._options.url, {}, b"", outcome, 0.0)
            self._runs.append(CheckRun(self._checks[0], 0.0, [exchange]))
            self._stopped = str(error)
            return False
        return True

    async def _send_all(self, places: Hosts, pair: KeyPair, answers: KeyAnswers) -> None:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(self._access.client())
            asking = None
            if self._options.processed is not None:
                asking = await stack.enter_async_context(
                    EffectsClient(self._options.processed, self._options.settle, self._options.tls)
                )
                await asking.expect_none(str(UUID(self._token[:32])))
            signer = await stack.enter_async_context(Signer(pair, len(self._checks)))
            sending = DeliveryOptions(AT_ONCE, None, ATTEMPTS)
            runner = StoryRunner(pair, answers, client, self._access.wired, sending, signer)
            prober = Prober(self._options.url, client, places, self._token, self._elapsed)
            await self._run_checks(
                CheckRunner(runner, prober, self._stories(places), self._elapsed)
            )
            if asking is not None:
                await self._ask(asking)

    async def _ask(self, asking: EffectsClient) -> None:
        """Find out how often each event was processed; the webhook gets time for it."""
        self._problem = "the checks were stopped before --processed had answered for all events"
        awaited = judgement.awaited_ids(self._runs)
        sent = event_ids(each for run in self._runs for each in run.exchanges)
        try:
            self._processed = await asking.settled(awaited, sent)
            self._problem = ""
        except ProcessedError as error:
            self._problem = str(error)

    def _stories(self, places: Hosts) -> CheckStories:
        options = self._options
        return CheckStories(
            *(options.client_id, options.delivery_format, self._seed, self._token),
            *(places.foreign, places.foreign_http, self._subject),
        )

    async def _run_checks(self, runner: CheckRunner) -> None:
        for check in self._checks:
            left = self._options.time_limit - self._elapsed()
            if why := self._why_stop(left):
                self._stopped = why
                return
            self._watcher.running(check)
            run = await runner.run(check, left)
            if run.goes_on and self._elapsed() >= self._options.time_limit:
                run.obstacle = self._time_over
            self._runs.append(run)

    def _why_stop(self, left: float) -> str:
        """Return why no further check is to be sent, ``left`` seconds before the end."""
        if self._runs and (obstacle := _obstacle(self._runs[0])):
            return obstacle
        last = self._runs[-OVERDUE:]
        if len(last) == OVERDUE and all(run.overdue for run in last):
            return f"{OVERDUE} checks in a row did not end in time: the webhook hangs"
        return self._time_over if left <= 0 else ""

    def _findings(self, places: Hosts) -> Findings:
        finished = len(self._runs) == len(self._checks)
        for check in self._checks[len(self._runs) :]:
            self._runs.append(CheckRun(check, self._elapsed(), obstacle=self._stopped))
        first = self._runs[0].exchanges
        around = Circumstances(
            self._options.url,
            bool(first) and first[-1].is_accepted,
            places.visits.has_keys,
            places.keys,
            self._processed,
            self._unknown(),
            is_missing=self._options.processed is not None and self._processed is None,
        )
        options = self._options
        results = judgement.judge(self._runs, around)
        return Findings(
            *(options.url, options.client_id, self._seed, options.strict),
            *(results, self._elapsed(), finished, self._problem),
            stopped=self._is_interrupted,
            trust=options.trust,
            left_out=self._left_out,
        )

    def _unknown(self) -> str:
        """Return why the counts of processed events are unknown."""
        if self._options.processed is None:
            return "--processed is needed to see what the webhook does with an event"
        return UNKNOWN_EFFECTS if self._problem else self._stopped


def _obstacle(first: CheckRun) -> str:
    """Return why no further check can be judged after the first one; empty if it can."""
    if not first.exchanges:
        return "the webhook does not answer events"
    last = first.exchanges[-1]
    if not last.is_answered or 300 <= last.status < 400:
        return f"the webhook does not answer events: {received(last)}"
    return ""
