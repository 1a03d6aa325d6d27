"""A fault acts at its own point only, and can be combined with any other fault."""

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

from flowsim.core import payload
from flowsim.core.delivery import Delivery, attempt
from flowsim.core.event import Event
from flowsim.core.fault import POINTS
from flowsim.core.headers import of_attempt
from flowsim.core.payload import Payload
from flowsim.core.signature import KeyAnswer
from flowsim.core.spec_values import RegistrationSpec
from flowsim.core.wire import Wire
from flowsim.families.registry import FAULTS
from flowsim.faults import disturbance
from flowsim.installation.keys import parse_public

from ..cases import for_each
from .way import KINDS, FixedChance, Way, events_of, key_pair, run_of, way_of


def without_faults(event: Event) -> Event:
    return replace(event, faults=())


def touched(way: Way, before: list[Event]) -> Iterator[str]:
    """Yield the points at which a way was changed; each is looked at by itself."""
    first = way.events[0]
    if [(e.id, e.time) for e in way.events] != [(e.id, e.time) for e in before]:
        yield "story"
    if said_of(run_of(first)) != said_of(run_of(before[0])):
        yield "run"
    if first.notification.event_code != before[0].notification.event_code:
        yield "event"
    yield from touched_bytes(way)
    yield from touched_on_the_way(way)


def said_of(entity: Any) -> Any:
    """Return a run entity without its header, which is about the event."""
    return {name: each for name, each in entity.items() if name != "header"}


def touched_bytes(way: Way) -> Iterator[str]:
    """Tell whether bodies differ from those of the same events without faults."""
    plain = payload.build(map(without_faults, way.events), RegistrationSpec())
    for made, expected in zip(way.payloads, plain, strict=True):
        content = ordered(made.body)
        if (content is not None and content != ordered(expected.body)) or made.events[1:]:
            yield "payload"
        elif made.body != expected.body:
            yield "body"


def ordered(body: bytes) -> Any:
    """Return the content of a body with the order of its keys; none if it is not JSON."""
    try:
        return json.loads(body, object_pairs_hook=lambda pairs: ["object", *pairs])
    except ValueError:
        return None


def touched_on_the_way(way: Way) -> Iterator[str]:
    if any(each.payload is not made for each, made in zip(way.signed, way.payloads, strict=True)):
        raise AssertionError("nothing may come between payload and signature")
    plain = [attempt(undisturbed(each), 1, FixedChance()) for each in way.deliveries]
    pairs = [*zip(way.attempts, plain, strict=True)]
    if not all(map(is_well_signed, way.deliveries)):
        yield "signature"
    if not all(map(has_our_keys, way.deliveries)):
        yield "key"
    moved = [(each.copy, each.retries, each.behind, wait(each)) for each in way.deliveries]
    if moved != [(0, 0, 0, 0)] * len(way.events):
        yield "delivery"
    if any([*of_attempt(one).items()] != [*of_attempt(other).items()] for one, other in pairs):
        yield "headers"
    if any(way.wires):
        yield "wire"


def undisturbed(delivery: Delivery) -> Delivery:
    """Return a delivery whose events have no faults any more."""
    signed = delivery.signed
    events = tuple(map(without_faults, signed.payload.events))
    return replace(delivery, signed=replace(signed, payload=replace(signed.payload, events=events)))


