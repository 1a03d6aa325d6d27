"""Journals: where consumers pull events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flowsim.core.notification import Notification
from flowsim.core.registration import Registration
from flowsim.service.service import Service
from flowsim.stores.events import Events

from ..service import running
from ..service.custom_events import CODE, PROVIDER, custom_provider, publish, subscribe
from ..service.standing import advance

HOST = "http://localhost"
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def reader(service: Service) -> Registration:
    """A registration with a journal, for the events of a custom provider."""
    custom_provider(service)
    return subscribe(service)


@pytest.fixture
def url(service: Service, reader: Registration) -> str:
    return f"/events{path_of(service, reader)}"


@pytest.fixture
def get(api: FlaskClient, url: str) -> Callable[..., TestResponse]:
    """Read the journal, as ``get(since=…, limit=…)``."""

    def read(**query: object) -> TestResponse:
        return api.get(url, query_string=query)

    return read


def path_of(service: Service, registration: Registration) -> str:
    org, credential = registration.workspace.org, service.installation.credential_id
    return f"/organizations/{org}/integrations/{credential}/{registration.registration_id}"


def link(answer: TestResponse, rel: str) -> str:
    """Return a link as Adobe's SDK for Java finds it: one a line, path-absolute."""
    lines = answer.headers.getlist("link")
    found = [re.fullmatch(r'<(/[^>]*)>; rel="(\w+)"', line) for line in lines]
    paths = {each[2]: each[1] for each in found if each}
    assert len(paths) == len(lines)
    return paths[rel]


def walk(api: FlaskClient, url: str) -> Iterator[TestResponse]:
    """Follow the next links, each resolved as Adobe's SDK for Node does, until a 204."""
    while True:
        answer = api.get(url)
        yield answer
        url = urljoin(HOST + url, link(answer, "next")).removeprefix(HOST)
        if answer.status_code == 204:
            return


def events(answer: TestResponse) -> list[object]:
    return [each["event"]["data"] for each in answer.json["events"]]


def publish_all(service: Service, *data: object) -> None:
    for each in data:
        publish(service, each)


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


