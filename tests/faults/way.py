"""Leads events with faults through all points of a delivery, without a socket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flowsim.core import headers, payload, wire
from flowsim.core.delivery import Attempt, Delivery, attempt
from flowsim.core.event import Event
from flowsim.core.fault import Fault
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, digest, sign
from flowsim.core.spec_values import RegistrationSpec
from flowsim.core.wire import Wire
from flowsim.delivery.key_answers import KeyAnswers
from flowsim.families.registry import FAULTS
from flowsim.faults import disturbance
from flowsim.faults.disturbance import DisturbedDeliveries
from flowsim.installation import keys, settings
from flowsim.installation.keys import KeyPair
from flowsim.scenario.amendment import Change
from flowsim.story.opening import open_story

URL, PROVIDER = "http://127.0.0.1:1/hook", "platform_notifications"
SCENARIO_OF = {"success": "partial", "copy": "failure-copy", "promotion": "failure-promotion"}
"""Kind of run → the shipped scenario with an event about one."""

KINDS = tuple(SCENARIO_OF)
CLOUD = RegistrationSpec(event_delivery_format="cloud_events")
NAMES = {"event_id", "eventid", "recipient_client_id", "recipientclientid"}
"""How an envelope names its ids."""


@dataclass(frozen=True)
class Way:
    """The values after each point of a delivery."""

    events: list[Event]
    payloads: list[Payload]
    signed: list[SignedPayload]
    deliveries: list[Delivery]
    withheld: list[Delivery]

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt(each, 1, FixedChance()) for each in self.deliveries]

    @property
    def headers(self) -> list[dict[str, str]]:
        return [headers.of_attempt(each) for each in self.attempts]

    @property
    def wires(self) -> list[Wire | None]:
        return [wire.of_attempt(each) for each in self.attempts]

    @property
    def content(self) -> Any:
        """The JSON of the first body."""
        return json.loads(self.payloads[0].body)

    @property
    def element(self) -> Any:
        """The object of the first event in the first body."""
        return self.content[0] if isinstance(self.content, list) else self.content


class FixedChance:
    """A random source whose bytes are the name of what is drawn."""

    def of_story(self, name: str, size: int) -> bytes:
        return name.encode().ljust(size, b".")[-size:]

    def of_ids(self, name: str, size: int = 16) -> bytes:
        return name.encode().ljust(size, b".")[-size:]


def events_of(kind: str = "success", **changes: Any) -> list[Event]:
    """Return the events of a shipped scenario, without faults."""
    made = [Change(key.replace("__", "."), value, "a test") for key, value in changes.items()]
    return list(open_story(SCENARIO_OF.get(kind, kind), made).events())


def way_of(
    events: Sequence[Event],
    *named: str | tuple[str, Any] | Fault,
    registration: RegistrationSpec | None = None,
) -> Way:
    """Lead events through all points; all of them have the named faults, too."""
    suffering = [
        replace(event, faults=(*event.faults, *(_fault(each, index) for each in named)))
        for index, event in enumerate(events)
    ]
    after = list(disturbance.events(suffering))
    spec = registration or RegistrationSpec()
    payloads = [disturbance.payload(each) for each in payload.build(after, spec)]
    signed = [_signed(each) for each in payloads]
    withheld: list[Delivery] = []
    disturbed = DisturbedDeliveries(key_answers().rename, withheld.append)
    deliveries: list[Delivery] = []
    for number, each in enumerate(signed, 1):
        delivery = Delivery(number, each, each.payload.events[0].time, URL, PROVIDER)
        deliveries += disturbed.take(delivery)
    deliveries += disturbed.rest()
    return Way(after, payloads, signed, deliveries, withheld)


def _fault(named: str | tuple[str, Any] | Fault, index: int) -> Fault:
    if isinstance(named, Fault):
        return named.seeded(str(index))
    name, argument = (named, None) if isinstance(named, str) else named
    return FAULTS[name].fault(argument, f"{name}/{index}".encode())


def key_answers() -> KeyAnswers:
    key_pair()
    return KeyAnswers(settings.keys_folder())


def key_pair() -> KeyPair:
    return keys.load(settings.keys_folder())


@cache
def _signatures(body_digest: bytes, pair: KeyPair) -> tuple[str, str]:
    first, second = (sign(body_digest, keys.parse_private(key.private_pem)) for key in pair)
    return first, second


def _signed(built: Payload) -> SignedPayload:
    pair = key_pair()
    return SignedPayload(built, _signatures(digest(built.body), pair), keys.paths(pair))


def run_of(event: Event) -> Any:
    """Return the run entity of an event, of either shape."""
    content = event.notification.content
    return content if event.notification.member == "event" else content[0]["value"]


def ways_of(kind: str, *named: str | tuple[str, Any]) -> list[Way]:
    """Return the way of an event in both delivery formats."""
    return [way_of(events_of(kind), *named), way_of(events_of(kind), *named, registration=CLOUD)]
