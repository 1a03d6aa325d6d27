"""The forms of a registration: what is typed is kept, and refusals are those of the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from flowsim.core.printable import printable_lines
from flowsim.dashboard.registrations.forms import TypedRegistration
from flowsim.errors import ApiError
from flowsim.events_service.filters import actions as filtering
from flowsim.events_service.registrations import actions as registrations

from ...cases import for_each
from ...events_service.custom_events import CODE, custom_provider, subscribe
from ...events_service.registering import register
from ...webhook import Webhook, echo
from .test_one import created, page_of, typed
from .visiting import Html, Visitor

HOSTILE = "\"><script>alert(1)</script>' onfocus=x \u202eevil"


def test_a_webhook_is_registered_by_the_form(visitor: Visitor) -> None:
    form = visitor.html("/registrations/new")
    own = visitor.service.installation
    assert form.one("input", name="client_id")["value"] == own.client_id
    with Webhook([echo]) as webhook:
        path = created(visitor, "mine", webhook.url)
        assert "challenge=" in webhook.requests[0].line
    seen = visitor.twin(path)
    assert seen["registration"]["status"] == "ACTIVE"
    assert {each["event_code"] for each in seen["interests"]} == {
        "sources_flow_run_success",
        "sources_flow_run_failed",
    }


@for_each("before", ["", ":", "localhost:", "127.0.0.1:"])
def test_a_webhook_is_typed_as_for_the_command(visitor: Visitor, before: str) -> None:
    with Webhook([echo]) as webhook:
        port = webhook.url.split(":")[2].partition("/")[0]
        path = created(visitor, f"short {before}", f"{before}{port}/ok2")
        host = "localhost" if before.startswith("localhost") else "127.0.0.1"
        found = visitor.twin(path)["registration"]
        assert (found["webhook_url"], found["status"]) == (f"http://{host}:{port}/ok2", "ACTIVE")
        shown = visitor.twin(f"{path}/edit")["typed"]
        changed = visitor.post(f"{path}/edit", {**shown, "webhook_url": f"{before}{port}/ok3"})
        assert changed.status_code == 303
        assert visitor.twin(path)["registration"]["webhook_url"].endswith("/ok3")


REFUSED: dict[str, dict[str, Any]] = {
    "a short name": {"name": "ab"},
    "no event": {"events": []},
    "an unknown event": {"events": ["nowhere/no.such.code"]},
    "another machine": {"webhook_url": "http://192.0.2.7/hook"},
    "no address": {"webhook_url": ""},
    "a type that is none": {"delivery_type": "pigeon"},
    "a webhook for EventBridge": {"delivery_type": "aws_eventbridge", "aws_region": "x"},
    "a filter that is none": {"subscriber_filter": "{"},
    "markup": {"client_id": HOSTILE},
}


@for_each("change", REFUSED.values())
def test_what_the_api_refuses_is_shown_with_what_was_typed(
    visitor: Visitor, change: dict[str, Any]
) -> None:
    service = visitor.service
    sent = {**typed(visitor, "a name to keep", "http://127.0.0.1:9/hook"), **change}
    answer = visitor.post("/registrations/new", sent)
    read = TypedRegistration.of(MultiDict(sent), TypedRegistration())
    with pytest.raises(ApiError) as refused:
        registrations.create(service, service.installation.place, read.content(), visitor.up.url)
    assert answer.status_code == refused.value.status_code
    page = Html(answer.text)
    assert " ".join(str(refused.value).split()) in page.text
    for name in ("name", "webhook_url", "client_id"):
        assert page.one("input", name=name)["value"] == str(sent[name]).replace("\u202e", "\\u202e")
    assert [each for each in page.all("script") if "src" not in each] == []
    assert service.registrations.all() == []


def test_a_name_that_is_taken_leads_to_the_registration_that_has_it(visitor: Visitor) -> None:
    made = register(visitor.service, "taken", webhook=None)
    answer = visitor.post("/registrations/new", typed(visitor, "taken", "http://127.0.0.1:9/hook"))
    assert answer.status_code == 409
    assert f'href="{page_of(made)}"' in answer.text


def test_a_program_gets_refusals_as_the_api_writes_them(visitor: Visitor) -> None:
    content = typed(visitor, "ab", "http://127.0.0.1:9/hook")
    answer = visitor.post("/registrations/new", content, accept="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("name: 'ab'")


def test_an_edit_keeps_the_filter_and_may_be_refused_for_it(visitor: Visitor) -> None:
    """What the form does not show is not changed: here a filter for events in CloudEvents."""
    service = visitor.service
    provider = custom_provider(service)
    made = subscribe(service, name="before")
    path, text = page_of(made), '{"data": {"total": [1]}}'
    filtering.create(service, made, {"name": "mine", "subscriber_filter": text})
    shown = visitor.twin(f"{path}/edit")["typed"]
    assert shown["events"] == [f"{provider.id}/{CODE}"]
    assert visitor.post(f"{path}/edit", {**shown, "name": "after"}).status_code == 303
    assert visitor.twin(path)["registration"]["name"] == "after"
    assert filtering.describe(service, made)[0]["subscriber_filter"] == text
    flow_runs = visitor.twin("/registrations/new")["typed"]["events"]
    refused = visitor.post(f"{path}/edit", {**shown, "events": flow_runs})
    assert refused.status_code == 400
    assert "expected CloudEvents only" in refused.text


@for_each("name", ["abc\u202egnp.exe", "two\nlines \U000e0001", "tab\there", "back\\slash \\u202e"])
def test_a_form_that_is_sent_unchanged_changes_nothing(visitor: Visitor, name: str) -> None:
    """A page shows unprintable characters as escapes; they must not come back as text."""
    service = visitor.service
    made = register(service, name, webhook=None, description=f"{name}\nmore")
    path = f"{page_of(made)}/edit"
    page = visitor.html(path)
    events = [each["value"] for each in page.all("input", name="events") if "checked" in each]
    description = f"{printable_lines(name)}\r\nmore"
    sent = {"name": page.one("input", name="name")["value"], "description": description}
    assert (
        visitor.post(
            path, {**sent, "delivery_type": "journal", "webhook_url": "", "events": events}
        )
        .headers["location"]
        .endswith("?done=changed")
    )
    after = service.registrations.find(made.registration_id)
    assert after == replace(made, updated=after.updated if after else made.updated)


def test_a_saved_edit_runs_the_challenge(visitor: Visitor) -> None:
    with Webhook([echo]) as webhook:
        path = created(visitor, "before", webhook.url)
        visitor.post(f"{path}/disable")
        shown = visitor.twin(f"{path}/edit")["typed"]
        webhook.requests.clear()
        answer = visitor.post(f"{path}/edit", {**shown, "name": "after"})
        assert answer.headers["location"] == f"{path}?done=changed"
        assert "challenge=" in webhook.requests[0].line
    seen = visitor.twin(path)["registration"]
    assert (seen["name"], seen["enabled"], seen["status"]) == ("after", False, "ACTIVE")


def test_events_are_found_by_a_text_and_chosen_ones_stay(visitor: Visitor) -> None:
    def values(query: str) -> set[str]:
        page = visitor.html(f"/registrations/new?{query}")
        return {str(each["value"]) for each in page.all("input", type="checkbox", name="events")}

    every = values("")
    chosen = next(each for each in every if each.endswith("sources_flow_run_success"))
    found = values(f"name=kept&find=SEGMENT&events={chosen}")
    assert chosen in found
    others = found - {chosen}
    assert others
    assert others < every
    assert values("name=x&find=no-such-event-anywhere") == set()
    page = visitor.html(f"/registrations/new?name=kept&find=segment&events={chosen}")
    assert page.one("input", name="name")["value"] == "kept"
    part = visitor.get(f"/registrations/new?part=events&name=kept&find=segment&events={chosen}")
    assert "<html" not in part.text
    assert 'id="events"' in part.text


WRITES = ("new", "ID/edit", "ID/disable", "ID/enable", "ID/validate", "ID/delete", "ID/filter")


@for_each("write", WRITES)
def test_a_write_needs_the_token_and_our_own_origin(visitor: Visitor, write: str) -> None:
    service = visitor.service
    made = register(service, f"stays at {write}", webhook=None)
    before = service.registrations.all()
    path = f"/registrations/{write.replace('ID', made.registration_id)}"
    content = {**typed(visitor, "other", ""), "delivery_type": "journal", "do": "delete"}
    stranger = Visitor(visitor.up)
    assert stranger.post(path, content).status_code == 403
    for origin in ("http://127.0.0.1:1", "http://evil.example", "null"):
        assert visitor.post(path, content, origin=origin).status_code == 403
    missing = visitor.session.post(visitor.up.url + path, data=content, timeout=30)
    assert missing.status_code == 403
    assert service.registrations.all() == before


def test_without_the_token_forms_are_shown_and_disabled(visitor: Visitor) -> None:
    path = page_of(register(visitor.service, "seen", webhook=None))
    stranger = Visitor(visitor.up)
    for address in ("/registrations/new", path, f"{path}/edit", f"{path}/delete", f"{path}/filter"):
        page = stranger.html(address)
        for each in page.all("button"):
            is_search = each.get("formmethod") == "get" or "data-copy" in each
            assert is_search or "disabled" in each
        assert "open the address behind" in page.text
