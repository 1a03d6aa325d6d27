"""One scenario on its page: story, mistakes, preview, and the places that no page may reach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from flowsim.dashboard.scenarios import preview_content
from flowsim.errors import MOST_PRINTED
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service
from flowsim.scenario.files import shipped

from ...cases import for_each
from ...events_service.registering import register
from ..reading import Element
from .conftest import Show

JSON = {"accept": "application/json"}
TWO = """\
description: Two runs.
seed: 7
at: 2026-01-15T09:30:00Z
events:
  - {flow_run: {records: {input: 1000, failed: 30}}, expect: rejected, faults: [end-missing]}
  - {flow_run: {status: failed, stage: copy}, after: 10m}
"""


def rows(page: Element) -> list[list[str]]:
    """Return the cells of the story."""
    table = page.one("section", class_="story").one("tbody")
    return [[each.text.strip() for each in row.all("td")] for row in table.all("tr")]


def asked(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path, headers=JSON)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_the_story_tells_each_event_in_order(show: Show, folder: Path) -> None:
    (folder / "two.yaml").write_text(TWO)
    page = show("/scenarios/two.yaml")
    first, second = rows(page)
    assert first[0::3] == ["0s", "rejected"]
    assert second[0::3] == ["10m", "delivered"]
    assert "end-missing" in first[2]
    assert second[1] == "sources_flow_run_failed"
    lines = [each.raw for each in page.one("pre", class_="file").all("li")]
    assert lines == TWO.splitlines()


@for_each("name", [*shipped()])
def test_every_shipped_scenario_has_a_page(show: Show, name: str) -> None:
    assert rows(show(f"/scenarios/{name}"))


def test_mistakes_stand_at_their_places_with_the_line(show: Show, folder: Path) -> None:
    text = "seed: x\nevents:\n  - {flow_rum: {}}\n"
    (folder / "broken.yaml").write_text(text)
    page = show("/scenarios/broken.yaml")
    first, second = page.one("section", class_="mistakes").all("div", class_="error")
    assert "Line 1, column 7" in first.text
    assert "'x'; expected a whole number" in first.text
    assert first.one("mark").text == "x"
    assert second.one("mark").text == "flow_rum"
    assert second.one("pre").raw == "  - {flow_rum: {}}"
    assert not page.all("form", class_="stacked")


def test_hundreds_of_mistakes_are_counted(client: FlaskClient, folder: Path) -> None:
    (folder / "broken.yaml").write_text("events:\n" + "  - {flow_rum: {}}\n" * 300)
    mistakes = asked(client, "/scenarios/broken.yaml")["preview"]["mistakes"]
    assert len(mistakes["shown"]) == MOST_PRINTED
    assert mistakes["more"] == 300 - MOST_PRINTED


def test_what_is_repaired_is_right_at_the_next_look(show: Show, folder: Path) -> None:
    (folder / "s.yaml").write_text("events: [")
    assert show("/scenarios/s.yaml").all("section", class_="mistakes")
    (folder / "s.yaml").write_text(TWO)
    assert not show("/scenarios/s.yaml").all("section", class_="mistakes")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"set": "seeed=4"}, "--set seeed=4"),
        ({"set": "no setting"}, "has no form KEY=VALUE"),
        ({"seed": "-1"}, "expected a whole number from 0 to 9223372036854775807, or random"),
        ({"seed": str(2**63)}, "or random"),
        ({"at": "noon"}, "expected a moment"),
        ({"fault": "no-such-fault"}, "unknown fault 'no-such-fault'"),
        ({"fault": "a: ["}, "fault a: ["),
        ({"choice": "1"}, "choose at least one"),
        ({"set": "a=1\n" * 300}, "300 changes; expected at most 200"),
    ],
)
def test_a_mistake_in_the_options_keeps_the_story_and_what_was_typed(
    show: Show, service: Service, options: dict[str, str], message: str
) -> None:
    register(service)
    page = show(f"/scenarios/partial?{urlencode(options)}")
    assert message in page.one("form", class_="stacked").text
    assert rows(page)
    for name in ("seed", "at"):
        typed = page.one("input", name=name).attributes["value"]
        assert typed == options.get(name, "")


def test_options_change_the_preview(show: Show) -> None:
    page = show("/scenarios/partial?set=flow_run.records.failed%3D60&new=end-missing&seed=4")
    assert "failed" in rows(page)[0][2]
    assert "end-missing" in rows(page)[0][2]
    (chosen,) = page.all("input", name="fault")
    assert chosen.attributes["value"] == "end-missing"
    command = "--seed 4 --set flow_run.records.failed=60 --set 'faults=[\"end-missing\"]'"
    assert command in page.text


def test_chosen_faults_join_those_of_the_file(client: FlaskClient, folder: Path) -> None:
    (folder / "s.yaml").write_text("faults: [json-escapes]\n" + TWO)
    told = asked(client, "/scenarios/s.yaml?fault=end-missing&new=delay&argument=20m")
    assert [each["faults"] for each in told["preview"]["story"]["moments"]] == [
        ["json-escapes", "delay", "end-missing"],
        ["json-escapes", "end-missing", "delay"],
    ]


@pytest.mark.slow
def test_every_fault_that_is_offered_can_be_run(show: Show, client: FlaskClient) -> None:
    select = show("/scenarios/partial").one("select", name="new")
    names = [each.attributes["value"] for each in select.all("option")][1:]
    assert {"unsigned", "duplicate", "json-escapes", "end-missing"} <= {*names}
    for name in names:
        told = asked(client, f"/scenarios/partial?new={name}")["preview"]
        assert (told["refusal"], told["problem"], told["of_options"]["shown"]) == ("", "", [])


def test_the_preview_is_the_body_that_a_registration_gets(
    client: FlaskClient, service: Service
) -> None:
    """Only the event id differs: the service draws another one when it publishes."""
    registration = register(service, delivery_type="webhook_batch")
    path = f"/scenarios/partial/notifications?form={registration.registration_id}"
    (shown,) = asked_list(client, path)
    assert shown["event_code"] == "sources_flow_run_success"
    assert isinstance(shown["body"], list)
    (single,) = asked_list(client, "/scenarios/partial/notifications")
    assert shown["body"][0]["event"] == single["body"]["event"]
    assert Events(service.database).last_seq() == 0


def asked_list(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return list(json.loads(answer.data))


def test_all_notifications_are_in_the_json_some_on_the_page(
    show: Show, client: FlaskClient
) -> None:
    page = show("/scenarios/batch")
    assert "These are the first 20" in page.text
    assert len(page.all("pre", tabindex="0")) > 20
    assert len(asked_list(client, "/scenarios/batch/notifications")) == 45


def test_a_story_without_end_is_shown_in_part_and_not_run(
    show: Show, client: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_content, "MOST_LISTED_BYTES", 20_000)
    (folder / "s.yaml").write_text("seed: 1\nevents:\n  - {flow_run: {}, repeat: 1000000}\n")
    page = show("/scenarios/s.yaml")
    assert len(rows(page)) == 200
    assert "expected at most 10,000" in page.text
    *listed, last = asked_list(client, "/scenarios/s.yaml/notifications")
    assert 5 < len(listed) < 10
    assert [*last] == ["left_out"]


HOSTILE = [
    "../two.yaml",
    "..%2Ftwo.yaml",
    "%2e%2e%2ftwo.yaml",
    "/etc/passwd",
    quote("/etc/passwd", safe=""),
    "two.yaml%00",
    "sub%2Ftwo.yaml",
    "sources_flow_run_success",
    "%FF.yaml",
    "x" * 3000 + ".yaml",
]


@for_each("name", HOSTILE)
def test_only_names_of_the_list_have_a_page(client: FlaskClient, folder: Path, name: str) -> None:
    (folder.parent / "two.yaml").write_text(TWO)
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "two.yaml").write_text(TWO)
    for path in (f"/scenarios/{name}", f"/scenarios/{name}/notifications"):
        assert client.get(path).status_code in (404, 308)


def test_markup_in_a_file_is_shown_as_text(show: Show, folder: Path) -> None:
    text = 'description: "<script>alert(1)</script>"\nseed: "<b>"\nevents: []\n'
    (folder / "s.yaml").write_text(text + "<i>: 1\n")
    page = show("/scenarios/s.yaml")
    assert not [*page.all("b"), *page.all("i")]
    assert all("src" in each.attributes for each in page.all("script"))
    assert "<script>alert(1)</script>" in page.text


def test_escape_sequences_are_made_printable(client: FlaskClient, folder: Path) -> None:
    (folder / "s.yaml").write_text(
        'description: "a\\e[31m\\u202e"\nseed: 7\nevents: [{flow_run: {}}]'
    )
    answer = client.get("/scenarios/s.yaml")
    assert "\x1b" not in answer.text
    assert "\u202e" not in answer.text
