"""The filter of a registration is tried and saved; its journal is read as a client reads it."""

from __future__ import annotations

import json
from typing import Any

from flowsim.core.event import Notification
from flowsim.events_service.registrations.model import Registration

from ...cases import for_each
from ...events_service.custom_events import CODE, custom_provider, subscribe
from .visiting import Html, Visitor


def orders(visitor: Visitor, *totals: int) -> Registration:
    """Return a registration for orders, after some were published to it."""
    provider = custom_provider(visitor.service)
    made = subscribe(visitor.service)
    for total in totals:
        content = {
            "specversion": "1.0",
            "id": f"order-{total}",
            "source": provider.source,
            "type": CODE,
            "data": {"total": total},
        }
        visitor.service.publishing.publish(provider, Notification(CODE, "cloud_event", content))
    return made


def path_of(made: Registration, part: str) -> str:
    return f"/registrations/{made.registration_id}/{part}"


LARGE = '{"data": {"total": [{"numeric": [">", 100]}]}}'


def typed(do: str, text: str = LARGE, **more: str) -> dict[str, str]:
    return {"do": do, "name": "large", "description": "", "subscriber_filter": text, **more}


def test_a_filter_is_tried_on_the_latest_events_and_on_a_sample(visitor: Visitor) -> None:
    made = orders(visitor, 50, 150)
    sample = json.dumps({"specversion": "1.0", "data": {"total": 101}})
    path = path_of(made, "filter")
    answer = visitor.post(path, typed("try", sample=sample), accept="application/json")
    tried = answer.json()["tried"]
    published = [each["verdict"] for each in tried if each["source"] == "event"]
    assert sorted(published) == ["passes", "refused"]
    assert [each["verdict"] for each in tried if each["source"] == "typed"] == ["passes"]
    page = Html(visitor.post(path, typed("try", sample="no JSON")).text)
    assert all(words in page.text for words in ("passes", "is refused", "no JSON object"))
    assert LARGE in page.text
    assert visitor.twin(path)["filter_id"] == ""


def test_a_filter_is_saved_replaced_and_deleted(visitor: Visitor) -> None:
    made = orders(visitor)
    path = path_of(made, "filter")
    for text in (LARGE, '{"data": {"total": [1]}}'):
        answer = visitor.post(path, typed("save", text))
        assert answer.headers["location"].endswith("?done=filtered")
        assert visitor.twin(path)["filter"]["subscriber_filter"] == text
    assert visitor.post(path, typed("delete")).headers["location"].endswith("?done=unfiltered")
    assert visitor.twin(path)["filter_id"] == ""
    assert visitor.post(path, typed("delete")).status_code == 404


@for_each(
    "content", [typed("save", "{"), typed("try", "[]"), typed("save", name="x"), typed("eat")]
)
def test_a_filter_that_is_refused_is_shown_as_it_was_typed(
    visitor: Visitor, content: dict[str, str]
) -> None:
    answer = visitor.post(path_of(orders(visitor), "filter"), content)
    assert answer.status_code == 400
    page = Html(answer.text)
    assert "The filter cannot be used:" in page.text
    assert "subscriber_filter.subscriber_filter" not in page.text
    assert content["subscriber_filter"] in page.text


def pages_of(visitor: Visitor, path: str) -> list[dict[str, Any]]:
    """Return all pages of a journal, one after the other by their next links."""
    found = [visitor.twin(path)]
    while found[-1]["status"] == 200:
        page = path.partition("?")[0]
        found.append(visitor.twin(f"{page}?{found[-1]['next']}"))
    return found


def test_the_journal_is_read_page_by_page_as_a_client_reads_it(visitor: Visitor) -> None:
    made = orders(visitor, 1, 2, 3, 4, 5)
    path = path_of(made, "journal")
    pages = pages_of(visitor, f"{path}?limit=2")
    assert [len(each["entries"]) for each in pages] == [2, 2, 1, 0]
    assert [each["count"] for each in pages] == [3, 1, 0, 0]
    totals = [row["event"]["data"]["total"] for each in pages for row in each["entries"]]
    assert totals == [1, 2, 3, 4, 5]
    first = pages[0]
    answer = visitor.get(first["address"], **{"x-api-key": made.client_id})
    assert [each["position"] for each in answer.json()["events"]] == [
        row["position"] for row in first["entries"]
    ]
    assert any(
        f'<{each["address"]}>; rel="next"' in answer.headers["link"]
        for each in first["answer_links"]
        if each["rel"] == "next"
    )
    html = visitor.html(f"{path}?limit=2")
    assert "2 events on this page, 3 after it." in html.text
    assert html.one("a", rel="next")["href"] == f"{path}?{first['next']}"


def test_the_form_of_the_journal_takes_what_a_client_may_ask(visitor: Visitor) -> None:
    made = orders(visitor, 1, 2)
    path = path_of(made, "journal")
    assert visitor.twin(f"{path}?latest=true")["status"] == 204
    assert "the end of the journal" in visitor.html(f"{path}?latest=true").text
    seen = visitor.twin(f"{path}?seek=-PT2H&since=&limit=1")
    assert len(seen["entries"]) == 1


@for_each("query", ["seek=2h", "limit=0", "since=moose", "since=x&seek=-PT1H", "latest=yes"])
def test_a_query_that_is_refused_stays_in_the_form(visitor: Visitor, query: str) -> None:
    path = path_of(orders(visitor), "journal")
    page = visitor.html(f"{path}?{query}", status=400)
    assert "400:" in page.text
    name, _, value = query.partition("&")[0].partition("=")
    if name != "latest":
        assert page.one("input", name=name)["value"] == value
