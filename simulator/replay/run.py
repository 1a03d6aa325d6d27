"""A replay: stories delivered to a webhook, reported, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..captures.story import CapturedStory
from ..core import causes
from ..core.served_hosts import Served
from ..core.trace import Trace
from ..core.wire import Wire
from ..delivery.dispatcher import DeliveryOptions
from ..delivery.failure_causes import wait_for
from ..delivery.http_connecting import Tls
from ..delivery.http_transport import HttpTransport
from ..delivery.key_answers import KeyAnswers
from ..delivery.release import Release
from ..delivery.signers import Signer
from ..delivery.story_runner import AnyStory, Listeners, StoryRunner
from ..delivery.summary import Summary
from ..delivery.transport import Transport
from ..errors import SettingError, UnreachableError, exit_code_of
from ..installation import keys, settings, trust
from ..installation.keys import KeyPair
from ..receiver import local_hosts
from ..receiver.local_hosts import Receivers, Webhook
from ..reports.replay_report import Opening, Report, Reports
from ..reports.writing import DeliveryFolder
from ..runtime import defaults, event_loop, system_limits
from ..runtime.breakdowns import exhaustion
from ..runtime.clock import make, speed_of, stopwatch


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How stories are replayed; durations in seconds.

    Without a ``target`` a receiver is started, which verifies every delivery. ``wait`` is how
    long to wait for the target to listen. ``names`` are hosts that the key host and the
    receiver answer for, beside those of this machine. ``waits`` is called with a sentence if the
    target has to be waited for.
    """

    target: str | None = None
    wait: float = 0.0
    clock: str = defaults.CLOCK
    concurrency: int = defaults.CONCURRENCY
    rate: float | None = None
    timeout: float = defaults.TIMEOUT
    max_attempts: int | None = None
    cacert: Path | None = None
    insecure: bool = False
    save: Path | None = None
    serve_keys: int | None = None
    names: tuple[str, ...] | None = None
    waits: Callable[[str], None] = lambda _: None

    @property
    def served(self) -> Served:
        """The hosts that our own servers answer for, on the loopback."""
        return Served(names=self.names)


def run(stories: Sequence[AnyStory], options: ReplayOptions, report: Report) -> Summary:
    """Replay stories one after the other and return the summary of all.

    Ctrl-C, SIGTERM and SIGHUP end the replay; the summary so far is reported all the same.
    Raises ``FlowsimError`` if the replay could not go on.
    """
    unread = (story.unread for story in stories if isinstance(story, CapturedStory))
    summary = Summary(judged=options.target is None, left_out=sum(map(len, unread)))
    reports, started = Reports([report]), stopwatch()
    try:
        with event_loop.sigterm_interrupts():
            if options.save is not None:
                reports.add(DeliveryFolder(options.save, keys.load(settings.keys_folder())))
            _replay(stories, options, reports, summary)
        summary.finished = True
    except KeyboardInterrupt:
        summary.stopped = True
    except Exception as error:
        known = exhaustion(error) or error
        summary.error, summary.error_code = str(known), exit_code_of(known)
        raise
    finally:
        reports.closed(summary, stopwatch() - started)
    return summary


def _replay(
    stories: Sequence[AnyStory], options: ReplayOptions, reports: Reports, summary: Summary
) -> None:
    for story in stories:
        _refuse_unserved_keys(story, options)
    folder, target = settings.keys_folder(), options.target
    pair, answers = keys.load(folder), KeyAnswers(folder)
    tls = trust.of_target(target, options.cacert, insecure=options.insecure)
    system_limits.allow_connections(options.concurrency)
    system_limits.allow_threads(local_hosts.THREADS * (target is None))
    with ExitStack() as stack:
        receivers = stack.enter_context(Receivers(answers.find_key, options.served))
        if options.serve_keys is not None:
            host = local_hosts.key_host(options.serve_keys, answers.pem, options.served)
            stack.enter_context(host)
        if target is not None:
            event_loop.run(partial(wait_for, target, options.wait, waits=options.waits))
        replay = _Replay(options, tls, pair, answers, reports, summary, receivers)
        event_loop.run(partial(replay.deliver_all, stories))


