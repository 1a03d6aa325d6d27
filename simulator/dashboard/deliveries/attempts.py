"""The attempts of a delivery as a timeline: when, what came back, what it means, what is next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ...core.causes import other_scheme
from ...core.delivery import WINDOW, backoff, is_retried
from ...core.duration import spell
from ...core.headers import content_type_of
from ...core.masking import masked, masked_header, masked_url
from ...core.printable import brief
from ...events_service.tracing.debug_trace import cause_of
from .delivery_source import AttemptDetail, DeliveryDetail
from .header_lines import ExplainedHeader, explained
from .known_faults import KnownFault
from .raw_payload import RawPayload, raw
from .status_meanings import StatusMeaning, meaning_of


@dataclass(frozen=True, slots=True)
class TracedMessage:
    """A request or an answer of a trace: first line, explained headers, and its body as text."""

    line: str
    headers: Sequence[ExplainedHeader]
    body: RawPayload


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """One attempt on the timeline.

    ``at`` is the service's time, ``wall`` the real one. ``wait`` is how many seconds passed since
    the attempt before, None for the first; ``wait_text`` says it. ``meaning`` explains the status.
    ``faults`` say what was done to it on purpose. ``cause`` says why there was no answer,
    ``remedy`` what helps, ``next`` what happened or happens next. ``request`` and ``answer`` are
    None if the trace is not kept.
    """

    number: int
    delivery_id: str
    at: datetime
    wall: datetime | None
    wait: float | None
    wait_text: str
    status_code: int
    meaning: StatusMeaning
    elapsed_ms: float | None
    ending: str
    cause: str
    remedy: str
    next: str
    faults: Sequence[str] = ()
    request: TracedMessage | None = None
    answer: TracedMessage | None = None


def timeline_of(delivery: DeliveryDetail) -> list[AttemptEntry]:
    """Return the attempts of a delivery, explained with its faults and its content type."""
    sent = delivery.sent
    type_ = content_type_of(sent.headers) if sent is not None else None
    return timeline(delivery.attempts, delivery.due, delivery.faults, type_)


def timeline(
    attempts: Sequence[AttemptDetail],
    due: datetime | None = None,
    faults: Sequence[KnownFault] = (),
    content_type: str | None = None,
) -> list[AttemptEntry]:
    """Return the attempts of one delivery in their order, each explained.

    ``due`` is when the next attempt is due, on the service's clock. A trace may have any shape.
    ``content_type`` is that of the requests, empty if they have none, and None if it is not known.
    """
    before: Sequence[AttemptDetail | None] = [None, *attempts[:-1]]
    after: Sequence[AttemptDetail | None] = [*attempts[1:], None]
    return [
        _with_faults(_entry(each, earlier, later, due, content_type), faults)
        for each, earlier, later in zip(attempts, before, after, strict=False)
    ]


def _with_faults(entry: AttemptEntry, faults: Sequence[KnownFault]) -> AttemptEntry:
    """Return an entry with the faults that act on it; an answer that they explain needs no help."""
    acting = [each for each in faults if each.acts_at(entry.number)]
    told = tuple(each.about(entry.status_code) for each in acting)
    if not any(each.explains(entry.status_code) for each in acting):
        return replace(entry, faults=told)
    return replace(entry, faults=told, remedy="", meaning=replace(entry.meaning, remedy=""))


def _entry(
    attempt: AttemptDetail,
    earlier: AttemptDetail | None,
    later: AttemptDetail | None,
    due: datetime | None,
    content_type: str | None,
) -> AttemptEntry:
    wait = None if earlier is None else (attempt.at - earlier.at) / timedelta(seconds=1)
    trace = _member(attempt.trace, "trace")
    request = _request(_member(trace, "tracingRequest"))
    answer = _answer(_member(trace, "tracingResponse"))
    cause = _cause(attempt, trace)
    meaning = meaning_of(attempt.status_code, cause, content_type)
    url = str(_member(_member(trace, "tracingRequest"), "requestUrl") or "")
    return AttemptEntry(
        attempt.number,
        brief(attempt.delivery_id),
        attempt.at,
        attempt.wall,
        wait,
        "" if wait is None or earlier is None else _wait_text(wait, earlier.number),
        attempt.status_code,
        meaning,
        attempt.elapsed_ms,
        attempt.ending,
        brief(cause),
        brief(masked_url(other_scheme(cause, url)) or meaning.remedy),
        _next(attempt, later, due),
        request=request,
        answer=answer,
    )


def _wait_text(seconds: float, number: int) -> str:
    """Return how long the wait was, and how long it is planned after that attempt."""
    planned = backoff(number)
    plan = "" if abs(seconds - planned) < 1 else f", planned {spell(planned)} after the answer"
    return f"{spell(max(0.0, seconds))} after attempt {number}{plan}"


def _cause(attempt: AttemptDetail, trace: Any) -> str:
    """Return why there was no answer: as stored, else as the trace says it."""
    if attempt.cause or attempt.status_code < 600:
        return attempt.cause or ""
    text = _member(_member(trace, "tracingResponse"), "responseBody")
    return cause_of(text) if isinstance(text, str) else ""


def _next(attempt: AttemptDetail, later: AttemptDetail | None, due: datetime | None) -> str:
    if attempt.ending == "delivered":
        return "The delivery has ended: it was delivered."
    if attempt.ending == "dropped":
        return f"The delivery has ended: the event is dropped. {_why_dropped(attempt.status_code)}"
    if later is not None:
        return f"Attempt {later.number} followed at {_time(later.at, attempt.at)}."
    if due is not None:
        return f"Attempt {attempt.number + 1} is due at {_time(due, attempt.at)}."
    return f"Attempt {attempt.number + 1} follows after {spell(backoff(max(1, attempt.number)))}."


def _time(moment: datetime, before: datetime) -> str:
    """Return a time of day in UTC, with the date if it is another day than before."""
    return f"{moment:%H:%M:%S}" if moment.date() == before.date() else f"{moment:%Y-%m-%d %H:%M:%S}"


def _why_dropped(status: int) -> str:
    if not is_retried(status):
        return f"{status} is not retried."
    hours = WINDOW // timedelta(hours=1)
    return f"{status} is retried within {hours} hours, and within the attempts that are allowed."


def _request(document: Any) -> TracedMessage | None:
    if not isinstance(document, Mapping):
        return None
    method, url = (str(document.get(name, "")) for name in ("requestMethod", "requestUrl"))
    body = document.get("requestBody")
    line = brief(f"{method} {masked_url(url)}")
    return TracedMessage(line, _headers(document.get("requestHeaders")), _body(body))


def _answer(document: Any) -> TracedMessage | None:
    if not isinstance(document, Mapping):
        return None
    status, took = document.get("responseCode"), document.get("responseTime")
    body = document.get("responseBody")
    line = brief(f"{status} after {took} ms")
    return TracedMessage(line, _headers(document.get("responseHeaders")), _body(body))


def _body(body: Any) -> RawPayload:
    return raw(masked(body if isinstance(body, str) else "").encode("utf-8", "surrogatepass"))


def _headers(document: Any) -> list[ExplainedHeader]:
    return explained(_lines(document)) if isinstance(document, Mapping) else []


def _lines(document: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield the header lines of a trace, which has a list of values for each name."""
    for name, values in document.items():
        for value in values if isinstance(values, list) else [values]:
            yield str(name), str(value)


def masked_trace(document: Any) -> Any:
    """Return a trace with the secrets in its headers, URL and bodies masked; it may have any shape.

    Traces of the API are not masked so: Adobe masks the challenge only.
    """
    if isinstance(document, Mapping):
        return {name: _masked_member(str(name), value) for name, value in document.items()}
    return document


def _masked_member(name: str, value: Any) -> Any:
    if name in ("requestHeaders", "responseHeaders") and isinstance(value, Mapping):
        return {key: _masked_values(str(key), values) for key, values in value.items()}
    if name == "requestUrl" and isinstance(value, str):
        return masked_url(value)
    if name in ("requestBody", "responseBody") and isinstance(value, str):
        return masked(value)
    return masked_trace(value)


def _masked_values(name: str, values: Any) -> Any:
    if isinstance(values, list):
        return [masked_header(name, str(each)) for each in values]
    return masked_header(name, str(values))


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, Mapping) else None
