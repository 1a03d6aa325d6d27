"""Runs of checks that a page starts, watches and ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from flowsim.checks import catalogue
from flowsim.dashboard import service_dashboard
from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalService
from flowsim.events_service.registrations.model import Registration

from ...consumers.app import Running, running
from ...consumers.correct import CorrectConsumer
from ...consumers.mistakes import MISTAKES
from ...events_service.running import PATIENCE, publish, register, settled, until
from ...free_ports import free_port
from ...webhook import Request, Webhook, status
from ..reading import Element, PageReader, parsed
from .conftest import MANUAL


def progress(reader: PageReader) -> dict[str, Any]:
    found: dict[str, Any] = reader.twin("/checks")["progress"]
    return found


def start(reader: PageReader, *names: str, **form: Any) -> None:
    answer = reader.submit("/checks/run", check=[*names], **form)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/checks"), answer.text


def ended(reader: PageReader) -> dict[str, Any]:
    """Return the twin of the report, once the run has ended."""
    until(lambda: progress(reader)["state"] == "ended")
    assert progress(reader)["problem"] == ""
    found: dict[str, Any] = reader.twin("/checks/report")
    return found


def row_of(report: Element, name: str) -> Element:
    return report.one("li", id=name)


@pytest.fixture
def stuck() -> Iterator[tuple[Webhook, threading.Event]]:
    """A webhook whose first answer comes when the event is set."""
    released = threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    with Webhook([late]) as webhook:
        yield webhook, released
        released.set()


def test_all_shipped_checks_are_listed_with_claim_and_why(reader: PageReader) -> None:
    page = reader.page("/checks")
    boxes = page.all("input", name="check")
    assert [each.attributes["value"] for each in boxes] == [*catalogue.names()]
    check = catalogue.find("tampered-body")
    text = page.one("table", class_="check-list").text
    assert " ".join(check.claim.split()) in text
    assert " ".join(check.why.split()) in text
    assert reader.page("/checks?text=no+such+words").one("p", class_="empty")


def test_a_filter_lists_and_runs_its_checks_only(reader: PageReader) -> None:
    page = reader.page("/checks?group=challenge&level=must")
    boxes = page.all("input", name="check")
    assert {catalogue.find(each.attributes["value"]).group for each in boxes} == {"challenge"}
    form = page.one("form", id="check-form")
    assert form.one("input", name="group").attributes["value"] == "challenge"
    assert f"Run the {len(boxes)} listed" in form.text


def test_a_correct_webhook_is_checked_where_it_fetches_its_keys(
    reader: PageReader, orders: Registration, correct: Running
) -> None:
    """It is configured for the service: keys and validation URLs of the run are there too."""
    names = ("challenge", "keys-rotated", "tampered-body", "validation-post", "duplicate")
    start(reader, *names, registration=orders.registration_id, processed=correct.processed)
    found = ended(reader)
    verdicts = {each["name"]: each["verdict"] for each in found["results"]}
    assert verdicts == dict.fromkeys(("answers", *names), "passed")
    assert (found["verdict"], found["exit_code"]) == ("ok", 0)
    report = reader.page("/checks/report")
    assert "ok" in report.one("div", class_="success").text
    assert report.all("h2")[0].text == "Passed: 6"
    assert reader.page("/checks").one("section", id="run").one("a").text == "Read the report"


def test_a_mistake_is_shown_with_what_was_sent_and_advice(
    local: LocalService, reader: PageReader
) -> None:
    mistaken = MISTAKES["takes-any-recipient"](local.service.installation.client_id, local.url)
    with running(mistaken) as consumer:
        orders = register(local.service, consumer.url, name="orders")
        start(reader, "foreign-recipient", "tampered-body", registration=orders.registration_id)
        found = ended(reader)
    assert found["exit_code"] == 1
    report = reader.page("/checks/report")
    row = row_of(report, "foreign-recipient")
    assert row.one("summary").one("span", class_="is-bad").text == "failed"
    labels = [each.text for each in row.all("dt")]
    assert labels == ["Sent", "Expected", "Received", "What to do", "Why"]
    assert " ".join(catalogue.find("foreign-recipient").advice.split()) in row.text
    again = row.one("code").text
    assert again.startswith("flowsim check ")
    assert "--again foreign-recipient" in again
    assert f"--client-id {local.service.installation.client_id}" in again


def test_a_check_that_is_not_judged_is_never_shown_as_passed(
    reader: PageReader, orders: Registration
) -> None:
    start(reader, "duplicate", "restart-loss", registration=orders.registration_id)
    found = ended(reader)
    report = reader.page("/checks/report")
    for each in found["results"]:
        badge = row_of(report, each["name"]).one("summary").all("span", class_="badge")[0]
        assert badge.text == each["verdict"]
        assert ("is-good" in badge.attributes["class"]) == (each["verdict"] == "passed")
    verdicts = {each["name"]: each["verdict"] for each in found["results"]}
    assert verdicts["duplicate"] == verdicts["restart-loss"] == "not judged"


def test_the_report_can_be_downloaded_in_the_formats_of_the_command(
    reader: PageReader, orders: Registration
) -> None:
    assert reader.page("/checks/report", 404)
    start(reader, "tampered-body", registration=orders.registration_id)
    found = ended(reader)
    lines = reader.get("/checks/report/json").text.splitlines()
    assert [json.loads(each)["type"] for each in lines] == ["check", "check", "summary"]
    suites = ElementTree.fromstring(reader.get("/checks/report/junit").content)
    assert suites.get("tests") == str(found["checks"])
    page = reader.get("/checks/report/html")
    assert page.headers["content-disposition"] == 'attachment; filename="flowsim-check.html"'
    assert page.text.startswith("<!doctype html>")
    assert reader.page("/checks/report/passwd", 404)


def test_a_second_run_is_refused_while_one_is_under_way(
    reader: PageReader, stuck: tuple[Webhook, threading.Event]
) -> None:
    webhook, released = stuck
    start(reader, "tampered-body", url=webhook.url)
    until(lambda: bool(webhook.requests))
    refused = reader.submit("/checks/run", url=webhook.url)
    assert refused.status_code == 409
    assert "a run of checks is under way" in refused.text
    assert progress(reader)["number"] == 1
    page = reader.page("/checks")
    assert "0 of 2 checks sent" in page.one("section", id="run").text
    assert "disabled" in page.one("form", id="check-form").one("button").attributes
    released.set()
    ended(reader)


def test_a_cancelled_run_ends_and_its_report_says_so(
    reader: PageReader, stuck: tuple[Webhook, threading.Event]
) -> None:
    webhook, _ = stuck
    start(reader, url=webhook.url)
    until(lambda: bool(webhook.requests))
    assert reader.submit("/checks/cancel").headers["location"] == "/checks"
    found = ended(reader)
    assert found["verdict"].startswith("stopped")
    assert found["exit_code"] == 130
    assert "stopped" in reader.page("/checks").one("div", class_="error").text
    assert reader.submit("/checks/cancel").status_code == 303  # nothing is left to be cancelled


def test_a_run_ends_with_the_service(stuck: tuple[Webhook, threading.Event]) -> None:
    webhook, _ = stuck
    with (
        local_service.run(MANUAL, pages=service_dashboard.pages) as local,
        PageReader(local) as reader,
    ):
        start(reader, url=webhook.url)
        until(lambda: bool(webhook.requests))
    assert not [each for each in threading.enumerate() if each.name == "checks"]


def test_a_run_leaves_deliveries_of_the_service_alone(
    local: LocalService, reader: PageReader, orders: Registration, correct: Running
) -> None:
    """Both go on at once; what a run sends is no delivery of the service."""
    start(reader, "burst", registration=orders.registration_id)
    until(lambda: progress(reader)["state"] != "none")
    publish(local.service)
    ended(reader)
    attempts = settled(local, 1)
    assert [each.status_code for each in attempts] == [200]
    assert correct.webhook.processed(attempts[0].event_id) == 1


def test_a_page_that_is_up_to_date_gets_no_content(
    reader: PageReader, stuck: tuple[Webhook, threading.Event]
) -> None:
    idle = reader.page("/checks").one("section", id="run").attributes["hx-get"]
    assert reader.get(idle).status_code == 204
    webhook, released = stuck
    start(reader, "tampered-body", url=webhook.url)
    part = reader.page(idle)
    assert [each.name for each in part.children] == ["section"]
    assert webhook.url in part.text
    released.set()
    ended(reader)
    assert reader.get(part.children[0].attributes["hx-get"]).status_code == 200


def test_a_webhook_that_is_away_is_named_in_the_report(reader: PageReader) -> None:
    start(reader, "tampered-body", url=f"{free_port()}/hook")
    found = ended(reader)
    assert "connection refused" in found["headline"]
    assert found["exit_code"] == 1


def test_a_mistake_in_the_form_keeps_what_was_typed(reader: PageReader) -> None:
    answer = reader.submit(
        "/checks/run",
        url="http://<b>.example/",
        processed="x",
        check=["duplicate"],
        thorough="on",
        group="identity",
    )
    assert answer.status_code == 422
    page = parsed(answer.text)
    assert page.one("div", role="alert").text.startswith("The run was not started:")
    form = page.one("form", id="check-form")
    assert form.one("input", name="url").attributes["value"] == "http://<b>.example/"
    assert "checked" in form.one("input", name="thorough").attributes
    ticked = [each for each in page.all("input", name="check") if "checked" in each.attributes]
    assert [each.attributes["value"] for each in ticked] == ["duplicate"]
    assert progress(reader)["number"] == 0


def test_pages_offer_no_command_and_no_file(reader: PageReader) -> None:
    """A form that names them all the same asks for nothing."""
    page = reader.page("/checks")
    names = {each.attributes.get("name", "") for each in page.all("input")}
    assert not names & {"processed_command", "state_command", "restart", "own", "cacert", "targets"}
    with Webhook() as webhook:
        start(
            reader,
            "answers",
            url=webhook.url,
            processed_command="touch /tmp/no {event_id}",
            restart="touch /tmp/no",
        )
        found = ended(reader)
    assert "--processed-command" not in found["command"]
    assert "--restart" not in found["command"]


@pytest.mark.parametrize("path", ["/checks/run", "/checks/cancel"])
def test_a_change_needs_the_token_and_our_origin(local: LocalService, path: str) -> None:
    with PageReader(local, knows_token=False) as stranger:
        assert stranger.submit(path, url="3000/hook").status_code == 403
        assert "disabled" in (
            stranger.page("/checks").one("form", id="check-form").one("button").attributes
        )
    with PageReader(local) as reader:
        for origin in ({}, {"origin": "http://127.0.0.1:1"}):
            assert reader.post(path, data={"url": "3000"}, headers=origin).status_code == 403
        assert progress(reader)["state"] == "none"


def test_answers_full_of_markup_are_shown_as_text(reader: PageReader) -> None:
    answer = "<script>alert(1)</script>\x1b[31m"
    with Webhook([status(200, answer)]) as webhook:
        start(reader, "tampered-body", url=webhook.url)
        ended(reader)
    report = reader.page("/checks/report")
    assert {each.attributes["src"].split("?")[0] for each in report.all("script")} == {
        "/assets/htmx.min.js",
        "/assets/dashboard.js",
    }
    assert "<script>alert(1)</script>" in report.one("main").text
    assert "\x1b" not in reader.get("/checks/report").text


def test_a_key_host_of_the_run_serves_a_webhook_that_is_configured_for_it(
    local: LocalService, reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setattr("flowsim.dashboard.checks.run_form.KEYS_PORT", port)
    consumer = CorrectConsumer(local.service.installation.client_id, f"http://127.0.0.1:{port}")
    with running(consumer) as started:
        start(reader, "keys-rotated", "tampered-body", url=started.url, keys="own")
        assert ended(reader)["verdict"] == "ok"