def _refuse_unserved_keys(story: AnyStory, options: ReplayOptions) -> None:
    if "key" in story.points and options.target is not None and options.serve_keys is None:
        raise SettingError(
            f"{story.name}: a fault of the key host has no key host to act on; "
            f"add --serve-keys {defaults.KEYS_PORT} and let your webhook fetch its keys there"
        )


@dataclass(frozen=True, slots=True)
class _Replay:
    """What all stories of a replay share."""

    options: ReplayOptions
    tls: Tls
    pair: KeyPair
    answers: KeyAnswers
    reports: Reports
    summary: Summary
    receivers: Receivers

    async def deliver_all(self, stories: Sequence[AnyStory]) -> None:
        """Deliver stories one after the other; all of them are signed by the same threads."""
        to_sign = sum(story.payload_count for story in stories if _is_signed_here(story))
        async with AsyncExitStack() as stack:
            signer = None
            for story in stories:
                webhook = self._webhook(story)
                self.reports.opened(_opening(story, self.options, webhook.url))
                if signer is None:
                    signer = await stack.enter_async_context(Signer(self.pair, to_sign))
                await self._deliver(story, webhook, signer)

    def _webhook(self, story: AnyStory) -> Webhook:
        """Return the target, or our own receiver, which verifies deliveries."""
        if self.options.target is not None:
            return Webhook(self.options.target)
        if isinstance(story, CapturedStory):
            return self.receivers.of_captures(story.client_id, story.keys)
        return self.receivers.of(story.scenario.registration)

    async def _deliver(self, story: AnyStory, webhook: Webhook, signer: Signer) -> None:
        options = self.options
        sending = DeliveryOptions(options.concurrency, options.rate, options.max_attempts)
        clock = make(options.clock, story.begin)
        listeners = Listeners(self._attempted, self.summary.withhold, webhook.judge)
        async with HttpTransport(
            timeout=options.timeout, connections=options.concurrency, tls=self.tls
        ) as transport:
            wired = self._raw_transport if {"wire", "delivery"} & story.points else None
            runner = StoryRunner(self.pair, self.answers, transport, wired, sending, signer)
            await runner.run(story, webhook.url, clock, listeners, numbered=webhook.numbered)

    def _raw_transport(self, wire: Wire, release: Release | None) -> Transport:
        from ..delivery.raw_transport import RawTransport

        return RawTransport(wire, release, timeout=self.options.timeout, tls=self.tls)

    def _attempted(self, trace: Trace) -> None:
        self.summary.count(trace)
        if trace.outcome.problem:
            self.receivers.is_in_doubt = True
        self.reports.attempted(trace)
        self._expect_scheme(trace)

    def _expect_scheme(self, trace: Trace) -> None:
        """Raise ``UnreachableError`` if the first attempt shows that all others must fail too."""
        if self.summary.attempts > 1 or trace.ending != "retry":
            return
        reason = causes.other_scheme(trace.outcome.problem, trace.attempt.delivery.url)
        if reason:
            raise UnreachableError(reason)


def _is_signed_here(story: AnyStory) -> bool:
    """Return whether the signatures are made with the keys of this installation."""
    return not isinstance(story, CapturedStory) or story.resigned


def _opening(story: AnyStory, options: ReplayOptions, url: str) -> Opening:
    return Opening(
        scenario=story.name,
        description=story.description,
        seed=story.seed,
        repeat_with=story.repeat_with,
        events=story.event_count,
        target=url,
        receiver=options.target is None,
        skips_waits=options.clock == "fast",
        speed=speed_of(options.clock),
        timeout=options.timeout,
        max_attempts=options.max_attempts,
        serves_keys=options.serve_keys is not None,
        is_signed_here=_is_signed_here(story),
        **({} if isinstance(story, CapturedStory) else {"families": story.families}),
    )
