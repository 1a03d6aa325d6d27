"""A replay: stories delivered to a webhook, reported, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import cache, partial
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
from ..delivery.signers import Signer
from ..delivery.story_runner import AnyStory, Listeners, StoryRunner
from ..delivery.summary import Summary
from ..delivery.transport import Transport
from ..errors import SettingError, UnreachableError, exhaustion, exit_code_of
from ..installation import keys, settings, trust
from ..installation.keys import KeyPair
from ..receiver import local_hosts
from ..receiver.local_hosts import Receivers, Webhook
from ..reports.base import Opening, Report
from ..reports.saved import Saved
from ..runtime import defaults, event_loop, system_limits
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
    """Replay stories one after the other and return what they came to.

    Ctrl-C, SIGTERM and SIGHUP end the replay; the summary so far is reported all the same.
    Raises ``FlowsimError`` if the replay could not go on.
    """
    unread = (story.unread for story in stories if isinstance(story, CapturedStory))
    summary = Summary(judged=options.target is None, left_out=sum(map(len, unread)))
    started = stopwatch()
    with ExitStack() as stack, event_loop.sigterm_interrupts():
        reports: list[Report] = []

        @cache
        def elapsed() -> float:
            """Return what all reports say alike, though one is closed after the other."""
            return stopwatch() - started

        def add(each: Report) -> None:
            stack.callback(lambda: each.closed(summary, elapsed()))
            reports.append(each)

        add(report)
        try:
            if options.save is not None:
                add(Saved(options.save, keys.load(settings.keys_folder())))
            _replay(stories, options, reports, summary)
            summary.finished = True
        except KeyboardInterrupt:
            summary.stopped = True
        except Exception as error:
            known = exhaustion(error) or error
            summary.error, summary.error_code = str(known), exit_code_of(known)
            raise
    return summary


@dataclass(frozen=True, slots=True)
class _Replay:
    """What all stories of a replay share."""

    options: ReplayOptions
    tls: Tls
    pair: KeyPair
    answers: KeyAnswers
    reports: Sequence[Report]
    summary: Summary
    receivers: Receivers

    def attempted(self, trace: Trace) -> None:
        self.summary.count(trace)
        if trace.outcome.problem:
            self.receivers.is_in_doubt = True
        for each in self.reports:
            each.attempted(trace)
        self._expect_scheme(trace)

    def _expect_scheme(self, trace: Trace) -> None:
        """Raise ``UnreachableError`` if the first attempt shows that all others must fail too."""
        if self.summary.attempts > 1 or trace.ending != "retry":
            return
        reason = causes.other_scheme(trace.outcome.problem, trace.attempt.delivery.url)
        if reason:
            raise UnreachableError(reason)


def _replay(
    stories: Sequence[AnyStory], options: ReplayOptions, reports: Sequence[Report], summary: Summary
) -> None:
    folder = settings.keys_folder()
    pair, answers = keys.load(folder), KeyAnswers(folder)
    tls = trust.of_target(options.target, options.cacert, insecure=options.insecure)
    system_limits.allow_connections(options.concurrency)
    system_limits.allow_threads(local_hosts.THREADS * (options.target is None))
    with ExitStack() as stack:
        for story in stories:
            _refuse_unserved_keys(story, options)
        receivers = stack.enter_context(Receivers(answers.find_key, options.served))
        replay = _Replay(options, tls, pair, answers, reports, summary, receivers)
        if options.serve_keys is not None:
            stack.enter_context(
                local_hosts.key_host(options.serve_keys, answers.pem, options.served)
            )
        if options.target is not None:
            event_loop.run(partial(wait_for, options.target, options.wait, waits=options.waits))
        event_loop.run(partial(_deliver_all, stories, replay))


async def _deliver_all(stories: Sequence[AnyStory], replay: _Replay) -> None:
    """Deliver stories one after the other; what takes long to start is started once for all."""
    signer = Signer(replay.pair, sum(map(_signed_payloads, stories)))
    async with AsyncExitStack() as stack:
        for number, story in enumerate(stories):
            webhook = _webhook(story, replay)
            for each in replay.reports:
                each.opened(_opening(story, replay.options, webhook.url))
            if number == 0:
                await stack.enter_async_context(signer)
            await _deliver(story, replay, webhook, signer)


def _signed_payloads(story: AnyStory) -> int:
    """Return about how many request bodies of a story will be signed."""
    are_signed = not isinstance(story, CapturedStory) or story.resigned
    return story.payload_count if are_signed else 0


def _refuse_unserved_keys(story: AnyStory, options: ReplayOptions) -> None:
    if "key" in story.points and options.target is not None and options.serve_keys is None:
        raise SettingError(
            f"{story.name}: a fault of the key host has no key host to act on; "
            f"add --serve-keys {defaults.KEYS_PORT} and let your webhook fetch its keys there"
        )


def _webhook(story: AnyStory, replay: _Replay) -> Webhook:
    """Return where to deliver to and who judges: the target, or a receiver of our own."""
    if replay.options.target is not None:
        return Webhook(replay.options.target)
    if isinstance(story, CapturedStory):
        return replay.receivers.of_captures(story.client_id, story.keys)
    return replay.receivers.of(story.scenario.registration)


async def _deliver(story: AnyStory, replay: _Replay, webhook: Webhook, signer: Signer) -> None:
    options = replay.options
    transport = HttpTransport(
        timeout=options.timeout, connections=options.concurrency, tls=replay.tls
    )
    sending = DeliveryOptions(options.concurrency, options.rate, options.max_attempts)
    clock = make(options.clock, story.begin)
    listeners = Listeners(replay.attempted, replay.summary.withhold, webhook.judge)
    async with transport:
        wired = _wired(story, replay)
        runner = StoryRunner(replay.pair, replay.answers, transport, wired, sending, signer)
        await runner.run(story, webhook.url, clock, listeners, numbered=webhook.numbered)


def _wired(story: AnyStory, replay: _Replay) -> Callable[[Wire], Transport] | None:
    """Return how attempts are made that faults write otherwise, if the story has any."""
    if "wire" not in story.points:
        return None
    from ..delivery.raw_transport import RawTransport

    return partial(RawTransport, timeout=replay.options.timeout, tls=replay.tls)


def _opening(story: AnyStory, options: ReplayOptions, url: str) -> Opening:
    return Opening(
        story.name,
        story.description,
        story.seed,
        story.repeat_with,
        story.event_count,
        url,
        options.target is None,
        options.clock == "fast",
        speed_of(options.clock),
        options.timeout,
        options.max_attempts,
        options.serve_keys is not None,
        not isinstance(story, CapturedStory) or story.resigned,
    )
