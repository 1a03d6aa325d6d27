"""The pages of deliveries of a service that runs, as a browser without scripts sees them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowsim.dashboard.deliveries.delivery_source import LIMIT
from flowsim.dashboard.deliveries.detail import TABS

from ...cases import for_each
from ...events_service.custom_events import CODE, PROVIDER, custom_provider
from ...events_service.running import publish
from ...webhook import Webhook, echo, status
from ..reading import Element, PageReader, parsed
from ..service_with_pages import ServiceWithPages

FILTERS = {
    "result=partial": [1],
    "result=success": [2],
    "state=waiting": [3],
    "state=delivered": [2, 1],
    "state=dropped": [],
    "status=5xx": [3],
    "status=2xx": [2, 1],
    "status=6xx": [],
    "code=sources_flow_run_failed": [3],
    "family=Flow+runs+of+sources": [3, 2, 1],
    "family=flow_run": [3, 2, 1],
    "family=Segment+jobs": [],
    "registration=unknown": [],
    "text=FLOW_RUN_FAILED": [3],
    "text=promotion": [3, 2, 1],
    "text=nowhere": [],
    "result=partial&state=waiting": [],
    "before=3": [2, 1],
    "before=1": [],
}
"""Query of the list → the numbers that it shows, of a partial run, a success and a failure."""


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceWithPages]:
    """Two deliveries that were accepted, and one that is tried again."""
    with Webhook([echo, status(204)]) as webhook, ServiceWithPages() as running:
        running.register(webhook.url)
        running.trigger("partial")
        running.trigger("success")
        running.advance(0)
        webhook.answers[:] = [status(503)]
        running.trigger("sources_flow_run_failed")
        running.advance(0)
        yield running


@pytest.fixture
def reader(service: ServiceWithPages) -> Iterator[PageReader]:
    with PageReader(service.local) as client:
        yield client


def numbers(page: Element) -> list[int]:
    rows = page.one("div", id="list").all("tr")
    return [int(each.attributes["id"].partition("-")[2]) for each in rows if each.attributes]


@for_each("query", FILTERS)
def test_a_filter_in_the_address_decides_what_is_listed(reader: PageReader, query: str) -> None:
    assert numbers(reader.page(f"/?{query}")) == FILTERS[query]
    rows = reader.twin(f"/?{query}")["deliveries"]["rows"]
    assert [row["number"] for row in rows] == FILTERS[query]


def test_each_row_says_what_happened_and_what_is_next(reader: PageReader) -> None:
    failed, success, partial = reader.page("/").one("div", id="list").all("tr")[1:]
    assert "sources_flow_run_failed" in failed.text
    assert failed.one("span", class_="result-failed").text == "failed"
    assert "attempt 2 at" in failed.text
    assert [each.text for each in failed.all("span", class_="status-5xx")] == ["503,"]
    assert "another attempt is due" in failed.text
    assert re.search(r"503, \d+ ms", failed.text)
    assert success.one("span", class_="result-success").text == "success"
    assert partial.one("span", class_="result-partial").text == "partial"
    assert "30 of 1,000 records failed" in partial.text


def test_the_head_of_a_delivery_says_what_the_event_says_and_what_the_webhook_did(
    reader: PageReader,
) -> None:
    head = reader.page("/deliveries/3?part=head").one("div", id="detail-head").text
    assert "#3" in head
    assert "The event says: failed" in head
    assert "Delivery: under way" in head
    assert "last answer 503 service unavailable; the next at" in head


def test_marks_are_explained_beside_the_list_and_not_in_each_poll(reader: PageReader) -> None:
    assert "5xx failed" in reader.page("/").one("p", class_="legend").text
    assert reader.page("/?part=list").all("p", class_="legend") == []


def test_a_delivery_can_be_closed_without_keys_and_the_filter_stays(reader: PageReader) -> None:
    for part in ("", "&part=head"):
        page = reader.page(f"/deliveries/3?result=failed{part}")
        assert page.one("a", class_="back").attributes["href"] == "/?result=failed"
        assert "result=failed" in page.one("div", id="detail-head").attributes["hx-get"]


@for_each(
    "path",
    [
        *("/?before=x", "/?before=-1", "/?newest=1e3", f"/?before={'9' * 40}", "/?state=gone"),
        *(
            "/?status=9xx",
            "/?result=nonsense",
            "/?family=nonsense",
            "/deliveries/1?result=nonsense",
        ),
        *("/deliveries/1?tab=none", "/deliveries/1?form=x"),
        *("/deliveries/1?start=x", "/deliveries/1?with=y"),
    ],
)
def test_a_wrong_value_in_the_address_gets_one_sentence(reader: PageReader, path: str) -> None:
    page = reader.page(path, 400)
    assert "expected" in page.one("div", role="alert").text


def test_a_code_and_a_registration_may_be_unknown_and_stay_chosen(reader: PageReader) -> None:
    """They may be deleted: the list is empty, and its filters show what was asked for."""
    form = reader.page("/?code=no_code&registration=deleted").one("form", id="filters")
    chosen = [each.text for each in form.all("option") if "selected" in each.attributes]
    assert chosen == ["deleted", "no_code"]


def test_forms_of_a_payload_keep_the_filter_of_the_list(reader: PageReader) -> None:
    tab = reader.page("/deliveries/3?result=failed&text=a%26b").one("div", id="tab")
    for form in ("tree", "pretty", "exact"):
        assert tab.one("a", href=f"/deliveries/3?form={form}&result=failed&text=a%26b")


def test_a_comparison_with_an_unknown_delivery_keeps_the_page(reader: PageReader) -> None:
    page = reader.page("/deliveries/3?tab=compare&number=99", 404).one("section", id="detail")
    assert page.one("div", role="alert").text == "There is no delivery 99 to compare with."
    assert page.one("h2").text == "sources_flow_run_failed"
    assert page.one("input", name="number")


def test_a_comparison_keeps_the_filter_of_the_list(reader: PageReader) -> None:
    page = reader.page("/deliveries/3?tab=compare&result=failed&text=a%26b")
    hidden = page.one("div", id="tab").all("input", type="hidden")
    found = {each.attributes["name"]: each.attributes["value"] for each in hidden}
    assert found == {"tab": "compare", "result": "failed", "text": "a&b"}


def test_what_is_not_there_is_a_page_that_says_so(reader: PageReader) -> None:
    for path in ("/deliveries/99", "/deliveries/99/body", "/deliveries/1?tab=compare&with=99"):
        assert "no delivery 99" in reader.page(path, 404).one("div", role="alert").text


@for_each("tab", [*TABS])
def test_each_tab_is_a_page_and_has_its_twin(reader: PageReader, tab: str) -> None:
    page = reader.page(f"/deliveries/3?tab={tab}")
    (current,) = [
        each
        for each in page.one("section", id="detail").all("a")
        if each.attributes.get("aria-current") == "page"
    ]
    assert current.text == TABS[tab]
    assert numbers(page) == [3, 2, 1]
    twin = reader.twin(f"/deliveries/3?tab={tab}")
    assert twin["tab"] == tab
    assert twin["delivery"]["row"]["number"] == 3
    assert twin["content"] not in (None, [], {})


def test_the_body_is_downloaded_byte_for_byte(reader: PageReader) -> None:
    body = reader.get("/deliveries/1/body")
    assert body.headers["content-disposition"] == "attachment; filename=delivery-1.json"
    assert body.text == reader.twin("/deliveries/1")["delivery"]["sent"]["body"]
    assert json.loads(body.content)["event"]["metrics"]["recordSummary"]["failedRecordCount"] == 30


def test_the_request_is_downloaded_as_a_file_that_replay_reads(reader: PageReader) -> None:
    request = reader.get("/deliveries/1/request").content
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"x-adobe-digital-signature-1: " in head
    assert body == reader.get("/deliveries/1/body").content


def test_a_saved_scenario_replays_the_content(
    reader: PageReader, tmp_path: Path, service: ServiceWithPages
) -> None:
    saved = reader.get("/deliveries/1/scenario")
    (tmp_path / "saved.yaml").write_bytes(saved.content)
    service.trigger(tmp_path / "saved.yaml")
    service.advance(0)
    again = reader.twin("/")["deliveries"]["rows"][0]
    assert again["says"] == reader.twin("/deliveries/1")["delivery"]["row"]["says"]


def polled(reader: PageReader, page: Element, more: str = "") -> int:
    """Return the status of the request that the list makes every two seconds."""
    return reader.get(page.one("div", id="list").attributes["hx-get"] + more).status_code


def test_a_poll_gets_nothing_until_something_is_new(
    reader: PageReader, service: ServiceWithPages
) -> None:
    page = reader.page("/")
    assert polled(reader, page) == polled(reader, page, "&hold=1") == 204
    service.trigger("success")
    assert polled(reader, page) == polled(reader, page, "&hold=1") == 200


def test_the_filter_offers_the_codes_of_the_users_own_providers_when_they_come(
    reader: PageReader, service: ServiceWithPages
) -> None:
    page, own = reader.page("/"), service.local.service
    custom_provider(own)
    answer = reader.get(page.one("div", id="list").attributes["hx-get"])
    select = parsed(answer.text).one("label", id="by-code").one("select")
    assert [each.text for each in select.all("option")].count(CODE) == 1
    assert polled(reader, parsed(answer.text)) == 204
    with own.database.transaction() as connection:
        own.providers.delete(connection, PROVIDER)
    assert polled(reader, parsed(answer.text)) == 200
    assert CODE not in reader.page("/").one("label", id="by-code").text


def test_while_one_reads_new_deliveries_are_counted_and_not_shown(
    reader: PageReader, service: ServiceWithPages
) -> None:
    page = reader.page("/")
    before, address = numbers(page), page.one("div", id="list").attributes["hx-get"]
    service.trigger("success")
    service.advance(0)
    held = parsed(reader.get(f"{address}&hold=1").text)
    assert numbers(held) == before
    assert held.one("a", id="arrivals").text == "1 new delivery: show"
    following = held.one("div", id="list").attributes["hx-get"]
    assert reader.get(f"{following}&hold=1").status_code == 204
    shown = parsed(reader.get(following).text)
    assert len(numbers(shown)) == min(LIMIT, len(before) + 1)


def test_a_redelivery_with_a_fault_is_explained_by_its_signature(
    reader: PageReader, service: ServiceWithPages
) -> None:
    answer = reader.submit("/deliveries/2/redeliver", fault="tampered-body", argument="")
    assert answer.status_code == 303
    service.advance(0)
    page = reader.page(f"{answer.headers['location']}?tab=signature")
    assert "Redelivered with the fault tampered-body" in page.text
    assert "Neither signature fits" in page.text
    failed = page.all("li", class_="fail")
    assert [each.text.split(":")[1].split()[0] for each in failed] == ["RSA-SHA256"] * 2
    assert "signed another body" in failed[0].text


def test_a_redelivery_opens_the_tab_from_which_it_was_asked_for(reader: PageReader) -> None:
    form = reader.page("/deliveries/2?tab=signature&code=a").one("form", method="post")
    fields = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")[:2]}
    assert fields == {"query": "code=a", "tab": "signature"}
    place = reader.submit("/deliveries/2/redeliver", **fields).headers["location"]
    assert place.endswith("?tab=signature&code=a")


def test_an_unknown_fault_is_refused_with_near_names(reader: PageReader) -> None:
    answer = reader.submit("/deliveries/2/redeliver", fault="tampered-bodi", argument="")
    assert answer.status_code == 400
    assert "expected tampered-body" in parsed(answer.text).one("div", role="alert").text


def test_a_redelivery_that_is_refused_keeps_what_was_typed(reader: PageReader) -> None:
    answer = reader.submit("/deliveries/2/redeliver", fault="tampered-body", argument="[[")
    assert answer.status_code == 400
    page = parsed(answer.text).one("section", id="detail")
    assert "a [ that is not closed" in page.one("div", role="alert").text
    assert page.one("input", name="argument").attributes["value"] == "[["
    (chosen,) = [each for each in page.all("option") if "selected" in each.attributes]
    assert chosen.attributes["value"] == "tampered-body"


def test_commands_of_an_empty_service_work_when_they_are_pasted() -> None:
    with (
        ServiceWithPages() as empty,
        Webhook([echo, status(204)]) as webhook,
        PageReader(empty.local) as reader,
    ):
        found = [each.text for each in reader.page("/").one("div", class_="empty").all("code")]
        receive, register, trigger = found
        assert re.search(r"--client-id [0-9a-f]{32}$", receive)
        for command in (register.replace("3000", str(webhook.port)), trigger):
            words = [sys.executable, "-m", *command.split()]
            subprocess.run(words, check=True, capture_output=True)
        empty.advance(0)
        assert numbers(reader.page("/")) == [1]


def test_pages_go_by_key_from_the_newest_to_the_oldest() -> None:
    with Webhook([echo, status(204)]) as webhook, ServiceWithPages() as service:
        service.register(webhook.url)
        for _ in range(3):
            service.trigger("batch")
        service.advance(0)
        with PageReader(service.local) as reader:
            seen, path = list[int](), "/"
            while path:
                page = reader.page(path)
                seen += numbers(page)
                following = page.all("a", id="older")
                path = following[0].attributes["href"] if following else ""
    assert seen == list(range(135, 0, -1))


def test_what_cannot_be_saved_is_said_in_the_page_and_not_downloaded(
    reader: PageReader, service: ServiceWithPages
) -> None:
    publish(service.local.service, size=300_000)
    service.advance(0)
    number = reader.twin("/")["deliveries"]["rows"][0]["number"]
    page = reader.page(f"/deliveries/{number}/scenario?text=x", 400)
    said = page.one("div", role="alert").text
    assert said.startswith("Nothing was saved: cannot be saved as a scenario: the body has 300,")
    assert page.one("section", id="detail").one("a", class_="back").attributes["href"] == "/?text=x"
    answer = reader.get(f"/deliveries/{number}/scenario")
    assert "content-disposition" not in answer.headers


def test_a_link_that_may_be_refused_is_not_declared_a_download(reader: PageReader) -> None:
    links = {each.text: each.attributes for each in reader.page("/deliveries/1").all("a")}
    assert "download" in links["Download body"]
    assert "download" not in links["Save as scenario"]
    assert "attachment" in reader.get("/deliveries/1/scenario").headers["content-disposition"]


def test_the_tree_says_types_in_words_and_one_element_without_s(reader: PageReader) -> None:
    tree = reader.page("/deliveries/1").one("div", class_="tree").text
    assert "epoch time in ms · A · flow-run-payloads.md 1.1" in tree
    assert "array, 1 element " in tree


def test_an_attempt_has_a_line_with_what_happened_and_lines_of_advice(reader: PageReader) -> None:
    entry = reader.page("/deliveries/3?tab=attempts").one("li", id="attempt-1")
    line = entry.one("h3").text
    assert re.fullmatch(r"attempt 1 · .*[\d:]{8} · 503 service unavailable · \d+ ms", line)
    means, advice, following = (each.text for each in entry.all("p")[:3])
    assert (
        means == "The webhook failed: the event is retried for 24 hours. io-events-protocol.md 4.2"
    )
    assert advice.startswith("Advice: Look into the log")
    assert re.fullmatch(r"Attempt 2 is due at [\d:]{8}\.", following)
    assert "open" in entry.one("details").attributes


def test_commands_with_a_body_are_copied_whole_though_the_body_scrolls(reader: PageReader) -> None:
    code = reader.page("/deliveries/1?tab=curl").one("div", id="tab").one("code")
    command = reader.twin("/deliveries/1?tab=curl")["content"]["command"]
    assert code.one("span", class_="long").text == " ".join(command.split("\n")[0].split())
    assert code.text == " ".join(command.split())
