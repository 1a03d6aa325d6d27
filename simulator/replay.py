"""A replay: stories delivered to a webhook, reported, and judged."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import keys, settings
from .bootstrap import Story
from .clock import make, stopwatch
from .core.delivery import Attempt, Delivery
from .core.signature import SignedPayload
from .core.summary import Summary
from .core.trace import Trace
from .dispatcher import Dispatcher, Judge, Manner
from .errors import SettingError
from .key_sources import find_key
from .keys import KeyPair
from .reports.base import Opening, Report
from .reports.saved import Saved
from .signers import Signer
from .transports.http import HttpTransport, Tls
from .transports.reachable import wait_for


_OTHER_FILES = 128
"""Open files that a replay needs beside one for each connection."""


@dataclass(frozen=True, slots=True)
class Options:
    """How stories are replayed; durations in seconds.

    Without a ``target`` a receiver is started, which verifies every delivery. ``wait`` is how
    long to wait for the target to listen.
    """

    target: str | None = None
    wait: float = 0.0
    clock: str = "fast"
    concurrency: int = 64
    rate: float | None = None
    timeout: float = 10.0
    max_attempts: int | None = None
    cacert: Path | None = None
    insecure: bool = False
    save: Path | None = None
    serve_keys: int | None = None


def run(stories: Sequence[Story], options: Options, report: Report) -> Summary:
    """Replay stories one after the other and return what they came to.

    Ctrl-C and SIGTERM end the replay; the summary so far is reported all the same. Raises
    ``FlowsimError`` if the replay could not go on.
    """
    summary = Summary(judged=options.target is None)
    started = stopwatch()
    try:
        with _key_host(options.serve_keys):
            if options.target is not None:
                _run_async(wait_for(options.target, options.wait))
            for story in stories:
                _replay(story, options, report, summary)
        summary.finished = True
    except KeyboardInterrupt:
        pass
    finally:
        report.closed(summary, stopwatch() - started)
    return summary


def _replay(story: Story, options: Options, report: Report, summary: Summary) -> None:
    pair = keys.load(settings.keys_folder())
    with _webhook(story, options) as (url, judge):
        saved = _saved(options, pair, story, url)
        reports = [report] if saved is None else [report, saved]
        for each in reports:
            each.opened(_opening(story, options, url))

        def attempted(trace: Trace) -> None:
            summary.count(trace)
            for each in reports:
                each.attempted(trace)

        try:
            _run_async(_deliver(story, options, pair, url, attempted, judge))
        finally:
            if saved is not None:
                saved.closed(summary, 0.0)


def _saved(options: Options, pair: KeyPair, story: Story, url: str) -> Saved | None:
    if options.save is None:
        return None
    return Saved(options.save, pair, story.scenario.registration.provider, url)


def _opening(story: Story, options: Options, url: str) -> Opening:
    return Opening(
        story.name,
        story.scenario.description,
        story.seed,
        story.seed_drawn,
        story.event_count,
        url,
        options.target is None,
        options.clock == "fast",
    )


async def _deliver(
    story: Story,
    options: Options,
    pair: KeyPair,
    url: str,
    attempted: Callable[[Trace], None],
    judge: Judge,
) -> None:
    _allow_connections(options.concurrency)
    transport = HttpTransport(
        url, timeout=options.timeout, connections=options.concurrency, tls=_tls(options)
    )
    manner = Manner(
        story.scenario.registration.provider,
        options.concurrency,
        options.rate,
        options.max_attempts,
    )
    async with transport, Signer(pair, story.event_count) as signer:
        clock = make(options.clock, story.begin)
        dispatcher = Dispatcher(transport, clock, story.chance, manner, attempted, judge)
        await dispatcher.carry(_deliveries(signer.sign(story.payloads())))


async def _deliveries(payloads: AsyncIterator[SignedPayload]) -> AsyncIterator[Delivery]:
    number = 0
    async for signed in payloads:
        number += 1
        yield Delivery(number, signed, signed.payload.events[0].time)


def _run_async(work: Any) -> None:
    """Run a coroutine on uvloop where there is one; SIGTERM stops it as Ctrl-C does."""
    try:
        import uvloop
    except ImportError:
        factory = asyncio.new_event_loop
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner, _sigterm_interrupts():
        runner.run(work)


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread, where no signal arrives
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tls(options: Options) -> Tls:
    """Return what the webhook's certificate must fit; by default an authority of the system."""
    if options.insecure:
        return False
    if options.cacert is None:
        return True
    try:
        return ssl.create_default_context(cafile=options.cacert)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or "no certificate in PEM form"
        raise SettingError(f"--cacert {options.cacert}: {reason}") from None


def _allow_connections(number: int) -> None:
    """Raise the soft limit of open files so far that every connection can be open at once.

    Raises ``SettingError`` if the hard limit is in the way.
    """
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = number + _OTHER_FILES
    if resource.RLIM_INFINITY not in (soft, hard) and hard < needed:
        raise SettingError(
            f"--concurrency {number} needs {needed} open files, {hard} are allowed; "
            f"expected at most {max(1, hard - _OTHER_FILES)}, or a higher limit (ulimit -n)"
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


@contextlib.contextmanager
def _webhook(story: Story, options: Options) -> Iterator[tuple[str, Judge]]:
    """Yield the URL to deliver to and who judges: the target, or a receiver of our own."""
    if options.target is not None:
        yield options.target, lambda _: None
        return
    from .web import receiver
    from .web.server import Server

    verdicts: dict[str, bool] = {}

    def received(each: receiver.Received) -> None:
        verdicts[each.headers.get("x-adobe-delivery-id", "")] = each.reception.verified

    def judge(attempt: Attempt) -> bool:
        return verdicts.pop(attempt.delivery_id, False)

    registration = story.scenario.registration
    manner = receiver.Manner(
        client_id=registration.client_id,
        recipient_required=registration.names != "as-documented",
        keep=0,
        on_received=received,
    )
    app = receiver.create(receiver.Receiver(find_key(None), manner))
    with Server(app, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.port}/webhook", judge


@contextlib.contextmanager
def _key_host(port: int | None) -> Iterator[None]:
    if port is None:
        yield
        return
    from .web import key_host
    from .web.server import Server

    keys.load(settings.keys_folder())
    app = key_host.create(lambda path: keys.public_pem(settings.keys_folder(), path))
    with Server(app, "127.0.0.1", port):
        yield
