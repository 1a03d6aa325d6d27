"""The page about a check: complete, by itself, and safe to open."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.check import failed, not_judged, passed
from flowsim.checks.findings import Findings
from flowsim.reports.formats import html

from .findings import URL, exchange, findings, refused, result, some


class Page(HTMLParser):
    """Elements with their attributes, and the text between them."""

    def __init__(self, seen: Findings) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        (self.source,) = html.findings_page(seen)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_begins_with_how_the_run_ended() -> None:
    text = Page(findings(*some())).text
    assert "not ok This webhook loses events: 2 mistakes. 4 checks: 1 passed, 2 failed" in text
    assert "(1 must, 1 should), 1 not judged in 1.2 s" in text
    assert "idempotency: not judged" in text
    assert "refuses It answers. received: 500 'no'" in text
    assert "1 not judged: it takes --processed" in text
    assert Page(findings(result(passed()))).text.startswith(f"ok: flowsim check {URL}")


def test_failures_of_one_cause_are_listed_once_with_links() -> None:
    follower = refused(name="lags")
    follower = replace(follower, check=replace(follower.check, follows=("refuses",)))
    page = Page(findings(refused(), follower))
    assert page.text.count("received: 500 'no'") == 1
    assert "for the same cause: lags" in page.text
    assert "Cause the same as of refuses" in page.text


def test_known_failures_stand_apart() -> None:
    page = Page(replace(findings(replace(refused(), known=True), result(passed())), gone=("b",)))
    assert "known, by the baseline: refuses fails no longer: b" in page.text
    assert page.text.startswith("no new mistake; 1 known: ")


def test_a_failed_check_is_unfolded_with_all_its_details() -> None:
    page = Page(findings(refused()))
    (details,) = page.named("details")
    assert "open" in details
    assert page.text.index("It answers.") < page.text.index(f"Sent POST {URL}")
    assert "expected200 received500 'no'" in page.text
    assert "Why Else events are lost. https://example.com/page" in page.text
    assert (
        "What to do Answer 200. Again flowsim check 3000/hook --again refuses --seed 7" in page.text
    )
    assert f"POST {URL}500 'no' 250 ms" in page.text
    assert {"href": "https://example.com/page", "rel": "noreferrer"} in page.named("a")


def test_a_check_that_was_not_judged_looks_neither_passed_nor_failed() -> None:
    page = Page(findings(result(not_judged("it takes --processed"))))
    assert "It answers. (not judged)" in page.text
    assert "Not judged: it takes --processed" in page.text
    assert "Nothing was sent." in page.text
    assert {attributes.get("class") for attributes in page.named("b")} >= {"not-judged"}
    assert "open" not in page.named("details")[0]


def test_a_failure_that_does_not_count_looks_milder() -> None:
    marks = [
        [each["class"] for each in Page(seen).named("b") if "title" in each]
        for seen in (findings(refused("should")), findings(refused("should"), strict=True))
    ]
    assert marks == [["soft"], ["failed"]]


def test_a_report_says_that_its_run_was_cut_short() -> None:
    assert "; not all were sent" in Page(findings(result(passed()), finished=False)).text


def test_a_failed_processed_address_is_explained_once_and_nothing_is_ok() -> None:
    page = Page(findings(result(passed()), problem="--processed answers <500>"))
    assert page.text.count("--processed answers <500>") == 1
    assert page.text.startswith(f"could not judge; 0 claims not judged: flowsim check {URL}")


def test_many_requests_are_counted_and_not_all_listed_but_all_drawn() -> None:
    page = Page(findings(result(passed(), "must", *[exchange()] * 200)))
    assert len(page.named("tr")) == html.MOST
    assert "and 180 more requests" in page.text
    assert len(page.named("rect")) == 200


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = Page(findings(*some()))
    tags = {name for name, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not any(
        "src" in attributes or "onclick" in attributes for _, attributes in page.elements
    )
    assert "url(" not in page.source
    assert "@import" not in page.source
    (policy,) = [
        each["content"] for each in page.named("meta") if "Security" in str(each.get("http-equiv"))
    ]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_links_lead_to_failed_checks_also_from_the_timeline() -> None:
    page = Page(findings(*some()))
    targets = {each.get("id") for _, each in page.elements}
    links = re.findall(r'href="#([^"]+)"', page.source)
    assert links == [*("refuses", "lags", "timeline"), *("answers", "refuses", "lags")]
    assert {*links} <= targets


@given(st.text(st.sampled_from("<>&\"'/={}% aScript\x00\ud800é")))
def test_any_answer_of_a_webhook_is_shown_as_text(text: str) -> None:
    """Neither as an element nor as an attribute, nor as an expression of the template."""
    hostile = f"<script>alert(1)</script>{{{{ 7 * 7 }}}}{text}"
    at_fault = exchange(200, hostile.encode("utf-8", "replace"))
    plain = exchange(200, b"plain")

    def shape(said: str, sent: object) -> list[tuple[str, list[str]]]:
        judged = result(failed("x", said, sent), "must", sent)  # type: ignore[arg-type]
        return [(name, sorted(each)) for name, each in Page(findings(judged)).elements]

    assert shape(hostile, at_fault) == shape("plain", plain)
