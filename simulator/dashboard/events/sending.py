"""Sends the example of a page: to a registration of the service, or to an address.

An address is one of this machine only, whatever the service allows. What is sent there is signed
and delivered as ``flowsim replay`` does it, but with one attempt each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from ...core.printable import count, printable
from ...core.targets import Allowed, parse_target, place_of
from ...core.trace import Trace
from ...delivery.dispatcher import DeliveryOptions
from ...delivery.http_transport import HttpTransport
from ...delivery.key_answers import KeyAnswers
from ...delivery.story_runner import Listeners, StoryRunner
from ...errors import SettingError, TargetError
from ...events_service import request_body
from ...events_service.control.bodies import TriggerBody
from ...events_service.control.triggering import Triggered, trigger
from ...events_service.deliveries.targets import Targets
from ...events_service.service import Service
from ...installation import keys, settings, trust
from ...reports.event_guide import EventGuide
from ...runtime import defaults, event_loop
from ...runtime.clock import make
from ...story.story import Story
from .example import MOST_EVENTS, ChosenOptions, scenario_of, story_from

CONCURRENCY = 20


@dataclass(frozen=True, slots=True)
class SentEvent:
    """What became of one event: ``status`` is that of the answer, or a 6xx code; 0 is none.

    ``outcome`` is a word or a short sentence. ``deliveries`` is the address of its deliveries by
    the service, if there are any.
    """

    event_code: str
    event_id: str
    status: int
    seconds: float
    outcome: str
    deliveries: str = ""


@dataclass(frozen=True, slots=True)
class SentExample:
    """What was sent where, in one sentence, and what became of each event.

    With a ``mistake``, nothing was sent.
    """

    sentence: str
    events: tuple[SentEvent, ...] = ()
    mistake: str = ""


def to_registration(
    service: Service, guide: EventGuide, choices: ChosenOptions, registration_id: str
) -> SentExample:
    """Publish the story of a choice to one registration; raises ``ApiError`` for mistakes."""
    text = scenario_of(guide, choices)
    asked = {"text": text, "file": guide.code.code, "registration": registration_id}
    done = trigger(service, request_body.read(TriggerBody, asked))
    events = tuple(_published(done, registration_id))
    taken = sum(bool(each.event_id) for each in events)
    found = service.registrations.find(registration_id)
    name = printable(found.name) if found else registration_id
    sentence = f"{count(taken, 'event')} published to the registration {name}"
    return SentExample(sentence, events)


def _published(done: Triggered, registration_id: str) -> Iterable[SentEvent]:
    for each in done.events:
        outcome, link = "published", ""
        if each.event_id is None:
            refused = registration_id in each.filtered
            outcome = f"not taken: {'its filter refuses it' if refused else 'no registration'}"
        elif reason := each.journal_only.get(registration_id):
            outcome = f"only in its journal, since {reason}"
        else:
            link = "/?" + urlencode({"registration": registration_id, "text": each.event_id})
        yield SentEvent(each.event_code, each.event_id or "", 0, 0.0, outcome, link)


def to_address(
    guide: EventGuide, choices: ChosenOptions, target: str, client_id: str | None = None
) -> SentExample:
    """Deliver the story of a choice to an address of this machine, one attempt each.

    ``client_id`` is the recipient, instead of that of examples.

    Raises ``TargetError`` for an address elsewhere, ``ScenarioError`` or ``SettingError`` for a
    story that cannot be sent.
    """
    url = parse_target(target)
    targets, story = _targets_of(url), story_from(guide, choices, client_id)
    if story.event_count > MOST_EVENTS:
        raise SettingError(f"the story has {story.event_count:,} events; at most {MOST_EVENTS}")
    traces: list[Trace] = []
    event_loop.run_here(partial(_deliver, story, url, targets, traces.append))
    delivered = sum(each.ending == "delivered" for each in traces)
    sentence = f"{count(len(traces), 'request')} sent to {url}, {delivered:,} accepted"
    return SentExample(sentence, tuple(_delivered(each) for each in traces))


def _targets_of(url: str) -> Targets:
    """Return the addresses of a parsed target; raises ``TargetError`` if one is elsewhere."""
    targets = Targets(Allowed())
    try:
        targets.check(url)
    except TargetError:
        host, _ = place_of(url)
        remedy = "pages send only to addresses such as localhost:3000/hook"
        raise TargetError(f"{host} is not on this machine; {remedy}") from None
    return targets


async def _deliver(
    story: Story, url: str, targets: Targets, on_trace: Callable[[Trace], None]
) -> None:
    """Deliver a story without waits; the host keeps the addresses that were checked."""
    folder = settings.keys_folder()
    tls = trust.of_target(url, None, insecure=False)
    options = DeliveryOptions(CONCURRENCY, max_attempts=1)
    transport = HttpTransport(
        timeout=defaults.TIMEOUT, connections=CONCURRENCY, tls=tls, resolve=targets.resolve
    )
    async with transport:
        runner = StoryRunner(keys.load(folder), KeyAnswers(folder), transport, None, options)
        await runner.run(story, url, make("fast", story.begin), Listeners(on_trace))


def _delivered(trace: Trace) -> SentEvent:
    event = trace.attempt.delivery.signed.payload.events[0]
    outcome = trace.outcome
    said = "accepted" if trace.ending == "delivered" else outcome.problem or "not accepted"
    return SentEvent(event.code, event.id, outcome.status_code, outcome.elapsed, printable(said))
