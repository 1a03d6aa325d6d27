"""Checks a webhook, from the first request to the last verdict."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from uuid import UUID

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
from . import hosts, judgement, validations
from .catalogue import FIRST, select
from .check import Check
from .check_requests import CheckStories, Prober
from .check_run import CheckRun, CheckRunner, longest
from .effects import QUIET, EffectsClient
from .findings import Findings, Plan
from .hosts import Hosts
from .lag import Lag
from .observation import Exchange, Restarted, event_ids
from .obstacles import Circumstances
from .options import CheckOptions, Watcher, WebhookAccess
from .pace import AT_ONCE
from .restarting import Restarting
from .sending import Sending, Sent, is_before_restart
from .subject import subject_of
from .sweep import drawn

ATTEMPTS = 3
"""Attempts at a delivery, at most; the waits between them are skipped."""

UNKNOWN_EFFECTS = "--processed did not say what the webhook did with an event"
"""Why a check that needs to know is not judged; the findings hold the reason, once."""


def run(options: CheckOptions, access: WebhookAccess, watcher: Watcher | None = None) -> Findings:
    """Check a webhook and return the findings.

    Ctrl-C ends the sending; sent events are still judged, also if ``processed`` fails after its
    first answer. Raises ``SettingError`` if the key host's port cannot be used,
    ``ProcessedError`` if an event that was never sent was processed, and what the function
    ``processed`` raises.
    """
    return _WholeRun(options, access, watcher or Watcher()).run()


class _WholeRun:
    """One run of all checks; ``_problem`` says why the counts of processed events are unknown."""

    def __init__(self, options: CheckOptions, access: WebhookAccess, watcher: Watcher) -> None:
        self._options = options
        self._access = access
        self._watcher = watcher
        chosen = select(options.only, options.skip, options.own, thorough=options.thorough)
        self._subject = subject_of(options.event, options.families)
        self._seed = draw_seed() if options.seed is None else options.seed
        suiting = [each for each in chosen if self._subject.suits(each)]
        self._checks = [drawn(each, self._subject, self._seed) for each in suiting]
        self._left_out = [each for each in chosen if not self._subject.suits(each)]
        self._token = draw_token()
        self._started = stopwatch()
        self._sent = Sent()
        self._processed: dict[str, int] | None = None
        self._restarted: Restarted | None = None
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
        at = (places.keys, places.tls_port, places.proxy_port)
        return Plan(self._options.url, self._checks, self._seed, *at)

    def _elapsed(self) -> float:
        return stopwatch() - self._started

    def _reaches(self) -> bool:
        """Return whether a server listens; if not, keep that as the result of the first check."""
        try:
            self._access.reach()
        except UnreachableError as error:
            outcome = Outcome(NETWORK, self._elapsed(), problem=str(error))
            exchange = Exchange("GET", self._options.url, {}, b"", outcome, 0.0)
            self._sent.runs[FIRST] = CheckRun(self._checks[0], 0.0, [exchange])
            self._sent.stopped = str(error)
            return False
        return True

    async def _send_all(self, places: Hosts, pair: KeyPair, answers: KeyAnswers) -> None:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(self._access.client())
            asking = await self._asking(stack)
            signer = await stack.enter_async_context(Signer(pair, len(self._checks)))
            sending = DeliveryOptions(AT_ONCE, None, ATTEMPTS)
            runner = StoryRunner(pair, answers, client, self._access.wired, sending, signer)
            prober = Prober(self._options.url, client, places, self._token, self._elapsed)
            paced = await self._send_checks(
                CheckRunner(runner, prober, self._stories(places), self._elapsed), asking
            )
            runs, limit = [*self._sent.runs.values()], self._options.time_limit
            await validations.let_open(runs, places.visits, self._elapsed, limit)
            if asking is not None:
                await self._ask(asking)
                if paced is not None and self._processed is not None:
                    await self._restart(asking, paced, self._processed)

    async def _asking(self, stack: AsyncExitStack) -> EffectsClient | None:
        """Return what asks for the counts of processed events, if they are known at all."""
        options = self._options
        if options.processed is None:
            return None
        client = EffectsClient(options.processed, options.settle, options.tls)
        asking = await stack.enter_async_context(client)
        await asking.expect_none(str(UUID(self._token[:32])))
        return asking

    async def _send_checks(
        self, runner: CheckRunner, asking: EffectsClient | None
    ) -> CheckRunner | None:
        """Send all checks; meanwhile learn how long the webhook takes to process an event."""
        options = self._options
        rest = 0.0 if asking is None else 2 * (QUIET if options.settle is None else options.settle)
        sending = Sending(
            *(self._checks, options, self._access, self._watcher, self._elapsed, self._sent), rest
        )
        async with Lag(asking if options.settle is None else None) as lag:
            return await sending.send(runner, lag.watch)

    async def _ask(self, asking: EffectsClient) -> None:
        """Find out how often each event was processed; the webhook gets time for it."""
        self._problem = "the checks were stopped before --processed had answered for all events"
        runs = [*self._sent.runs.values()]
        awaited = judgement.awaited_ids(runs)
        sent = event_ids(each for run in runs for each in run.exchanges)
        try:
            self._processed = await asking.settled(awaited, sent)
            self._problem = ""
        except ProcessedError as error:
            self._problem = str(error)

    async def _restart(
        self, asking: EffectsClient, runner: CheckRunner, before: dict[str, int]
    ) -> None:
        """Restart the webhook behind fresh events, and send duplicates from before again."""
        fresh = [each for each in self._checks if is_before_restart(each)]
        again = [run for run in self._sent.runs.values() if run.check.again == "restart"]
        if self._options.restart is None or not (fresh or again):
            return
        for check in fresh:
            self._watcher.running(check)
            self._sent.runs[check.name] = await runner.run(check, longest(0.0))
        restarting = Restarting(self._options, self._access, asking, before)
        try:
            self._restarted = await restarting.run(runner, [*self._sent.runs.values()])
        except ProcessedError as error:
            self._problem = str(error)

    def _stories(self, places: Hosts) -> CheckStories:
        options = self._options
        return CheckStories(
            *(options.client_id, options.delivery_format, self._seed, self._token),
            *(places.foreign, places.foreign_http, self._subject),
        )

    def _findings(self, places: Hosts) -> Findings:
        first = self._sent.runs.get(FIRST)
        options = self._options
        around = Circumstances(
            options.url,
            first is not None and any(each.is_accepted for each in first.exchanges[-1:]),
            places.visits.has_keys,
            places.keys,
            self._processed,
            self._unknown(),
            is_missing=options.processed is not None and self._processed is None,
            pace=self._sent.pace,
            restarted=self._restarted,
            recognised=self._sent.recognised,
            visits=places.visits.since(0),
            until=self._elapsed(),
        )
        results = judgement.judge([*map(self._run_of, self._checks)], around)
        return Findings(
            *(options.url, options.client_id, self._seed, options.strict),
            *(results, self._elapsed(), self._is_finished, self._problem),
            stopped=self._is_interrupted,
            trust=options.trust,
            left_out=self._left_out,
            require_judged=options.require_judged,
        )

    @property
    def _is_finished(self) -> bool:
        """Whether each check was sent, or did not fit."""
        sent = self._sent
        return all(
            each.name in sent.runs or each.name in sent.unfit or "restart" in each.needs
            for each in self._checks
        )

    def _run_of(self, check: Check) -> CheckRun:
        """Return the run of a check; for one that was not sent, with the reason."""
        if check.name in self._sent.runs:
            return self._sent.runs[check.name]
        why = self._sent.unfit.get(check.name, self._sent.stopped)
        if is_before_restart(check) and self._sent.pace is not None:
            why = self._why_no_restart()
        return CheckRun(check, self._elapsed(), obstacle=why)

    def _why_no_restart(self) -> str:
        return "" if self._options.restart is None else self._sent.stopped

    def _unknown(self) -> str:
        """Return why the counts of processed events are unknown."""
        if self._options.processed is None:
            return "--processed is needed to see what the webhook does with an event"
        return UNKNOWN_EFFECTS if self._problem else self._sent.stopped
