"""One request from a thread that has no event loop."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flowsim.core.outcome import NETWORK, TIMEOUT
from flowsim.delivery import http_transport
from flowsim.delivery.http_transport import exchange
from flowsim.errors import ExhaustedError

from ..webhook import Webhook, echo, status

HEADERS = {"user-agent": "Adobe/1.0"}


def test_a_get_has_these_headers_and_no_body(webhook: Webhook) -> None:
    webhook.answers = [echo]
    outcome = exchange("GET", f"{webhook.url}?challenge=x%2Fy", HEADERS, b"", timeout=60)
    assert (outcome.status_code, outcome.body) == (200, b"x/y")
    assert webhook.requests[0].line == "GET /hook?challenge=x%2Fy HTTP/1.1"
    assert webhook.requests[0].headers == {"host": f"127.0.0.1:{webhook.port}", **HEADERS}


def test_a_post_has_its_body(webhook: Webhook) -> None:
    assert exchange("POST", webhook.url, HEADERS, b"{}", timeout=60).status_code == 200
    assert (webhook.requests[0].line, webhook.requests[0].body) == ("POST /hook HTTP/1.1", b"{}")


def test_a_redirect_is_not_followed(webhook: Webhook) -> None:
    webhook.answers = [status(302, location=webhook.url)]
    assert exchange("GET", webhook.url, HEADERS, b"", timeout=60).status_code == 302
    assert len(webhook.requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_missing_answer_is_an_outcome(webhook: Webhook, method: str) -> None:
    async def nowhere(_: str, __: int) -> list[str]:
        raise OSError("not allowed")

    refused = exchange(method, webhook.url, HEADERS, b"", timeout=60, resolve=nowhere)
    assert (refused.status_code, refused.problem) == (NETWORK, "not allowed")
    assert exchange(method, webhook.url, HEADERS, b"", timeout=1e-9).status_code == TIMEOUT
    assert webhook.requests == []


@pytest.mark.parametrize(
    "lack", [MemoryError(), RuntimeError("can't start new thread"), OSError(12, "no memory")]
)
def test_a_lack_of_resources_is_no_outcome_of_a_webhook(
    webhook: Webhook, lack: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_transport, "_RESOURCES_WITHIN", 0.1)

    async def lacking(_: str, __: int) -> list[str]:
        raise lack

    with pytest.raises(ExhaustedError, match="allow flowsim more"):
        exchange("GET", webhook.url, HEADERS, b"", timeout=60, resolve=lacking)


NO_FILES = """
import resource
from flowsim.errors import ExhaustedError
from flowsim.delivery import http_transport
from flowsim.delivery.http_transport import exchange
http_transport._RESOURCES_WITHIN = 0.1
exchange("GET", "http://127.0.0.1:1/", {}, b"", timeout=60)
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    exchange("GET", "http://127.0.0.1:1/", {}, b"", timeout=60)
except ExhaustedError as error:
    print(error)
"""


def test_an_event_loop_that_cannot_be_made_is_an_error() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", NO_FILES], check=True, capture_output=True, text=True
    )
    assert ended.stdout.startswith("all 3 files that flowsim may open are open; allow it more")
    assert "never awaited" not in ended.stderr
