"""A batch in the list: its worst result with counts, and filters that find any of its events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsim import open_story
from flowsim.dashboard.deliveries.received_deliveries import ReceivedDeliveries
from flowsim.dashboard.deliveries.rows import ListFilter
from flowsim.families.event_line import contents_of, event_result, worst_result
from flowsim.families.registry import shipped
from flowsim.receiver.application import create
from flowsim.receiver.stub import ReceiverOptions, ReceivingStub

from ...cases import for_each
from ...webhook import Webhook, echo
from ..reading import PageReader
from ..service_with_pages import ServiceWithPages

FAMILIES = shipped()
CODE = "sources_flow_run_success"


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceWithPages]:
    """Batches of 25 successes, 10 partial and 10 failed, in this order."""
    with Webhook([echo]) as webhook, ServiceWithPages() as running:
        running.register(webhook.url, batch=True)
        running.trigger("batch")
        yield running


@pytest.fixture
def reader(service: ServiceWithPages) -> Iterator[PageReader]:
    with PageReader(service.local) as client:
        yield client


def test_the_worst_result_of_a_batch_is_shown_with_its_counts(reader: PageReader) -> None:
    """How events are grouped depends on when the webhook answers, so bodies are counted."""
    rows = reader.twin("/")["deliveries"]["rows"]
    assert max(each["events"] for each in rows) > 1
    page = reader.page("/").one("div", id="list").text
    for row in rows:
        results = results_in(reader, row["number"])
        assert row["result"] == worst_result(results)
        assert {*row["results"]} == {*results}
        bad = [f"{results.count(each)} {each}" for each in ("partial", "failed") if each in results]
        if bad and len(results) > 1:
            assert row["says"] == f"{', '.join(bad)} of {len(results)}"
            assert f"{row['result']} {row['says']}" in page


def results_in(reader: PageReader, number: int) -> list[str]:
    body = reader.get(f"/deliveries/{number}/body").content
    return [event_result(FAMILIES, CODE, each) for each in contents_of(body)]


@for_each("result", ["success", "partial", "failed"])
def test_a_result_finds_all_batches_with_such_an_event(reader: PageReader, result: str) -> None:
    every = [each["number"] for each in reader.twin("/")["deliveries"]["rows"]]
    wanted = [each for each in every if result in results_in(reader, each)]
    found = reader.twin(f"/?result={result}")["deliveries"]["rows"]
    assert [each["number"] for each in found] == wanted != []


SAID = {
    ("success, and 19 more", "success"),
    ("10 partial, 5 failed of 20", "failed"),
    ("5 failed of 5", "failed"),
}

FILTERS = {
    "result=success": 2,
    "result=partial": 1,
    "result=failed": 2,
    "code=sources_flow_run_failed": 2,
    "code=sources_flow_run_success": 2,
    "family=Flow+runs+of+sources": 3,
    "family=Segment+jobs": 0,
}
"""Query of the list → how many of the three batches have such an event."""


@for_each("query", [*FILTERS])
def test_filters_of_a_receiver_match_any_event_of_a_batch(
    received: ReceivedDeliveries, query: str
) -> None:
    name, _, value = query.replace("+", " ").partition("=")
    rows = received.page(ListFilter(**{name: value}), None, None).rows
    assert len(rows) == FILTERS[query]


def test_a_receiver_shows_the_worst_result_with_its_counts(received: ReceivedDeliveries) -> None:
    rows = received.page(ListFilter(), None, None).rows
    assert {(each.says, each.result) for each in rows} == SAID
    codes = [each.value for each in received.choices().codes]
    assert codes == ["sources_flow_run_failed", "sources_flow_run_success"]


@pytest.fixture(scope="module")
def received() -> ReceivedDeliveries:
    """A receiver that got the same batches; the header names the code of the first event."""
    stub = ReceivingStub(lambda _: b"", ReceiverOptions())
    client = create(stub).test_client()
    for each in open_story("batch").payloads():
        headers = {"content-type": each.content_type, "x-adobe-event-code": each.events[0].code}
        client.post("/", data=each.body, headers=headers)
    return ReceivedDeliveries(stub, FAMILIES, "http://127.0.0.1")
