"""Deliveries of every shipped scenario, saved from the dashboard while the clock went on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from flowsim.captures.carried_event import carried_in
from flowsim.dashboard.deliveries.saving import saved_scenario
from flowsim.families.registry import shipped as shipped_families
from flowsim.files.shipped_scenarios import shipped
from flowsim.story.opening import open_story

from ...cases import for_each
from ...webhook import Webhook, echo
from ..reading import PageReader
from ..service_with_pages import ServiceWithPages
from .test_saving import headers_of

MOST = 1
"""How many deliveries of one event code and registration are saved of one scenario."""

REPLAYED_ONLY = {"faults-of-keys", "faults-tolerated"}
"""Scenarios with faults that no delivery of a service can have."""


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceWithPages]:
    """A service with one registration for each delivery type."""
    with Webhook([echo]) as webhook, ServiceWithPages() as running:
        codes = sorted(running.local.service.families.event_codes())
        running.register(webhook.url, name="single", events=codes)
        running.register(webhook.url, name="batches", events=codes, batch=True)
        yield running


@pytest.mark.slow
@for_each("name", sorted({*shipped()} - REPLAYED_ONLY))
def test_each_saved_delivery_replays_the_same_content(
    service: ServiceWithPages, name: str, tmp_path: Path
) -> None:
    """The story of the scenario is at another time than its delivery."""
    saved_numbers = []
    with PageReader(service.local) as reader:
        before = newest(reader)
        service.advance("3h")
        service.trigger(name)
        service.advance("7m")
        for number in chosen(reader, before):
            body = reader.get(f"/deliveries/{number}/body").content
            saved = reader.get(f"/deliveries/{number}/scenario")
            if saved.status_code == 400:
                assert may_be_refused(body), number
                continue
            file = tmp_path / f"{number}.yaml"
            file.write_bytes(saved.content)
            (again,) = open_story(str(file)).payloads()
            assert contents(again.body) == contents(body)
            saved_numbers.append(number)
    assert saved_numbers


@for_each("name", sorted(REPLAYED_ONLY))
def test_what_a_receiver_gets_of_a_replay_is_saved_later(name: str, tmp_path: Path) -> None:
    for payload in islice(open_story(name).payloads(), 8):
        later = payload.events[0].time + timedelta(hours=3)
        saved = saved_scenario(headers_of(payload), payload.body, later, shipped_families())
        (tmp_path / "saved.yaml").write_text(saved.text)
        (again,) = open_story(str(tmp_path / "saved.yaml")).payloads()
        assert contents(again.body) == contents(payload.body)


def may_be_refused(body: bytes) -> bool:
    """Return whether no scenario can have a body: it is no JSON, or a batch of many moments."""
    try:
        content = json.loads(body)
    except ValueError:
        return True
    messages = [each["messages"][0] for each in content if "messages" in each]
    return len({each["timestamp"] for each in messages}) > 1


def test_what_cannot_be_saved_is_refused_in_a_page(service: ServiceWithPages) -> None:
    service.trigger({"events": [{"flow_run": {"status": "success"}, "faults": ["broken-json"]}]})
    with PageReader(service.local) as reader:
        page = reader.page(f"/deliveries/{newest(reader)}/scenario", 400)
    assert "the body is not JSON in UTF-8, so download the request instead" in page.text


def newest(reader: PageReader) -> int:
    return int(reader.twin("/")["newest"])


def chosen(reader: PageReader, after: int) -> list[int]:
    """Return numbers of the deliveries that came, a few of each event code and registration."""
    rows = reader.twin("/")["deliveries"]["rows"]
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if row["number"] > after:
            found.setdefault((row["event_code"], row["registration"]), []).append(row["number"])
    return [number for numbers in found.values() for number in numbers[:MOST]]


def contents(body: bytes) -> list[Any]:
    """Return content and id of each event in a body."""
    content = json.loads(body)
    found = map(carried_in, content if isinstance(content, list) else [content])
    return [(each.content, each.element.get("eventid")) for each in found if each is not None]
