"""Running a scenario from its page, and watching what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flowsim.dashboard import service_dashboard
from flowsim.events_service import application as events_service
from flowsim.events_service.deliveries.history import StoredHistory
from flowsim.events_service.deliveries.history_filter import DeliveryFilter
from flowsim.events_service.local_service import LocalServiceOptions, run
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service

from ...cases import for_each
from ...events_service.registering import register
from ...events_service.running import settled
from ...webhook import Webhook
from ..reading import Element, parsed
from .conftest import Show

OWN = {"Origin": "http://localhost"}
JSON = {"accept": "application/json"}
PARTIAL = "/scenarios/partial"


def started(client: FlaskClient, path: str = PARTIAL, **form: Any) -> TestResponse:
    return client.post(path, data=form, headers=OWN)


def published(service: Service) -> int:
    return Events(service.database).last_seq()


def watched(answer: TestResponse) -> str:
    """Return the id of the run that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.location).query)["run"][0]


def run_of(show: Show, answer: TestResponse) -> Element:
    return show(answer.location.partition("#")[0]).one("section", id="run")


def test_a_run_publishes_and_leads_to_its_deliveries(
    client: FlaskClient, show: Show, service: Service
) -> None:
    registration = register(service)
    section = run_of(show, started(client))
    (found,) = StoredHistory(service.database).page(DeliveryFilter(), None, 10).rows
    links = {each.attributes["href"]: each.text for each in section.all("a")}
    assert links == {
        "/clock": "fast forward",
        f"/?text={found.event.event_id}": "sources_flow_run_success",
        f"/deliveries/{found.number}": registration.name,
    }
    assert "deliveries under way" in section.text
    assert section.attributes["hx-trigger"] == "every 2s"


def test_own_scenarios_run_with_options(
    client: FlaskClient, show: Show, service: Service, folder: Path
) -> None:
    """The content follows from seed, change and fault; the address keeps what was chosen."""
    register(service)
    (folder / "mine.yaml").write_text("events: [{flow_run: {records: {input: 100}}}]")
    form = {"seed": "5", "set": "flow_run.records.failed=60\r\n", "new": "counts-zero"}
    answer = started(client, "/scenarios/mine.yaml", **form)
    section = run_of(show, answer)
    assert "seed 5" in section.text
    assert "fault=counts-zero" in answer.location
    assert "set=flow_run.records.failed%3D60" in answer.location
    assert published(service) == 1


def test_only_chosen_registrations_get_the_events(
    client: FlaskClient, show: Show, service: Service
) -> None:
    """A registration that does not subscribe to an event gets none, chosen or not."""
    chosen = register(service, "chosen")
    register(service, "left out")
    other = register(service, "others", codes=("sources_flow_run_failed",))
    ids = [chosen.registration_id, other.registration_id]
    section = run_of(show, started(client, choice="1", registration=ids))
    assert "chosen" in section.text
    assert "left out" not in section.text
    assert "others" not in section.text
    boxes = show(PARTIAL).all("input", name="registration")
    assert all("checked" in each.attributes for each in boxes)


def test_mistakes_publish_nothing_and_keep_the_form(
    client: FlaskClient, service: Service, folder: Path
) -> None:
    register(service)
    (folder / "broken.yaml").write_text("events: [")
    answers = [
        started(client, seed="x"),
        started(client, set="seeed=1"),
        started(client, new="no-such-fault"),
        started(client, registration="unknown-registration"),
        started(client, set="events.0.repeat=10001"),
        started(client, "/scenarios/broken.yaml"),
    ]
    assert [each.status_code for each in answers] == [422] * 6
    assert parsed(answers[0].text).one("input", name="seed").attributes["value"] == "x"
    assert published(service) == 0


