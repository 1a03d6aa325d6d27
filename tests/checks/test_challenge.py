"""A webhook proves itself by an echo, or by opening the validation URL; a 200 is no proof."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flowsim.checks import catalogue, validations
from flowsim.checks.challenge_judges import (
    NO_ECHO,
    NOT_AGAIN,
    all_echoed,
    each_value_echoed,
    echoed_as_text_or_json,
    echoed_or_validated,
    markup_not_in_a_page,
    no_visit_to_foreign_host,
    validation_answered,
)
from flowsim.checks.challenge_judges import OPENED as URL_OPENED
from flowsim.checks.check import not_judged
from flowsim.checks.check_run import CheckRun
from flowsim.checks.event_judges import UNKNOWN_AFTER_2XX
from flowsim.checks.observation import Exchange, Observation
from flowsim.checks.visits import Visit, Visits
from flowsim.core import challenge
from flowsim.core.outcome import Outcome

from ..consumers.correct import Answer, CorrectConsumer, Request
from ..consumers.strict_runs import MISTAKES
from .consumers import candidate, result

LINK = challenge.validation_url("http://127.0.0.1:4020", "an-id", "a-value")
OPENED = Visit("keys", LINK.removeprefix("http://127.0.0.1:4020"))


def asked(body: bytes, status: int = 200) -> Exchange:
    return Exchange("GET", "http://a/?challenge=b-value", {}, b"", Outcome(status, 0.1, body), 1.0)


def posted(status: int) -> Exchange:
    body = challenge.validation_body(LINK)
    return Exchange("POST", "http://a/", {}, body, Outcome(status, 0.1, b"ok"), 2.0)


UUIDS = ("0f7d3c52-4d36-4d0c-9d51-6f6a1c3b2a10", "7c1e9f04-2b8a-4f63-8e0d-5a9b3c7d1e24")
PAGE = b"<html>b-value</html>"


@pytest.mark.parametrize(
    ("body", "status", "visits", "state"),
    [
        (b"b-value", 200, (), "passed"),
        (b"b-value", 404, (), "passed"),
        (b"no", 200, (OPENED,), "passed"),
        (PAGE, 200, (OPENED,), "passed"),
        (b"no", 200, (), "failed"),
        (PAGE, 200, (), "failed"),
        (b"no", 202, (OPENED,), "failed"),
        (b"no", 404, (OPENED,), "failed"),
        (b"no", 200, (Visit("keys", f"{challenge.PATH}?id=a&challenge=other"),), "failed"),
        (b"no", 200, (Visit("foreign", OPENED.path),), "failed"),
    ],
)
def test_an_echo_or_a_visit_proves_the_webhook(
    body: bytes, status: int, visits: tuple[Visit, ...], state: str
) -> None:
    seen = Observation("http://a/", (asked(body), posted(status)), all_visits=visits)
    assert echoed_or_validated(seen).state == state


def test_the_failure_says_how_long_the_visit_was_awaited() -> None:
    seen = Observation("http://a/", (asked(b"no"), posted(200)), until=16.1)
    assert echoed_or_validated(seen).received == (
        "200 'no', then 200 'ok' to the POST of validationUrl, which was not opened in 14 s; "
        "Adobe waits for 5 minutes"
    )


def test_a_late_visit_to_the_foreign_host_is_seen() -> None:
    late = (Visit("foreign", OPENED.path),)
    seen = Observation("http://a/", (posted(200),), all_visits=late)
    assert no_visit_to_foreign_host(seen).state == "failed"
    assert no_visit_to_foreign_host(Observation("http://a/", (posted(200),))).state == "passed"


def test_each_of_several_probes_counts() -> None:
    """The first answer is right, and the second one is not."""
    typed = {b"content-type": b"text/plain"}
    echo, page = (
        replace(each, outcome=replace(each.outcome, headers=[*kind.items()]))
        for each, kind in ((asked(b"b-value"), typed), (asked(b"b-value"), {}))
    )
    assert echoed_as_text_or_json(Observation("http://a/", (echo,))).state == "passed"
    assert echoed_as_text_or_json(Observation("http://a/", (echo, page))).state == "failed"
    posts = (posted(200), posted(404))
    assert validation_answered(Observation("http://a/", posts)).state == "failed"
    markup = (asked(b"no"), asked(b"<script>b-value</script>"))
    assert markup_not_in_a_page(Observation("http://a/", markup)).state == "failed"


class EchoesTwice(MISTAKES["echoes-once"]):  # type: ignore[misc]
    echoes = 2


@pytest.mark.parametrize("kind", [MISTAKES["echoes-once"], EchoesTwice])
def test_a_challenge_that_is_left_out_later_fails_one_check(kind: type[CorrectConsumer]) -> None:
    """The others do not send their reader to a check that passed."""
    names = ("challenge", "challenge-anew", "challenge-beside-query", "challenge-form")
    with candidate(kind) as webhook:
        findings = webhook.check(*names, processed=None, state=None)
    assert result(findings, "challenge").verdict.state == "passed"
    verdict = result(findings, "challenge-anew").verdict
    assert (verdict.state, verdict.received) == ("failed", "403 'verified already'")
    for name in names[2:]:
        assert result(findings, name).verdict == not_judged(NOT_AGAIN)
    assert not findings.ok


def test_a_webhook_that_opens_the_url_is_not_sent_to_a_check_that_it_passes() -> None:
    answers = tuple(replace(asked(b"no"), url=f"http://a/?challenge={uuid}") for uuid in UUIDS)
    for judge in (all_echoed, each_value_echoed, echoed_as_text_or_json):
        seen = Observation("http://a/", answers, challenges=answers)
        assert judge(seen) == not_judged(NO_ECHO)
        assert judge(replace(seen, all_visits=(OPENED,))) == not_judged(URL_OPENED)


def test_a_challenge_that_is_no_ordinary_one_proves_nothing_about_others() -> None:
    """Neither one with markup nor one beside another parameter."""
    value, other = UUIDS
    missed = replace(asked(b"no"), url=f"http://a/?challenge={value}")
    urls = (f"http://a/?b=1&challenge={other}", f"http://a/?challenge=%3Cb%3E{other}")
    for url in urls:
        echoed = replace(asked(f"<b>{other}".encode()), url=url)
        seen = Observation("http://a/", (missed, missed), challenges=(missed, missed, echoed))
        assert each_value_echoed(seen) == not_judged(NO_ECHO)


class AcknowledgesChallenges(CorrectConsumer):
    """Whatever calls itself a challenge gets a 200, and is not read."""

    def validation(self, request: Request) -> Answer:  # noqa: ARG002
        return 200, "text/plain", "noted"


def test_a_2xx_to_a_forged_challenge_is_no_mistake_if_it_is_not_processed() -> None:
    """Without counts it is not known whether it was."""
    check = "challenge-code-forged"
    with candidate(AcknowledgesChallenges) as webhook:
        counted = webhook.check(check, state=None)
        uncounted = webhook.check(check, processed=None, state=None)
    assert result(counted, check).verdict.state == "passed"
    assert result(uncounted, check).verdict == not_judged(UNKNOWN_AFTER_2XX)


class OpensLater(CorrectConsumer):
    """It notes validation URLs in a queue, which is worked off with the next event."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.queue: list[str] = []

    def challenge(self, request: Request) -> Answer:  # noqa: ARG002
        return 404, "text/plain", "no such page"

    def validation(self, request: Request) -> Answer:
        self.queue.append(str(json.loads(request.body)["validationUrl"]))
        return 200, "text/plain", "noted"

    def deliver(self, request: Request) -> None:
        while self.queue:
            self.open(self.queue.pop())
        super().deliver(request)


