"""A fault touches its own station, and no other."""

from __future__ import annotations

import copy
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from flowsim import faults
from flowsim.core import disturbance, payload
from flowsim.core.delivery import Delivery, attempt
from flowsim.core.event import Event
from flowsim.core.fault import STATIONS
from flowsim.core.headers import of_attempt
from flowsim.core.key_answer import KeyAnswer
from flowsim.core.payload import Payload
from flowsim.core.registration_spec import RegistrationSpec
from flowsim.core.wire import Wire
from flowsim.settings import keys_folder
from flowsim.signing.keys import load, parse_public

from .life import Life, Named, live, run_of, told

NAMES = faults.names()
KINDS = ("success", "copy", "promotion")


def without_faults(event: Event) -> Event:
    return replace(event, faults=())


def touched(life: Life, before: list[Event]) -> Iterator[str]:
    """Yield the stations that left a trace in a life, each judged by its own part alone."""
    first = life.events[0]
    if [(e.id, e.time) for e in life.events] != [(e.id, e.time) for e in before]:
        yield "story"
    if said_of(run_of(first)) != said_of(run_of(before[0])):
        yield "run"
    if first.notification.event_code != before[0].notification.event_code:
        yield "event"
    yield from touched_bytes(life)
    yield from touched_on_the_way(life)


def said_of(entity: Any) -> Any:
    """Return a run entity without its header, which speaks of the event."""
    return {name: each for name, each in entity.items() if name != "header"}


def touched_bytes(life: Life) -> Iterator[str]:
    """Compare bodies with what the same events give where nothing goes wrong."""
    plain = payload.build(map(without_faults, life.events), RegistrationSpec())
    for made, expected in zip(life.payloads, plain, strict=True):
        content = ordered(made.body)
        if (content is not None and content != ordered(expected.body)) or made.events[1:]:
            yield "payload"
        elif made.body != expected.body:
            yield "body"


def ordered(body: bytes) -> Any:
    """Return what a body says, the order of its keys included; nothing, if it is no JSON."""
    try:
        return json.loads(body, object_pairs_hook=lambda pairs: ["object", *pairs])
    except ValueError:
        return None


def touched_on_the_way(life: Life) -> Iterator[str]:
    if any(each.payload is not made for each, made in zip(life.signed, life.payloads, strict=True)):
        raise AssertionError("nothing may come between payload and signature")
    plain = [attempt(undisturbed(each), 1, Named()) for each in life.deliveries]
    pairs = [*zip(life.attempts, plain, strict=True)]
    if not all(map(is_well_signed, life.deliveries)):
        yield "signature"
    if not all(map(has_our_keys, life.deliveries)):
        yield "key"
    moved = [(each.copy, each.retries, each.behind, wait(each)) for each in life.deliveries]
    if moved != [(0, 0, 0, 0)] * len(life.events):
        yield "delivery"
    if any([*of_attempt(one).items()] != [*of_attempt(other).items()] for one, other in pairs):
        yield "headers"
    if any(life.wires):
        yield "wire"


def undisturbed(delivery: Delivery) -> Delivery:
    """Return a delivery whose events suffer nothing any more."""
    signed = delivery.signed
    events = tuple(map(without_faults, signed.payload.events))
    return replace(delivery, signed=replace(signed, payload=replace(signed.payload, events=events)))


