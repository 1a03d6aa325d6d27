"""What the preview of a scenario with faults shows, against what a webhook gets of its run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from flowsim.core.json_reading import is_json
from flowsim.dashboard.deliveries.detail import TABS
from flowsim.events_service.control import trigger_faults
from flowsim.families.registry import FAULTS
from flowsim.files.shipped_scenarios import shipped

from ...webhook import Request, Webhook, echo
from ..reading import Element, PageReader
from ..service_with_pages import ServiceWithPages

AT_ONCE = ("tampered-body", "body-missing", "json-white-space", "content-type", "header-case")
"""Faults that are always tried; the others are tried in a slow test."""

NOT_COMPARED = {
    *("truncated-body", "wrong-content-length", "hang-up", "slow-body", "chunked-body"),
    *("unknown-event-code", "codes-of-2023"),
}
"""Faults of how the body is written, and two whose codes no registration asks for."""


def faults_of_bodies() -> Iterator[Any]:
    """Yield the faults that act on the one request of an event."""
    for kind in FAULTS.values():
        if not trigger_faults.is_taken(kind) or kind.point == "delivery":
            continue
        if kind.name not in NOT_COMPARED:
            marks = () if kind.name in AT_ONCE else (pytest.mark.slow,)
            yield pytest.param(kind.name, marks=marks, id=kind.name)


@pytest.fixture(scope="module")
def hook() -> Iterator[Webhook]:
    with Webhook([echo]) as running:
        yield running


@pytest.fixture(scope="module")
def service(hook: Webhook) -> Iterator[ServiceWithPages]:
    with ServiceWithPages() as running:
        running.register(hook.url)
        yield running


@pytest.fixture
def reader(service: ServiceWithPages) -> Iterator[PageReader]:
    with PageReader(service.local) as client:
        yield client


def previewed(reader: PageReader, fault: str) -> tuple[dict[str, Any], bytes]:
    """Return the only notification of a scenario with a fault, and its body."""
    answer = reader.get(f"/scenarios/partial/notifications?fault={fault}")
    (found,) = answer.json()
    exact = answer.content.partition(b',"body":')[2].removesuffix(b"}]\n").removesuffix(b"}]")
    return found, found["text"].encode() if "text" in found else exact


def notifications(reader: PageReader, options: str) -> Element:
    """Return the part of the page that shows the notifications."""
    page = reader.page(f"/scenarios/partial?{options}")
    return page.one("section", **{"aria-labelledby": "notifications-title"})


def delivered(reader: PageReader, service: ServiceWithPages, hook: Webhook, fault: str) -> Request:
    """Return the request that a webhook gets of a run with a fault."""
    before = len(hook.requests)
    assert reader.submit("/scenarios/partial", fault=fault).status_code == 303
    service.advance("1m")
    return hook.requests[before]


def without_ids(body: bytes) -> bytes:
    """Return a body without the values of its event ids, escaped ones too."""
    known = rb'((?:event_?id|"specversion":"1.0","id)"\s*:\s*")[^"]*'
    return re.sub(known, rb"\1", body.replace(rb"\u0065", b"e"))


@pytest.mark.parametrize("fault", [*faults_of_bodies()])
def test_the_preview_is_what_the_webhook_gets(
    service: ServiceWithPages, reader: PageReader, hook: Webhook, fault: str
) -> None:
    """Byte for byte but for the event id, and also what the fault draws."""
    shown, body = previewed(reader, fault)
    request = delivered(reader, service, hook, fault)
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert without_ids(body) == without_ids(request.body)
    assert shown["content_type"] == headers.get("content-type")


def test_a_tampered_body_is_shown_as_it_is_sent(reader: PageReader) -> None:
    """One digit differs from the body that is signed, and the page says so."""
    (_, signed), (shown, sent) = (previewed(reader, each) for each in ("unsigned", "tampered-body"))
    differ = [
        pair
        for pair in zip(without_ids(signed), without_ids(sent), strict=True)
        if len({*pair}) > 1
    ]
    assert len(differ) == 1
    assert shown["is_tampered"]
    part = notifications(reader, "fault=tampered-body")
    assert "This body was changed after it was signed; it is shown as it is sent." in part.text


def test_faults_that_do_not_show_in_the_body_are_named_beside_it(reader: PageReader) -> None:
    part = notifications(reader, "fault=unsigned&fault=hang-up&fault=json-escapes&fault=drop")
    named = [each.text for each in part.all("li")]
    assert named == [
        "unsigned (the headers of one attempt) There are no signatures and no key paths.",
        "hang-up (how one attempt is written to the socket) "
        "The sender closes the connection before it reads the answer. A retry follows.",
        "drop (how often and when it is delivered) The event is never delivered.",
    ]
    assert "was changed after it was signed" not in part.text


def test_a_body_that_is_no_json_is_text(reader: PageReader) -> None:
    """The list stays JSON, and has the same bytes as text."""
    for fault, beginning in (("body-missing", ""), ("broken-json", '{"event_id":"')):
        shown, _ = previewed(reader, fault)
        assert shown["body"] is None
        assert shown["text"].startswith(beginning)
        assert is_json(shown["text"].encode()) is False


@pytest.mark.slow
def test_every_list_of_notifications_is_json(reader: PageReader) -> None:
    for name in shipped():
        answer = reader.get(f"/scenarios/{name}/notifications")
        assert answer.json(), name


def test_twins_of_a_delivery_without_json_are_json(
    service: ServiceWithPages, reader: PageReader, hook: Webhook
) -> None:
    for fault in ("body-missing", "broken-json"):
        delivered(reader, service, hook, fault)
        number = reader.twin("/")["newest"]
        for query in [f"tab={tab}" for tab in TABS] + ["form=exact", "form=pretty"]:
            assert reader.twin(f"/deliveries/{number}?{query}")["delivery"], (fault, query)
