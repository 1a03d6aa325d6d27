"""The proof that a webhook gives before it gets events (io-events-protocol.md 3).

First comes a GET: the webhook echoes the challenge. If it does not, it gets a validation URL by
POST, and opening that URL within five minutes is the proof. A webhook that answers the POST with
anything but 200 has failed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from . import json_reading
from .headers import ACCEPT_ENCODING, USER_AGENT
from .instant import to_ms
from .outcome import LABELS, Outcome, answer_words, location
from .printable import brief
from .targets import with_query

LIFETIME = timedelta(minutes=5)
"""How long a validation URL is valid."""

PATH = "/csm/registrations/validate"

SPOILED = "the GET got the challenge inside other text, and not as text alone or in JSON"
"""Why an answer that has the challenge does not pass."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a challenge went: passed, waiting for its validation URL to be opened, or failed.

    ``reason`` says why it failed, or why it waits although the GET was echoed; ``at`` is a moment
    of the service's clock.
    """

    outcome: Literal["passed", "waiting", "failed"]
    at: datetime
    reason: str = ""


def challenge_url(webhook_url: str, challenge: str) -> str:
    """Return the address of the GET: the webhook's with one parameter more."""
    return with_query(webhook_url, urlencode({"challenge": challenge}))


def is_echoed(outcome: Outcome, challenge: str) -> bool:
    """Tell whether an answer proves the webhook: 2xx, and its body is the challenge alone.

    That is the bare value, the value in double quotes, or a JSON object with the value under
    ``challenge``; white space around it does not count. Documented: a body with anything else does
    not validate, such as a page of HTML. Not documented, and accepted here: any content
    type, and further members beside ``challenge``.
    """
    if not 200 <= outcome.status_code < 300:
        return False
    return outcome.body.strip() == challenge.encode() or _json_value(outcome.body) == challenge


def is_embedded(outcome: Outcome, challenge: str) -> bool:
    """Tell whether the body of a 2xx has the challenge inside other text, so that it fails."""
    is_success = 200 <= outcome.status_code < 300
    return is_success and challenge.encode() in outcome.body and not is_echoed(outcome, challenge)


def _json_value(body: bytes) -> Any:
    """Return a JSON body, or the ``challenge`` of a JSON object; None for other bodies."""
    try:
        content = json_reading.parse_body(body.strip())
    except ValueError:
        return None
    return content.get("challenge") if isinstance(content, dict) else content


def failure(get: Outcome, post: Outcome) -> str:
    """Return why a challenge failed: how the webhook answered both requests."""
    if get.problem and (get.status_code, get.problem) == (post.status_code, post.problem):
        return _answer(get)
    is_read = 200 <= get.status_code < 300
    lacks = " which is not the challenge as text or in JSON" if is_read else ""
    return f"the GET with the challenge got {_answer(get)}{lacks}, the POST {_answer(post)}"


def _answer(outcome: Outcome) -> str:
    label = f" {LABELS[outcome.status_code]}" if outcome.status_code in LABELS else ""
    where = location(outcome)
    words = outcome.problem or (answer_words(outcome) if outcome.body else "")
    words = f"a redirect to {brief(where)}, which is not followed" if where else words
    return f"[{outcome.status_code}{label}]{f' {words}' if words else ''}"


def validation_url(base: str, registration_id: str, challenge: str) -> str:
    """Return the address that is to be opened; ``base`` is scheme and authority."""
    return f"{base}{PATH}?{urlencode({'id': registration_id, 'challenge': challenge})}"


def validation_body(url: str) -> bytes:
    """Return the body of the POST that offers a validation URL."""
    return json.dumps({"validationUrl": url}, separators=(",", ":")).encode()


def headers_of(registration_id: str, at: datetime, body: bytes = b"") -> dict[str, str]:
    """Return the headers of the GET, or of the POST with its body (3.3).

    No signatures and no delivery id: the capture has none. Only the POST was ever captured;
    the GET is assumed to have the same ones.
    """
    content = {"content-type": "application/json; charset=utf-8"} if body else {}
    return {
        "user-agent": USER_AGENT,
        "accept-encoding": ACCEPT_ENCODING,
        **content,
        "x-adobe-event-id": f"{registration_id}-probe-{to_ms(at)}",
        "x-adobe-event-code": "challenge",
        "x-adobe-provider": "adobe-io",
    }