def is_well_signed(delivery: Delivery) -> bool:
    """Tell whether both signatures fit both keys of ours, wherever these are said to be."""
    signed = delivery.signed
    for signature, key in zip(signed.signatures, load(keys_folder()), strict=True):
        try:
            parse_public(key.public_pem).verify(
                b64decode(signature), signed.payload.body, PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
    return True


def has_our_keys(delivery: Delivery) -> bool:
    """Tell whether key paths are those of our keys; a forged signature has others by itself."""
    paths = [f"/prod/keys/{key.name}.pem" for key in load(keys_folder())]
    return [*delivery.signed.key_paths] == paths or not is_well_signed(delivery)


def wait(delivery: Delivery) -> float:
    return (delivery.due - delivery.signed.payload.events[0].time).total_seconds()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_fault_touches_its_station_and_no_other(name: str, kind: str) -> None:
    """And it does touch it: none is without effect on any kind of run, in any place."""
    before = told(kind) + told(kind, at="2026-01-16T09:30:00Z")
    is_alone = name == "activity-alone" and len(run_of(before[0])["activities"]) == 1
    is_without_end = name == "end-missing" and kind == "promotion"
    is_in_cloud_events_only = name == "cloud-id-repeated"
    is_idle = is_alone or is_without_end or is_in_cloud_events_only
    expected = set() if is_idle else {faults.find(name).station}
    assert {*touched(live(before, name), before)} == expected


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_without_faults_has_a_plain_life(kind: str) -> None:
    before = told(kind)
    assert {*touched(live(before), before)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_changes_no_value_that_it_is_handed(name: str) -> None:
    before = told("promotion") + told("success")
    after = copy.deepcopy(before)
    live(before, name)
    assert before == after


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_makes_the_same_bytes(name: str) -> None:
    """Another seed may make others; ids of new events follow from the event's own."""
    once, again = live(told(), name), live(told(), name)
    assert wire_of(once) == wire_of(again)


def wire_of(life: Life) -> list[Any]:
    bodies = [each.signed.payload.body for each in life.deliveries]
    return [life.deliveries, life.headers, life.wires, bodies]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "drop"])
def test_any_fault_composes_with_any_other(name: str) -> None:
    """Each is put together with one fault of every station: nothing fails, all of it shows."""
    several = ("late-start", "unknown-fields", "unknown-event-code", "extension-attributes")
    several += ("json-escapes", "one-signature-invalid", "keys-renamed", "duplicate")
    several += ("header-case", "chunked-body")
    life = live(told(), *dict.fromkeys((*several, name)))
    assert len(life.deliveries) >= 4
    assert all("X-Adobe-Event-Id" in each for each in life.headers)
    assert all(each and each.chunked for each in life.wires)
    codes = {each.notification.event_code for each in life.events}
    assert codes & {"sources_flow_run_archived", "source_flow_run_info"}


def before_station(station: str) -> Iterator[Any]:
    """Yield values as they come to a station, from every kind of run."""
    spec = RegistrationSpec(event_delivery_format="cloud_events")
    for kind in KINDS:
        for life in (live(told(kind)), live(told(kind), registration=spec)):
            yield {
                "story": (life.events[0],),
                "run": run_of(life.events[0]),
                "event": life.events[0],
                "payload": life.payloads[0],
                "body": life.payloads[0].body,
                "signature": life.signed[0],
                "key": KeyAnswer(1, 1, b"-----BEGIN\n"),
                "delivery": (life.deliveries[0],),
                "headers": life.headers[0],
                "wire": Wire(1),
            }[station]


@pytest.mark.parametrize("station", STATIONS)
def test_faults_of_one_station_compose_in_any_order(station: str) -> None:
    own = [faults.find(name).fault(seed=b"seed") for name in NAMES]
    own = [fault for fault in own if fault.station == station]
    for value in before_station(station):
        once = [(fault, fault.act(value, fault)) for fault in own]
        for (_, first), second in product(once, own):
            assert type(second.act(first, second)) is type(value)


def test_an_event_of_your_own_may_suffer_all_faults_but_those_about_runs() -> None:
    before = [
        replace(event, notification=replace(event.notification, content=content))
        for event, content in zip(told("batch"), ([], "text", None, 5, {"a": [1]}), strict=False)
    ]
    for name in NAMES:
        if not faults.find(name).is_about_runs:
            assert live(before, name).payloads, name


def test_events_of_a_batch_share_their_faults_and_travel_apart_from_others() -> None:
    delayed = faults.find("delay").fault("1m")
    events = told("batch")[:6]
    mixed = [replace(e, faults=(delayed,) if n in (2, 3) else ()) for n, e in enumerate(events)]
    spec = RegistrationSpec(delivery_type="webhook_batch")
    made: list[Payload] = list(payload.build(disturbance.events(mixed), spec))
    assert [len(each.events) for each in made] == [2, 2, 2]
