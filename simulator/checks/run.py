"""Checks a webhook, from the first request to the last verdict."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

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
from ..runtime.event_loop import Interruption
from . import hosts, judgement, validations
from .catalogue import FIRST, LAST, select
from .check import Check
from .check_requests import CheckStories, Prober
from .check_run import CheckRun, CheckRunner, longest
from .findings import CheckResult, Findings, Plan
from .forecast import time_over
from .held import memory_of
from .hosts import Hosts
from .inquiry import Inquiry
from .lag import Lag
from .observation import Exchange, Restarted
from .obstacles import Circumstances
from .options import CheckOptions, Watcher, WebhookAccess
from .pace import AT_ONCE
from .restarting import Restarting
from .scope import Scope, scope_of
from .sending import Sending
from .sent import Sent
from .subject import subject_of
from .sweep import drawn

ATTEMPTS = 3
"""Attempts at a delivery, at most; the waits between them are skipped."""


def run(
    options: CheckOptions,
    access: WebhookAccess,
    watcher: Watcher | None = None,
    interruption: Interruption | None = None,
) -> Findings:
    """Check a webhook and return the findings.

    Ctrl-C and ``interruption`` end the sending; sent events are still judged, also if
    ``processed`` fails after its first answer. Raises ``SettingError`` if the key host's port
    cannot be used, ``ProcessedError`` if an event that was never sent was processed,
    ``StateError`` if a run that was never sent is known, and what the functions ``processed``,
    ``state`` and ``ignores`` raise.
    """
    return _WholeRun(options, access, watcher or Watcher(), interruption).run()


class _WholeRun:
    """One run of all checks."""

    def __init__(
        self,
        options: CheckOptions,
        access: WebhookAccess,
        watcher: Watcher,
        interruption: Interruption | None,
    ) -> None:
        self._interruption = interruption
        self._options = options
        self._access = access
        self._watcher = watcher
        chosen = select(options.only, options.skip, options.own, thorough=options.thorough)
        self._subject = subject_of(options.event, options.families)
        self._seed = draw_seed() if options.seed is None else options.seed
        suited = [*zip(chosen, map(self._subject.suited, chosen), strict=True)]
        self._checks = [drawn(each, self._subject, self._seed) for _, each in suited if each]
        self._left_out = [each for each, found in suited if found is None]
        self._token = draw_token()
        self._started = stopwatch()
        self._sent = Sent()
        self._inquiry = Inquiry(options, self._subject)
        self._restarted: Restarted | None = None
        self._is_interrupted = False

    def run(self) -> Findings:
        folder = settings.keys_folder()
        pair, answers = keys.load(folder), KeyAnswers(folder)
        options = self._options
        with hosts.opened(options, answers, self._watcher.refused) as places:
            try:
                self._watcher.begun(self._plan(places))
                if self._reaches():
                    work = partial(self._send_all, places, pair, answers)
                    event_loop.run(work, self._interruption)
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
            await self._inquiry.begin(stack, self._token)
            signer = await stack.enter_async_context(Signer(pair, len(self._checks)))
            sending = DeliveryOptions(AT_ONCE, None, ATTEMPTS)
            runner = StoryRunner(pair, answers, client, self._access.wired, sending, signer)
            prober = Prober(self._options.url, client, places, self._token, self._elapsed)
            paced = await self._send_checks(
                CheckRunner(runner, prober, self._stories(places), self._elapsed)
            )
            runs, limit = [*self._sent.runs.values()], self._options.time_limit
            await validations.let_open(runs, places.visits, self._elapsed, limit)
            await self._inquiry.ask(runs, self._sent.others)
            if paced is not None:
                await self._restart(paced)

    async def _send_checks(self, runner: CheckRunner) -> CheckRunner | None:
        """Send all checks; meanwhile learn how long the webhook takes to process an event."""
        options, inquiry = self._options, self._inquiry
        rest = inquiry.rest(len(self._checks))
        async with Lag(inquiry if options.settle is None else None) as lag:
            sending = Sending(
                *(self._checks, options, self._access, self._watcher, self._elapsed),
                *(self._sent, lag, rest),
            )
            paced = await sending.send(runner)
            await lag.known()
            return paced

    async def _restart(self, runner: CheckRunner) -> None:
        """Restart the webhook behind fresh events, and send duplicates from before again.

        Only for checks whose needs are met: a restart takes long.
        """
        inquiry, needed = self._inquiry, [each for each in self._checks if each.needs_restart]
        about = [each for each in needed if each.needs - {"restart"} <= inquiry.knows]
        if self._options.restart is None or not about or not inquiry.knows:
            return
        is_over = self._elapsed() >= self._options.time_limit
        why = time_over(self._options.time_limit) if is_over else inquiry.unfinished
        if why:
            self._sent.unfit |= {each.name: why for each in needed}
            return
        for check in about:
            if check.is_before_restart:
                self._watcher.running(check)
                self._sent.runs[check.name] = run = await runner.run(check, longest(0.0))
                self._watcher.sent(run)
        await self._restart_now(runner)

    async def _restart_now(self, runner: CheckRunner) -> None:
        inquiry, before = self._inquiry, self._inquiry.processed
        asking = None if before is None else inquiry.effects
        restarting = Restarting(self._options, self._access, asking, before or {}, inquiry)
        try:
            self._restarted = await restarting.run(runner, [*self._sent.runs.values()])
        except ProcessedError as error:
            inquiry.problems["--processed"] = str(error)

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
            self._inquiry.known(self._sent.stopped),
            memory=memory_of(options),
            pace=self._sent.pace,
            restarted=self._restarted or self._no_restart,
            recognised=self._sent.recognised,
            visits=places.visits.since(0),
            until=self._elapsed(),
        )
        runs = [*map(self._run_of, self._checks)]
        if self._sent.is_broken and all(each.check.name != LAST for each in runs):
            runs.append(self._sent.runs[LAST])  # it was not asked for, but it says what is wrong
        results = judgement.judge(runs, around)
        return Findings(
            *(options.url, options.client_id, self._seed, options.strict),
            *(results, self._elapsed(), self._is_finished, self._inquiry.problem),
            stopped=self._is_interrupted,
            left_out=self._left_out,
            require_judged=options.require_judged,
            unanswered=[*self._inquiry.problems],
            scope=self._scope(results),
        )

    @property
    def _no_restart(self) -> Restarted | None:
        """Why a webhook was not restarted that is broken."""
        is_meant = self._options.restart is not None and self._sent.is_broken
        return Restarted(problem=self._sent.stopped) if is_meant else None

    def _scope(self, results: Sequence[CheckResult]) -> Scope | None:
        """Return what the run looked for, unless its user has chosen that."""
        if self._options.only:
            return None
        known = self._inquiry.known(self._sent.stopped)
        return scope_of(
            self._options,
            results,
            has_effects=known.processed is not None,
            unanswered=self._inquiry.problems,
            unkept=known.states.left_out if known.states is not None else (),
        )

    @property
    def _is_finished(self) -> bool:
        """Whether each check was sent, did not fit, or needs a restart that there is not."""
        sent = self._sent
        return all(
            each.name in sent.runs or each.name in sent.unfit or each.needs_restart
            for each in self._checks
        )

    def _run_of(self, check: Check) -> CheckRun:
        """Return the run of a check; for one that was not sent, with the reason."""
        if (run := self._sent.runs.get(check.name)) is not None:
            run.obstacle = run.obstacle or self._sent.unfit.get(check.name, "")
            return run
        has_restart = self._options.restart is not None and self._sent.is_broken
        lacks = check.needs_restart and self._sent.pace is not None and not has_restart
        usual = "" if lacks else self._sent.stopped  # what it needs is told by its judgement
        why = self._sent.unfit.get(check.name, usual)
        return CheckRun(check, self._elapsed(), obstacle=why)
