"""Journals: where consumers pull events."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flowsim.core.event import Notification
from flowsim.core.payload import provider_id
from flowsim.events_service import application as events_service
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service
from flowsim.web.server import Server

from .. import running
from ..custom_events import CODE, PROVIDER, custom_provider, publish, subscribe
from ..manual_clock import advance
from .reading import events, link, path_of, publish_all, since_of, walk

WEEK = timedelta(days=7)


def test_an_event_is_in_the_journal_as_it_would_be_delivered(
    get: Callable[..., TestResponse], service: Service, reader: Registration
) -> None:
    published = publish(service, {"order": 7})
    answer = get()
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.adobecloud.events+json;charset=UTF-8"
    assert answer.headers["cache-control"] == "max-age=604800"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-request-id"]
    (entry,) = answer.json["events"]
    assert f".{published.event.id}.0.1768469400." in entry["position"]
    assert [*entry["event"].items()] == [
        ("specversion", "1.0"),
        ("id", "7"),
        ("source", f"urn:uuid:{PROVIDER}"),
        ("type", CODE),
        ("eventid", published.event.id),
        ("event_id", published.event.id),
        ("recipient_client_id", reader.client_id),
        ("recipientclientid", reader.client_id),
        ("data", {"order": 7}),
    ]
    assert answer.json["_page"] == {"last": entry["position"], "count": 1}


def test_a_flow_run_is_in_the_journal_in_its_envelope(api: FlaskClient, service: Service) -> None:
    webhook = running.register(service, "http://127.0.0.1:9/")
    published = running.publish(service)
    answer = api.get(f"/events{path_of(service, webhook)}")
    assert answer.json["events"][0]["event"] == {
        "event_id": published.event.id,
        "eventid": published.event.id,
        "event": {"number": 1, "text": "x" * 10},
        "recipient_client_id": webhook.client_id,
        "recipientclientid": webhook.client_id,
    }


def test_a_failed_run_is_in_the_journal_without_the_array_around_it(
    api: FlaskClient, service: Service
) -> None:
    reader = running.register(service, None, "journal")
    provider = service.providers.find(provider_id(PLATFORM))
    assert provider is not None
    failure = Notification("sources_flow_run_failed", "messages", [{"value": {"id": "a run"}}])
    published = service.publishing.publish(provider, failure, only=reader)
    service.options.names = "new-only"
    answer = api.get(f"/events{path_of(service, reader)}")
    assert answer.json["events"][0]["event"] == {
        "eventid": published.event.id,
        "messages": [{"value": {"id": "a run"}}],
        "recipientclientid": reader.client_id,
    }


def test_an_empty_journal_is_a_204_with_retry_after_and_links(
    get: Callable[..., TestResponse], api: FlaskClient
) -> None:
    answer = get()
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["retry-after"] == "10"
    assert "cache-control" not in answer.headers
    assert api.get(link(answer, "next")).status_code == 204
    assert link(api.get(link(answer, "next")), "next") == link(answer, "next")


def test_following_the_next_links_gives_every_event_once_in_order(
    api: FlaskClient, url: str, service: Service
) -> None:
    publish_all(service, *range(25))
    *pages, end = walk(api, f"{url}?limit=10")
    assert [each for page in pages for each in events(page)] == [*range(25)]
    assert [page.json["_page"]["count"] for page in pages] == [10, 10, 5]
    assert end.status_code == 204
    publish_all(service, 25)
    assert events(api.get(link(end, "next"))) == [25]
    assert "limit=10" in link(end, "next")


def test_the_node_sdk_adds_latest_to_next_links_and_gets_the_event(
    api: FlaskClient, url: str, service: Service
) -> None:
    """What Adobe's own end-to-end test does with a new registration (5.3)."""
    first = api.get(f"{url}?latest=true")
    assert (first.status_code, first.headers["retry-after"]) == (204, "10")
    publish_all(service, "new")
    assert events(api.get(f"{link(first, 'next')}&latest=true")) == ["new"]


def test_latest_jumps_to_the_end(
    get: Callable[..., TestResponse], api: FlaskClient, service: Service
) -> None:
    publish_all(service, 1, 2)
    answer = get(latest="true", limit=5)
    assert answer.status_code == 204
    publish_all(service, 3)
    assert get(latest="true").status_code == 204
    assert events(api.get(link(answer, "next"))) == [3]
    assert events(get(latest="false")) == [1, 2, 3]


def test_since_is_exclusive_and_wins_over_latest(
    get: Callable[..., TestResponse], service: Service
) -> None:
    publish_all(service, 1, 2, 3)
    first = get().json["events"][0]["position"]
    assert events(get(since=first)) == [2, 3]
    assert events(get(since=first, latest="true")) == [2, 3]
    assert events(get(since=first, limit=1)) == [2]
    answer = get(since=get().json["_page"]["last"])
    assert (answer.status_code, answer.headers["retry-after"]) == (204, "10")


def test_a_page_ends_at_1_5_mb_and_no_event_is_lost(
    api: FlaskClient, url: str, service: Service
) -> None:
    sizes = [400_000] * 5 + [1_600_000, 10, 10]
    publish_all(service, *("x" * size for size in sizes))
    *pages, _ = walk(api, f"{url}?limit=100")
    assert [page.json["_page"]["count"] for page in pages] == [3, 2, 1, 2]
    assert [len(each) for page in pages for each in events(page)] == sizes  # type: ignore[arg-type]
    assert [len(page.data) <= 1_500_000 for page in pages] == [True, True, False, True]


def test_without_a_limit_a_page_has_100_events(
    get: Callable[..., TestResponse], service: Service
) -> None:
    publish_all(service, *range(101))
    assert get().json["_page"]["count"] == 100
    assert get(limit=101).json["_page"]["count"] == 101