def test_an_empty_journal_is_a_204_that_says_when_to_come_again_and_where(
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


def test_the_node_sdk_adds_latest_to_next_links_and_gets_the_event_all_the_same(
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


def test_seek_begins_at_a_moment(get: Callable[..., TestResponse], service: Service) -> None:
    for hour in range(4):
        publish(service, hour)
        advance(service, HOUR)
    assert events(get(seek="-PT2H")) == [2, 3]
    assert events(get(seek="-PT1H59M59.9S")) == [3]
    assert events(get(seek="-P1000000D", limit=2)) == [0, 1]
    answer = get(seek="-PT1S")
    assert answer.status_code == 204
    assert link(answer, "next") == link(get(latest="true"), "next")


def test_events_are_kept_for_7_days_and_who_missed_some_is_told(
    get: Callable[..., TestResponse], service: Service
) -> None:
    for day in range(3):
        publish(service, day)
        advance(service, timedelta(days=1))
    first, second, third = [each["position"] for each in get().json["events"]]
    advance(service, timedelta(days=5, seconds=1))  # the first two are older than 7 days
    assert events(get()) == [2]
    assert events(get(seek="-P30D")) == [2]
    answer = get(since=first)
    assert answer.status_code == 410
    assert answer.content_type == "text/plain;charset=UTF-8"
    assert answer.text == f"Events at position {first} have expired.\n"
    assert events(get(since=second)) == [2]
    assert get(since=third).status_code == 204


def test_it_makes_no_difference_whether_expired_events_are_deleted_already(
    get: Callable[..., TestResponse], service: Service
) -> None:
    def answers() -> list[tuple[int, bytes]]:
        asked = [{}, {"latest": "true"}, {"seek": "-P9D"}, *({"since": each} for each in positions)]
        return [(each.status_code, each.data) for each in (get(**query) for query in asked)]

    begin = since_of(get(latest="true"))
    publish_all(service, 1, 2)
    advance(service, WEEK)
    publish_all(service, 3)
    positions = [begin, *(each["position"] for each in get().json["events"])]
    advance(service, timedelta(seconds=1))
    before = answers()
    assert [status for status, _ in before] == [200, 204, 200, 410, 410, 200, 204]
    with service.database.transaction() as connection:
        assert Events(service.database).delete_before(connection, service.clock.now() - WEEK, 9)
    assert answers() == before


@pytest.mark.parametrize("early", [[], ["early"]])
def test_who_waits_at_the_end_of_a_quiet_journal_may_go_on_waiting(
    get: Callable[..., TestResponse], service: Service, early: list[str]
) -> None:
    publish_all(service, *early)
    end = since_of(get(latest="true"))
    advance(service, 2 * WEEK)
    assert get(since=end).status_code == 204
    assert since_of(get()) == end
    publish(service, "late")
    assert events(get(since=end)) == ["late"]


def since_of(answer: TestResponse) -> str:
    return link(answer, "next").rpartition("since=")[2]


def test_a_page_is_cut_at_a_megabyte_and_a_half_and_nothing_is_lost(
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
    for validate in (f"{prefix}{path}/validate", f"/events-validate{path}"):
        assert events(api.get(f"{validate}?since={since}")) == [2]
        assert "since is missing" in api.get(validate).json["message"]
    assert events(api.get(link(answer, "validate"))) == [2]


def test_the_count_link_tells_how_many_events_are_to_be_read(
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
        ({"since": "x"}, "it has not the form of a position"),
        ({"since": ""}, "since is empty"),
        ({"limit": "0"}, "limit is '0'"),
        ({"seek": "PT2H"}, "seek is 'PT2H'"),
        ({"seek": "-PT2H", "since": "x"}, "exclude each other"),
        ({"latest": "maybe"}, "latest is 'maybe'"),
    ],
)
def test_a_query_that_makes_no_sense_is_a_400(
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
    assert answer.json["message"].endswith("it is no position of this journal")


def test_a_journal_that_does_not_exist_is_a_404(
    api: FlaskClient, service: Service, reader: Registration
) -> None:
    path = path_of(service, reader)
    answer = api.get(f"/events{path[:-1]}x")
    assert (answer.status_code, answer.json["reason"]) == (404, "Not Found")
    wrong = api.get(f"/events/organizations/1/integrations/2/{reader.registration_id}")
    assert (wrong.status_code, wrong.json["message"]) == (404, f"this journal is at /events{path}")


def test_the_journal_of_a_deleted_registration_can_be_read_to_its_end(
    get: Callable[..., TestResponse], service: Service, reader: Registration
) -> None:
    publish_all(service, 1)
    running.change(service, reader, deleted=True)
    publish_all(service, 2)
    assert events(get()) == [1]


def test_events_stay_as_they_were_published_when_their_provider_is_deleted(
    get: Callable[..., TestResponse], service: Service
) -> None:
    publish_all(service, 1)
    before = get().data
    with service.database.transaction() as connection:
        service.providers.delete(connection, PROVIDER)
    service.directory.forget()
    assert get().data == before


def test_one_journal_may_hold_events_of_both_formats(api: FlaskClient, service: Service) -> None:
    """The provider decides (1.7); members are named as the service's manner says."""
    custom_provider(service, event_delivery_format="adobe_io")
    reader = subscribe(service)
    provider = service.providers.find(PROVIDER)
    assert provider
    publish(service, {"order": 7})
    service.publishing.publish(provider, Notification(CODE, "messages", ["failed"]))
    page = api.get(f"/events{path_of(service, reader)}").json["events"]
    assert page[0]["event"]["event"] == {"order": 7}
    assert page[1]["event"]["messages"] == ["failed"]


def test_strict_wants_a_token_and_an_api_key_but_not_for_preflights(
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