def test_a_url_that_is_opened_during_a_later_check_counts() -> None:
    with candidate(OpensLater) as webhook:
        findings = webhook.check("challenge", "sound-event", processed=None)
    assert result(findings, "challenge").verdict.note == "validated"


def test_a_200_to_the_post_alone_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validations, "OPENING", 0.1)
    with candidate(MISTAKES["echoes-in-page-and-opens-nothing"]) as webhook:
        findings = webhook.check("challenge", processed=None)
    verdict = result(findings, "challenge").verdict
    assert verdict.state == "failed"
    assert "to the POST of validationUrl, which was not opened in " in verdict.received


def last_look(run: CheckRun, *visits: Visit, time_limit: float = 100.0) -> int:
    """Return the second of the last look for a visit; they are 4 s apart."""
    noted = Visits([*visits])
    times: Iterator[int] = iter(range(2, 1_000, 4))
    looks: list[int] = []

    def elapsed() -> float:
        looks.append(next(times))
        return looks[-1]

    asyncio.run(validations.let_open([run], noted, elapsed, time_limit))
    return looks[-1]


def run_of(name: str, *exchanges: Exchange) -> CheckRun:
    return CheckRun(catalogue.find(name), 0.0, [*exchanges])


def test_only_a_url_on_which_the_verdict_depends_is_awaited() -> None:
    assert last_look(run_of("challenge", asked(b"no"), posted(200))) > validations.OPENING
    assert last_look(run_of("challenge", asked(b"no"), posted(200)), time_limit=5) <= 10
    assert last_look(run_of("challenge", asked(b"no"), posted(200)), OPENED) <= 10
    assert last_look(run_of("challenge", asked(b"b-value"), posted(200))) <= 10
    assert last_look(run_of("challenge", asked(b"no"), posted(404))) <= 10
    assert last_look(run_of("validation-post", posted(200))) <= 10
