"""What the page of a delivery says about its faults, over HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from flowsim.core.fault import POINTS
from flowsim.families.registry import FAULTS

from ...cases import for_each
from ...webhook import Webhook, echo, status
from ..reading import Element, PageReader
from ..service_with_pages import ServiceWithPages

NO_SIGNATURE_FITS = "Refuse: Neither signature fits: a consumer must refuse it."
OTHER = "Refuse: A signature fits, but the event is for another client id: a consumer must refuse"
ACCEPT = "Accept: Signatures 1 and 2 fit: a consumer must accept it."
SECOND = "Accept: Signature 2 fits: a consumer must accept it."
ON_WIRE = "Fault on the wire: Signatures 1 and 2 fit the body that was signed."

VERDICTS = {
    "body-missing": "Refuse: A signature fits, but the request has no body: a consumer must refuse "
    "it with 400.",
    "broken-json": "Refuse: A signature fits, but the body is not JSON in UTF-8: a consumer must "
    "refuse it with 400.",
    "empty-batch": "No event: A signature fits, but the array has no event: answer 2xx or 400",
    "foreign-recipient": OTHER,
    "stranger-in-batch": OTHER,
    "recipient-missing": "Refuse: A signature fits, but the event names no recipient: a consumer "
    "must refuse it.",
    "unsigned": "Refuse: There is no signature: a consumer must refuse it.",
    "pair-missing": SECOND,
    "one-signature-invalid": SECOND,
    **dict.fromkeys(
        (
            *("foreign-key", "key-path-absolute", "key-path-at", "key-path-dots"),
            *("key-path-double-slash", "key-path-suffix", "signatures-case-flipped"),
            *("signatures-invalid", "signatures-reused", "signatures-swapped", "tampered-body"),
        ),
        NO_SIGNATURE_FITS,
    ),
    **dict.fromkeys(
        ("chunked-body", "hang-up", "slow-body", "truncated-body", "wrong-content-length"), ON_WIRE
    ),
}
"""Fault → how the banner of its signatures begins; of all others it is ``ACCEPT``."""

ONLY_IN_A_REPLAY = ("reorder", "retry-storm", "simultaneous-duplicates", "tried-before")
"""Faults at the point delivery that no service takes, like all at story and key."""


@pytest.fixture(scope="module")
def webhook() -> Iterator[Webhook]:
    with Webhook([echo]) as made:
        yield made


@pytest.fixture(scope="module")
def service(webhook: Webhook) -> Iterator[ServiceWithPages]:
    with ServiceWithPages() as running:
        running.register(webhook.url)
        webhook.answers[:] = [status(200)]
        running.trigger("partial")
        yield running


@pytest.fixture
def reader(service: ServiceWithPages) -> Iterator[PageReader]:
    with PageReader(service.local) as client:
        yield client


def redelivered(reader: PageReader, fault: str, argument: str = "") -> str:
    """Deliver the first event again with a fault; return the path of the new delivery."""
    answer = reader.submit("/deliveries/1/redeliver", fault=fault, argument=argument)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def tab(reader: PageReader, path: str, name: str) -> Element:
    return reader.page(f"{path}?tab={name}&part=tab")


def banner(reader: PageReader, path: str) -> str:
    shown = tab(reader, path, "signature").all("div", class_="notice")[0].text
    twin = reader.twin(f"{path}?tab=signature")["content"]
    assert f"{twin['advice']}: {twin['verdict']}" == shown
    return shown


@for_each("fault", VERDICTS)
def test_the_banner_gives_the_reason_that_the_fault_gives(reader: PageReader, fault: str) -> None:
    found = banner(reader, redelivered(reader, fault))
    assert found.startswith(VERDICTS[fault])
    assert (f"The fault {fault} acts on the wire" in found) is (FAULTS[fault].point == "wire")


@pytest.mark.slow
def test_any_other_fault_leaves_a_delivery_that_must_be_accepted(
    service: ServiceWithPages, reader: PageReader
) -> None:
    taken = [each for each in FAULTS if FAULTS[each].point not in ("story", "key")]
    others = {*taken} - {*VERDICTS, *ONLY_IN_A_REPLAY}
    assert {FAULTS[each].point for each in others} == {*POINTS} - {
        *("story", "key", "signature", "wire"),
    }
    for fault in sorted(others):
        service.trigger({"events": [{"flow_run": {}, "faults": [fault]}]})
        number = reader.twin("/")["deliveries"]["rows"][0]["number"]
        assert banner(reader, f"/deliveries/{number}") == ACCEPT, fault


@for_each("argument, words", [("empty", "has an empty text as its recipient"), ("", "names no")])
def test_an_empty_recipient_is_told_from_none(
    reader: PageReader, argument: str, words: str
) -> None:
    assert words in banner(reader, redelivered(reader, "recipient-missing", argument))


@for_each(
    "fault, argument, option",
    [
        ("wrong-content-length", "-3", "--fault wrong-content-length=-3"),
        ("chunked-body", "", "--fault chunked-body"),
        ("slow-body", "100ms", "--fault slow-body=100ms"),
        ("truncated-body", "", "--fault truncated-body"),
        ("hang-up", "2", "--fault hang-up=2"),
    ],
)
def test_curl_says_what_of_a_fault_on_the_wire_it_does_not_repeat(
    reader: PageReader, service: ServiceWithPages, fault: str, argument: str, option: str
) -> None:
    path = redelivered(reader, fault, argument)
    shown, twin = tab(reader, path, "curl"), reader.twin(f"{path}?tab=curl")
    assert "sends the same request again" not in shown.text
    assert f"The fault {fault} acts on the wire: {FAULTS[fault].summary}" in shown.text
    assert "curl does not repeat that" in shown.text
    row, repeat = twin["delivery"]["row"], twin["content"]["repeat"]
    assert repeat == (
        f"flowsim redeliver {row['event_id']} --registration {row['registration_id']} {option}"
        f" --service {service.url}"
    )
    assert repeat in shown.text


def test_curl_repeats_the_headers_that_a_fault_has_made(
    reader: PageReader, service: ServiceWithPages, webhook: Webhook
) -> None:
    path = redelivered(reader, "header-case")
    assert "sends the same request again" in tab(reader, path, "curl").text
    service.advance(0)
    twin = reader.twin(f"{path}?tab=curl")
    subprocess.run(["sh", "-c", twin["content"]["command"]], check=True, capture_output=True)
    own, (attempt,) = ("host:", "content-length:"), twin["delivery"]["attempts"]
    first, again = (
        [line for line in each.header_lines if not line.lower().startswith(own)]
        for each in webhook.requests
        if attempt["delivery_id"] in each.head
    )
    assert first == again
    assert any(each.startswith("X-Adobe-Event-Id: ") for each in again)


Attempted = Callable[[str, int], tuple[str, str]]


@pytest.fixture
def attempted(service: ServiceWithPages, reader: PageReader, webhook: Webhook) -> Attempted:
    """Delivers the first event with a fault to a webhook that answers with a status.

    It returns the path of the delivery, and what its attempts say.
    """

    def attempt(fault: str, code: int) -> tuple[str, str]:
        webhook.answers[:] = [status(code)]
        path = redelivered(reader, fault)
        service.advance(0)
        webhook.answers[:] = [status(200)]
        return path, tab(reader, path, "attempts").one("ol").text

    return attempt


@for_each(
    "fault, code, is_right",
    [
        ("wrong-content-length", 400, True),
        ("body-missing", 400, True),
        ("unsigned", 401, True),
        ("content-type", 415, False),
        ("chunked-body", 411, False),
    ],
)
def test_a_refusal_is_explained_by_the_fault_first(
    attempted: Attempted, fault: str, code: int, is_right: bool
) -> None:
    _, said = attempted(fault, code)
    kind = FAULTS[fault]
    expected = f"Fault {fault}: {kind.summary} Expected of the webhook: {kind.proves}."
    assert said.index(expected) < said.index("The webhook refuses the event")
    assert (f"So {code} is right." in said) is is_right
    assert ("Advice:" in said) is not is_right
    assert "CloudEvents" not in said


def test_an_accepted_delivery_that_had_to_be_refused_is_called_wrong(
    attempted: Attempted,
) -> None:
    _, said = attempted("tampered-body", 200)
    assert "So 200 is wrong." in said


def test_a_connection_that_the_fault_closes_is_no_mistake_of_the_webhook(
    service: ServiceWithPages, reader: PageReader, attempted: Attempted
) -> None:
    """The next attempt is whole: its signatures count again, and curl repeats it."""
    path, said = attempted("hang-up", 200)
    assert "Nothing is wrong: flowsim closed the connection" in said
    assert banner(reader, path).startswith(ON_WIRE)
    service.advance(60)
    said = tab(reader, path, "attempts").one("ol").text
    assert said.count("Fault hang-up") == 1
    assert banner(reader, path) == ACCEPT
    shown = tab(reader, path, "curl").text
    assert "sends the same request again" in shown
    assert "The fault hang-up acts on the wire at earlier attempts" in shown


@for_each(
    "fault, code, words",
    [
        ("", 400, "it is JSON in UTF-8, and the whole body is needed"),
        ("", 415, "Accept application/json:"),
        ("other-format", 400, "as JSON, although its content type is application/cloudevents+json"),
        ("other-format", 415, "Accept application/cloudevents+json:"),
        ("content-type-missing", 415, "even without a content type"),
    ],
)
def test_the_advice_fits_the_content_type_of_the_delivery(
    attempted: Attempted, fault: str, code: int, words: str
) -> None:
    _, said = attempted(fault, code)
    assert words in said.partition("Advice:")[2]


@for_each(
    "query, code",
    [
        *(("with=x", 400), ("number=x", 400), ("with=-1", 400), (f"with={'9' * 40}", 400)),
        *(("with=99999", 404), ("number=0", 404)),
    ],
)
def test_a_wrong_number_to_compare_with_leaves_the_page_as_it_is(
    reader: PageReader, query: str, code: int
) -> None:
    page = reader.page(f"/deliveries/1?tab=compare&{query}", code)
    problem = page.one("div", role="alert")
    assert query.partition("=")[2] in problem.text
    field = page.one("input", name="number").attributes
    assert field["aria-describedby"] == problem.attributes["id"]
    assert page.one("div", id="list")
    assert page.one("div", id="detail-head")


def test_what_asks_for_a_part_of_the_payload_does_not_hinder_a_comparison(
    reader: PageReader,
) -> None:
    page = reader.page("/deliveries/1?tab=compare&with=1&start=x&form=x")
    assert "0 differences" in page.text