@pytest.mark.parametrize("prefix", ["/events", "", "/events-fast"])
def test_every_address_of_adobes_documents_is_the_same_journal(
    api: FlaskClient, service: Service, reader: Registration, prefix: str
) -> None:
    publish_all(service, 1, 2)
    path = path_of(service, reader)
    answer = api.get(f"{prefix}{path}?limit=1")
    assert answer.data == api.get(f"/events{path}?limit=1").data
    since = since_of(answer).partition("&")[0]
    for validate, goes_on in (
        (f"{prefix}{path}/validate", f"{prefix}{path}"),
        (f"/events-validate{path}", f"/events{path}"),
    ):
        assert events(api.get(f"{validate}?since={since}")) == [2]
        assert "since is missing" in api.get(validate).json["message"]
        assert link(api.get(f"{validate}?since={since}"), "next").startswith(f"{goes_on}?")
    assert events(api.get(link(answer, "validate"))) == [2]
    assert link(answer, "next") == f"{prefix}{path}?since={since}&limit=1"
    end = api.get(f"{prefix}{path}?latest=true")
    again = api.get(link(end, "next"))
    assert (again.status_code, link(again, "next")) == (204, link(end, "next"))
    assert link(again, "next").startswith(f"{prefix}{path}?since=")


def test_the_count_link_counts_the_events_to_read(
    get: Callable[..., TestResponse], api: FlaskClient, service: Service
) -> None:
    publish_all(service, 1, 2, 3)
    answer = get(limit=1)
    assert api.get(link(answer, "count")).json == {"count": 2}
    advance(service, 2 * WEEK)
    assert api.get(link(answer, "count")).status_code == 410


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"since": "x"}, "it does not have the form of a position"),
        ({"since": ""}, "since is empty"),
        ({"limit": "0"}, "limit is '0'"),
        ({"seek": "PT2H"}, "seek is 'PT2H'"),
        ({"seek": "-PT2H", "since": "x"}, "exclude each other"),
        ({"latest": "maybe"}, "latest is 'maybe'"),
    ],
)
def test_an_invalid_query_is_a_400(
    get: Callable[..., TestResponse], query: dict[str, str], reason: str
) -> None:
    answer = get(**query)
    assert (answer.status_code, answer.json["reason"]) == (400, "Bad Request")
    assert reason in answer.json["message"]


def test_a_position_of_another_journal_is_a_400(
    get: Callable[..., TestResponse], api: FlaskClient, service: Service
) -> None:
    other = subscribe(service)
    publish(service)
    page = api.get(f"/events{path_of(service, other)}")
    answer = get(since=page.json["_page"]["last"])
    assert answer.status_code == 400
    assert answer.json["message"].endswith("it is not a position of this journal")


def test_a_journal_that_does_not_exist_is_a_404(
    api: FlaskClient, service: Service, reader: Registration
) -> None:
    path = path_of(service, reader)
    answer = api.get(f"/events{path[:-1]}x")
    assert (answer.status_code, answer.json["reason"]) == (404, "Not Found")
    wrong = api.get(f"/events/organizations/1/integrations/2/{reader.registration_id}")
    assert (wrong.status_code, wrong.json["message"]) == (404, f"this journal is at /events{path}")


def test_one_journal_may_hold_events_of_both_formats(api: FlaskClient, service: Service) -> None:
    """The provider decides (1.7); members are named as the service's options say."""
    custom_provider(service, event_delivery_format="adobe_io")
    reader = subscribe(service)
    provider = service.providers.find(PROVIDER)
    assert provider
    publish(service, {"order": 7})
    service.publishing.publish(provider, Notification(CODE, "messages", ["failed"]))
    page = api.get(f"/events{path_of(service, reader)}").json["events"]
    assert page[0]["event"]["event"] == {"order": 7}
    assert page[1]["event"]["messages"] == ["failed"]


def test_each_link_is_a_header_line_of_its_own(service: Service, url: str) -> None:
    """Adobe's SDK for Java finds one link in a line (5.6)."""
    publish_all(service, 1)
    with Server(events_service.create(service), "127.0.0.1", 0) as server:
        connection = HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", url)
        answer = connection.getresponse()
        lines = [value for name, value in answer.getheaders() if name.lower() == "link"]
        assert json.loads(answer.read())["_page"]["count"] == 1
        connection.close()
    assert len(lines) == 7
    assert all(line.startswith("</") and line.count(";") == 1 for line in lines)


def test_strict_requires_token_and_api_key_except_for_preflights(
    strict: FlaskClient, service: Service, url: str
) -> None:
    own = service.installation
    token = {"authorization": f"Bearer {own.token}"}
    assert strict.get(url).status_code == 401
    assert strict.get(url, headers=token).status_code == 403
    assert strict.get(url, headers={**token, "x-api-key": own.client_id}).status_code == 204
    preflight = strict.options(url)
    assert preflight.status_code == 200
    assert "x-api-key" in preflight.headers["access-control-allow-headers"]


def test_a_store_that_does_not_answer_is_a_503(
    get: Callable[..., TestResponse], service: Service
) -> None:
    service.database.close()
    assert get().status_code == 503


QUERIES = st.dictionaries(
    st.sampled_from(["since", "latest", "seek", "limit", "x"]),
    st.sampled_from(["true", "-PT1H", "7", "-P999999999W"]) | st.text(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES, st.booleans())
def test_no_query_breaks_the_service(
    get: Callable[..., TestResponse], query: dict[str, str], with_position: bool
) -> None:
    known = {"since": since_of(get(latest="true"))} if with_position else {}
    answer = get(**(query | known))
    assert answer.status_code in (204, 400)
    assert answer.status_code == 204 or json.loads(answer.data)["message"].isprintable()