def is_well_signed(delivery: Delivery) -> bool:
    """Tell whether both signatures fit our keys; key paths are not looked at."""
    signed = delivery.signed
    for signature, key in zip(signed.signatures, key_pair(), strict=True):
        try:
            parse_public(key.public_pem).verify(
                b64decode(signature), signed.payload.body, PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
    return True


def has_our_keys(delivery: Delivery) -> bool:
    """Tell whether key paths are those of our keys; forged signatures always have others."""
    paths = [f"/prod/keys/{key.name}.pem" for key in key_pair()]
    return [*delivery.signed.key_paths] == paths or not is_well_signed(delivery)


def wait(delivery: Delivery) -> float:
    return (delivery.due - delivery.signed.payload.events[0].time).total_seconds()


@pytest.mark.slow
@for_each("name", FAULTS)
def test_a_fault_changes_something_only_at_its_own_point(name: str) -> None:
    """Every fault has an effect on every kind of run, except where the table says otherwise."""
    for kind in KINDS:
        before = events_of(kind) + events_of(kind, at="2026-01-16T09:30:00Z")
        is_alone = name == "activity-alone" and len(run_of(before[0])["activities"]) == 1
        is_without_end = name == "end-missing" and kind == "promotion"
        is_without_count = name == "count-as-text" and kind != "success"
        is_in_cloud_events_only = name.startswith("cloud-")
        is_counted = name == "first-without-records" and kind != "success"
        is_idle = (
            is_counted or is_alone or is_without_end or is_without_count or is_in_cloud_events_only
        )
        expected = set() if is_idle else {FAULTS[name].point}
        assert {*touched(way_of(before, name), before)} == expected, kind


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_without_faults_is_changed_at_no_point(kind: str) -> None:
    before = events_of(kind)
    assert {*touched(way_of(before), before)} == set()


@for_each("name", FAULTS)
def test_a_fault_does_not_change_the_value_it_gets(name: str) -> None:
    before = events_of("promotion") + events_of("success")
    after = copy.deepcopy(before)
    way_of(before, name)
    assert before == after


@for_each("name", FAULTS)
def test_the_same_seed_makes_the_same_bytes(name: str) -> None:
    """Another seed may make others; ids of new events follow from the event's own."""
    once, again = way_of(events_of(), name), way_of(events_of(), name)
    assert wire_of(once) == wire_of(again)


def wire_of(way: Way) -> list[Any]:
    bodies = [each.signed.payload.body for each in way.deliveries]
    return [way.deliveries, way.headers, way.wires, bodies]


@for_each("name", [name for name in FAULTS if name != "drop"])
def test_any_fault_can_be_combined_with_any_other(name: str) -> None:
    """Each is combined with one fault of every point: nothing fails, and all effects are there."""
    several = ("late-start", "unknown-fields", "unknown-event-code", "extension-attributes")
    several += ("json-escapes", "one-signature-invalid", "keys-renamed", "duplicate")
    several += ("header-case", "chunked-body")
    way = way_of(events_of(), *dict.fromkeys((*several, name)))
    assert len(way.deliveries) >= 4
    assert all("X-Adobe-Event-Id" in each for each in way.headers)
    assert all(each and each.chunked for each in way.wires)
    codes = {each.notification.event_code for each in way.events}
    assert codes & {"sources_flow_run_archived", "source_flow_run_info"}


def before_point(point: str) -> Iterator[Any]:
    """Yield the values that a point gets, for every kind of run."""
    spec = RegistrationSpec(event_delivery_format="cloud_events")
    for kind in KINDS:
        for way in (way_of(events_of(kind)), way_of(events_of(kind), registration=spec)):
            yield {
                "story": (way.events[0],),
                "run": run_of(way.events[0]),
                "event": way.events[0],
                "payload": way.payloads[0],
                "body": way.payloads[0].body,
                "signature": way.signed[0],
                "key": KeyAnswer(1, 1, b"-----BEGIN\n"),
                "delivery": (way.deliveries[0],),
                "headers": way.headers[0],
                "wire": Wire(1),
            }[point]


@pytest.mark.slow
@for_each("point", POINTS)
def test_faults_of_one_point_can_be_combined_in_any_order(point: str) -> None:
    """Each fault acts on every value, and each pair on every second one."""
    own = [
        kind.fault(word, b"seed")
        for kind in FAULTS.values()
        if kind.point == point
        for word in (kind.argument.schema.get("enum", [None]) if kind.argument else [None])
    ]
    for turn, value in enumerate(before_point(point)):
        once = [(fault, fault.act(value, fault)) for fault in own]
        for number, ((_, first), second) in enumerate(product(once, own), turn):
            if number % 2:
                assert type(second.act(first, second)) is type(value)


def test_an_event_with_a_payload_can_have_all_faults_without_family() -> None:
    before = [
        replace(event, notification=replace(event.notification, content=content))
        for event, content in zip(
            events_of("batch"), ([], "text", None, 5, {"a": [1]}), strict=False
        )
    ]
    for name in FAULTS:
        if not FAULTS[name].family:
            assert way_of(before, name).payloads, name


def test_events_with_different_faults_are_in_different_batches() -> None:
    delayed = FAULTS["delay"].fault("1m")
    events = events_of("batch")[:6]
    mixed = [replace(e, faults=(delayed,) if n in (2, 3) else ()) for n, e in enumerate(events)]
    spec = RegistrationSpec(delivery_type="webhook_batch")
    made: list[Payload] = list(payload.build(disturbance.events(mixed), spec))
    assert [len(each.events) for each in made] == [2, 2, 2]
