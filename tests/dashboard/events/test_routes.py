"""The Events page over HTTP: as a document, as parts, and as JSON."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flowsim.dashboard import application, service_dashboard
from flowsim.dashboard.access import PageAccess
from flowsim.dashboard.application import Dashboard, PageEntry
from flowsim.dashboard.events import routes
from flowsim.dashboard.events.commands import FILE
from flowsim.events_service import application as events_service
from flowsim.events_service.control import timekeeping
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service
from flowsim.families.registry import shipped
from flowsim.web import application as web
from flowsim.web import hosts

from ...cases import for_each
from ...events_service.registering import register
from ...families.told import FIRST
from ...webhook import Webhook

SUCCESS = "/events/sources_flow_run_success"
CODES = [*shipped().event_codes()]
OWN = {"Origin": "http://localhost"}


@pytest.fixture
def app(service: Service) -> Flask:
    return events_service.create(service, pages=service_dashboard.pages(service))


@pytest.fixture
def client(app: Flask, service: Service) -> FlaskClient:
    made = app.test_client()
    made.get(f"/events?token={service_dashboard.access(service).token}")
    return made


def text_of(client: FlaskClient, path: str, **options: object) -> str:
    answer = client.get(path, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def json_of(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_the_catalogue_lists_every_event_code_with_a_link(client: FlaskClient) -> None:
    page = text_of(client, "/events")
    assert all(f'href="/events/{code}"' in page for code in CODES)


@for_each("code", FIRST)
def test_each_code_has_a_page_with_fields_and_both_formats(client: FlaskClient, code: str) -> None:
    page = text_of(client, f"/events/{code}")
    assert page.startswith("<!doctype html>")
    assert page.count("<code>adobe_io</code> <span") == page.count(
        "<code>cloud_events</code> <span"
    )
    assert f"flowsim replay {code}" in page or f"flowsim replay {FILE}" in page
    for path in [each["path"] for each in json_of(client, f"/events/{code}")["event"]["fields"]]:
        assert path in page


def test_the_pages_say_what_the_names_of_sources_are(client: FlaskClient) -> None:
    words = "Sources are the files of docs/adobe in the repository of flowsim."
    for path in ("/events", SUCCESS):
        assert text_of(client, path).count(words) == 1


def test_a_search_finds_words_of_code_label_and_provider(client: FlaskClient) -> None:
    found = json_of(client, "/events?text=Segment+JOB")
    codes = [each["code"] for family in found["families"] for each in family["codes"]]
    assert codes == ["segment_evaluation_job_info", "segment_evaluation_job_error"]
    assert '<details class="more codes">' in text_of(client, "/events")
    assert '<details class="more codes">' not in text_of(client, "/events?text=marketo")
    part = text_of(client, "/events?text=no-such-thing&part=list")
    assert "No event code has this text" in part
    assert "<html" not in part


def test_a_search_finds_paths_and_meanings_of_fields(client: FlaskClient) -> None:
    for text in ("failedRecordCount", "rejected+record"):
        found = json_of(client, f"/events?text={text}")
        codes = [each["code"] for family in found["families"] for each in family["codes"]]
        assert "sources_flow_run_success" in codes
        assert len(codes) < found["total"]


def test_an_unknown_code_is_a_404_that_says_where_all_are(client: FlaskClient) -> None:
    answer = client.get("/events/no_such_code")
    assert (answer.status_code, "/events lists all" in answer.text) == (404, True)


def test_chosen_options_change_page_and_json_alike(client: FlaskClient) -> None:
    query = "?chosen=1&say.records.input=640&say.records.failed=0"
    assert "640" in text_of(client, SUCCESS + query)
    shown = json_of(client, SUCCESS + query)["shown"]
    assert "input: 640" in shown["example"]["scenario"]
    assert "<html" not in text_of(client, f"{SUCCESS}{query}&part=example")


def test_a_wrong_option_is_explained_beside_its_field(client: FlaskClient) -> None:
    page = text_of(client, f"{SUCCESS}?chosen=1&say.status=<b>fine</b>&part=example")
    help_text = re.search(r'id="h-say.status">(.*?)</p>', page, re.DOTALL)
    assert help_text is not None
    assert "expected success, partialSuccess or failed" in help_text[1]
    assert "The example below is the last correct one" in page


def test_markup_in_options_is_shown_and_not_run(client: FlaskClient) -> None:
    query = "chosen=1&say.name=<script>alert(1)</script>&say.records.input=<img src=x onerror=a>"
    answer = client.get(f"{SUCCESS}?{query}")
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text


def test_no_page_has_inline_script_style_or_other_hosts(client: FlaskClient) -> None:
    for path in ("/events", SUCCESS):
        page = client.get(path).text
        assert " style=" not in page
        assert re.findall(r"<script(?![^>]* src=\"/assets/)", page) == []
        assert re.findall(r'(?:src|href|action)="(?!/|#)', page) == []
        assert re.findall(r"hx-on|js:", page) == []


def test_the_slider_applies_without_javascript_and_as_a_part(client: FlaskClient) -> None:
    page = text_of(client, f"{SUCCESS}?records=1000&failed=50&threshold=5&rule=strict")
    assert ">failed</span>" in page
    part = text_of(client, f"{SUCCESS}?records=1000&failed=49&threshold=5&part=run")
    assert ">success with errors</span>" in part
    assert "0 to 49: success with errors</span><span>50 to 200 (20 %): failed" in part
    assert "<form" not in part
    assert 'id="slider"' not in text_of(client, "/events/audit_events_info")


@for_each(
    ("query", "field", "words"),
    [
        ("records=7&failed=49", "failed", "Wrong: 49 failed records are more than the 7 records"),
        ("records=x", "records", "Wrong: 'x'; expected a whole number"),
        ("threshold=0", "threshold", "Wrong: 0; expected a number above 0"),
        ("rule=x", "rule", "Wrong: 'x'; expected strict or inclusive"),
    ],
)
def test_a_mistake_of_the_slider_is_explained_at_its_field(
    client: FlaskClient, query: str, field: str, words: str
) -> None:
    part = text_of(client, f"{SUCCESS}?{query}&part=slider")
    assert f'id="s-wrong-{field}"><span class="mistake">{words}' in part
    wrong = re.findall(r'id="(s-\w+)"[^>]* aria-invalid="true" aria-describedby="([\w-]+)"', part)
    assert wrong == [({"failed": "s-exact"}.get(field, f"s-{field}"), f"s-wrong-{field}")]


def test_an_example_is_published_to_a_chosen_registration(
    client: FlaskClient, service: Service
) -> None:
    mine = register(service, "mine")
    form = {"registration": mine.registration_id, "chosen": "1", "say.name": "acme"}
    answer = client.post(SUCCESS, data=form, headers=OWN)
    assert answer.status_code == 200, answer.text
    (kept,) = Events(service.database).entries(mine.key, 0, 10)
    assert kept.event.id[:8] in answer.text
    assert "published to the registration mine" in answer.text
    link = f"/?registration={mine.registration_id}&text={kept.event.id}"
    assert link in unescape(answer.text)
    assert ">mine (ACTIVE)</option>" in answer.text


def test_an_example_is_delivered_to_an_address(client: FlaskClient, webhook: Webhook) -> None:
    answer = client.post(f"{SUCCESS}?part=sent", data={"address": webhook.url}, headers=OWN)
    assert "1 request sent" in answer.text
    assert len(webhook.requests) == 1
    assert "<html" not in answer.text


def test_an_address_elsewhere_is_refused_with_a_sentence(client: FlaskClient) -> None:
    answer = client.post(SUCCESS, data={"address": "http://192.0.2.1/"}, headers=OWN)
    assert answer.status_code == 400
    assert "192.0.2.1 is not on this machine" in answer.text


def test_a_send_needs_our_own_origin_and_the_token(app: Flask, client: FlaskClient) -> None:
    stranger = app.test_client()
    for sender, headers in (
        (client, {}),
        (client, {"Origin": "http://evil.test"}),
        (stranger, OWN),
    ):
        answer = sender.post(SUCCESS, data={"address": "3000"}, headers=headers)
        assert answer.status_code == 403


@pytest.fixture
def alone(service: Service) -> FlaskClient:
    """Pages that have no service, as those of a receiver."""
    app, access = web.named("pages"), PageAccess("secret", "flowsim receive")
    hosts.guard(app, hosts.IN_PROCESS)
    dashboard = Dashboard("flowsim receive", shipped(), access, lambda: timekeeping.read(service))
    entry = PageEntry(routes.LINK, lambda made: routes.add_events(made, shipped(), None))
    application.mount(app, dashboard, [entry])
    made = app.test_client()
    made.get("/events?token=secret")
    return made


def test_without_a_service_examples_go_to_addresses_only(
    alone: FlaskClient, webhook: Webhook
) -> None:
    assert "To a registration" not in text_of(alone, SUCCESS)
    answer = alone.post(SUCCESS, data={"registration": "some"}, headers=OWN)
    assert (answer.status_code, "there is no service here" in answer.text) == (400, True)
    assert alone.post(SUCCESS, data={"address": webhook.url}, headers=OWN).status_code == 200


def test_without_the_token_nothing_can_be_sent_from_the_page(app: Flask, service: Service) -> None:
    register(service)
    page = text_of(app.test_client(), SUCCESS)
    assert re.findall(r"<button( disabled)?>(Publish|Deliver)", page) == [
        (" disabled", "Publish"),
        (" disabled", "Deliver"),
    ]


def test_what_is_sent_to_an_address_names_the_client_id_of_the_service(
    client: FlaskClient, service: Service, webhook: Webhook
) -> None:
    client.post(SUCCESS, data={"address": webhook.url}, headers=OWN)
    (request,) = webhook.requests
    assert json.loads(request.body)["recipient_client_id"] == service.installation.client_id


def test_commands_that_need_the_service_say_where_it_is(client: FlaskClient) -> None:
    commands = re.findall(r"<code>(flowsim trigger .+?)</code>", text_of(client, SUCCESS))
    assert len(commands) == 2
    assert all(each.endswith(" --service http://localhost") for each in commands)


def test_a_store_that_cannot_be_written_is_no_mistake_of_the_form(
    client: FlaskClient, service: Service
) -> None:
    chosen = register(service)
    with service.database.transaction() as connection:
        connection.execute("PRAGMA query_only = ON")
    answer = client.post(SUCCESS, data={"registration": chosen.registration_id}, headers=OWN)
    assert answer.status_code == 503
    assert "cannot be written" in answer.text


def test_the_parts_of_a_page_are_linked_in_its_order_by_their_headings(client: FlaskClient) -> None:
    page = text_of(client, SUCCESS)
    (tabs,) = re.findall(r'aria-label="Parts of this page">(.*?)</nav>', page, re.DOTALL)
    links = re.findall(r'href="#([\w-]+)">([^<]+)<', tabs)
    assert [name for _, name in links] == sorted(
        (name for _, name in links), key=lambda name: page.index(f">{name}</h")
    )
    assert all(page.count(f'id="{place}"') == 1 for place, _ in links)


def test_buttons_of_the_options_fold_with_them(client: FlaskClient) -> None:
    (folded,) = re.findall(
        r'<details.*?id="options-all".*?</details>', text_of(client, SUCCESS), re.DOTALL
    )
    assert "<button>Show this example</button>" in folded
    assert "Reset to the default example" in folded


def test_a_card_has_a_grade_only_if_its_code_is_not_documented(client: FlaskClient) -> None:
    cards = re.findall(r"<h3>.*?</h3>", text_of(client, "/events"))
    assert len(cards) == len(CODES)
    assert not [each for each in cards if "documented" in each]
