"""What answers in the place of a webhook is said in one line, and nothing else is judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowsim.checks.options import CheckOptions, over_http
from flowsim.checks.run import run

from ..webhook import Answer, Request, Webhook, status
from .consumers import CLIENT_ID, named

FORM = '<form action="/login"><input type=password name=p></form>'


def only(method: str, code: int) -> Answer:
    """Return an answer that one method gets; another one gets 200."""

    def chosen(request: Request) -> Iterator[bytes]:
        yield from status(code if request.line.startswith(method) else 200)(request)

    return chosen


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            status(302, location="https://sso.example/start"),
            "this looks like a login page at https://sso.example/start",
        ),
        (status(200, FORM, content_type="text/html"), "this looks like a login page"),
        (status(401, FORM, content_type="text/html"), "this looks like a login page"),
        (status(404), "nothing listens at this path: it answers 404 to GET and to POST"),
        (only("POST", 404), "this answers 404 to POST, and 200 to GET"),
        (status(405), "this answers 405 to POST: it takes no POST at this path"),
        (
            status(200, "<h1>It works</h1>"),
            "this answers 200 to everything, at other paths too, and echoes no challenge: it does "
            "not read the requests",
        ),
    ],
    ids=["redirect", "form", "form with 401", "nothing", "no POST", "other method", "everything"],
)
def test_what_is_no_webhook_is_named_and_nothing_else_is_judged(answer: Answer, said: str) -> None:
    with Webhook([answer]) as webhook:
        url = f"{webhook.url}/hook"
        findings = run(CheckOptions(url, CLIENT_ID), over_http(url, timeout=5.0))
    assert named(findings, "failed") == {"answers"}
    assert named(findings, "passed") == set()
    assert findings.results[0].verdict.received == said
    assert {each.verdict.note for each in findings.results[1:]} <= {said}
    assert findings.exit_code == 1