def test_a_run_needs_the_token_and_our_own_origin(
    app: Flask, client: FlaskClient, service: Service
) -> None:
    register(service)
    stranger = app.test_client()
    assert stranger.post(PARTIAL, headers=OWN).status_code == 403
    assert client.post(PARTIAL).status_code == 403
    foreign = {"Origin": "http://localhost:1234"}
    assert client.post(PARTIAL, headers=foreign).status_code == 403
    assert published(service) == 0
    page = parsed(stranger.get(PARTIAL).text)
    run_button = next(each for each in page.all("button") if each.text == "Run")
    assert "disabled" in run_button.attributes


def test_an_unknown_scenario_cannot_be_run(client: FlaskClient) -> None:
    for name in ("nothing", "..%2Fmine.yaml", "sources_flow_run_success"):
        assert started(client, f"/scenarios/{name}").status_code == 404


def test_a_run_without_takers_says_so(client: FlaskClient, show: Show) -> None:
    section = run_of(show, started(client))
    assert "no registration took them" in section.text
    assert "hx-trigger" not in section.attributes


def test_journals_and_filters_are_told_apart(
    client: FlaskClient, show: Show, service: Service
) -> None:
    register(service, "journal", webhook=None)
    register(service, "off", enabled=False)
    section = run_of(show, started(client))
    assert "off only in its journal, since it is switched off" in " ".join(section.text.split())
    assert "only journals have them" in section.text


def test_a_run_of_an_earlier_start_is_not_known(show: Show) -> None:
    page = show(f"{PARTIAL}?run=0123456789abcdef")
    assert "This run is not known any more" in page.text
    assert not page.all("section", id="run")


def test_a_poll_gets_nothing_until_something_is_new(client: FlaskClient, service: Service) -> None:
    register(service)
    address = f"{PARTIAL}?part=run&run={watched(started(client))}"
    first = client.get(address)
    version = parsed(first.text).one("section", id="run").attributes["hx-get"]
    assert client.get(version).status_code == 204
    started(client)
    assert client.get(version).status_code == 200
    assert client.get(f"{PARTIAL}?part=run&run=unknown").status_code == 204


def test_many_events_are_shown_in_part(client: FlaskClient, service: Service) -> None:
    register(service)
    done = started(client, set="events.0.repeat=120")
    shown = client.get(f"{PARTIAL}?run={watched(done)}", headers=JSON).json["run"]
    assert (len(shown["events"]), shown["more"], shown["run"]["event_count"]) == (50, 70, 120)


def test_a_run_ends_when_its_deliveries_have_ended(webhook: Webhook) -> None:
    """A real service delivers; the marks of its attempts come with the polls."""
    with run(LocalServiceOptions(clock="manual"), pages=service_dashboard.pages) as local:
        service = local.service
        app = events_service.create(service, pages=service_dashboard.pages(service))
        client = app.test_client()
        client.get(f"/scenarios?token={service_dashboard.access(service).token}")
        register(service, webhook=webhook.url)
        address = f"{PARTIAL}?part=run&run={watched(started(client))}"
        settled(local, 1)
        section = parsed(client.get(address).text).one("section", id="run")
        assert "all deliveries have ended" in section.text
        assert section.all("span", class_="status-2xx")
        assert "hx-trigger" not in section.attributes


@for_each(
    "typed",
    [
        {"registration": "x" * 5_000},
        {"registration": [f"id-{number}" for number in range(3_000)]},
        {"set": "x=" + "y" * 100_000},
        {"new": "[" * 100_000},
        {"fault": ["[" * 1_100] * 10},
    ],
)
def test_options_that_are_too_long_are_a_mistake_of_the_form(
    client: FlaskClient, service: Service, typed: dict[str, Any]
) -> None:
    """The options stand in the address of the run: a browser could not follow a longer one."""
    answer = started(client, **typed)
    assert answer.status_code == 422
    assert published(service) == 0


def test_the_form_of_a_registration_that_is_not_there_is_left_out(client: FlaskClient) -> None:
    answer = started(client, form="x" * 100_000)
    assert answer.status_code == 303
    assert "form" not in answer.headers["location"]
