"""What a producer publishes: a CloudEvent, or JSON named by headers (io-events-protocol.md 6.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from ...core import cloud_event
from ...core.cloud_event import SOURCE, show, text_mistakes
from ...core.event import Notification
from ...core.instant import spell
from ...errors import ApiError

CLOUD_EVENT = "application/cloudevents+json"
RAW = "application/json"

Header = Callable[[str], str | None]
"""Return the value of a header; upper and lower case of its name are the same."""

_PROVIDER, _CODE, _ID = "x-adobe-event-provider-id", "x-adobe-event-code", "x-event-id"
_PHI = "x-event-phidata"
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Publication:
    """A notification, and the id of the provider it claims to come from."""

    provider_id: str
    notification: Notification


@dataclass(frozen=True, slots=True)
class Origin:
    """What an event in the raw form gets from the service: when it came, and a new id."""

    time: datetime
    new_id: Callable[[], str]


def kind_of(header: Header) -> str:
    """Return which of the two content types a request has; raises ``ApiError`` 415 for others."""
    kind = (header("content-type") or "").partition(";")[0].strip().lower()
    if kind in (CLOUD_EVENT, RAW):
        return kind
    raise ApiError(
        415,
        "Unsupported Media Type",
        f"the content type is {show(kind or None)}; send a CloudEvent as {CLOUD_EVENT}, or any "
        f"JSON as {RAW} with the headers {_PROVIDER} and {_CODE}",
    )


def read(header: Header, content: Any, origin: Origin, strict: bool) -> Publication:
    """Return what a request publishes; raises ``ApiError`` 400 that names its mistakes, or 415."""
    if kind_of(header) == CLOUD_EVENT:
        return _cloud_event(header, content, strict)
    return _raw(header, content, origin)


def _cloud_event(header: Header, content: Any, strict: bool) -> Publication:
    if not isinstance(content, dict):
        _refuse(["the body is not a JSON object"])
    # A null attribute is an absent one (CloudEvents JSON format, 2.2).
    given = {name: value for name, value in content.items() if value is not None or name == "data"}
    _refuse(chain(cloud_event.mistakes(given, strict), _phi_mistakes(header)))
    given.setdefault("specversion", "1.0")
    if _is_phi(header):
        given["phidata"] = True
    attributes = {name: given.pop(name) for name in cloud_event.ORDER if name in given}
    provider_id = attributes["source"][len(SOURCE) :]
    notification = Notification(attributes["type"], "cloud_event", attributes | given)
    return Publication(provider_id, notification)


def _raw(header: Header, content: Any, origin: Origin) -> Publication:
    provider_id, code, id_ = header(_PROVIDER) or "", header(_CODE) or "", header(_ID)
    is_phi = _is_phi(header)
    named = [(_PROVIDER, provider_id), (_CODE, code), *([(_ID, id_)] if is_phi or id_ else [])]
    texts = (text_mistakes(f"the header {name}", value) for name, value in named)
    _refuse(chain(*texts, _phi_mistakes(header)))
    attributes = {
        "specversion": "1.0",
        "id": id_ or origin.new_id(),
        "source": SOURCE + provider_id,
        "type": code,
        "datacontenttype": "application/json",
        "time": spell(origin.time),
        **({"phidata": True} if is_phi else {}),
        "data": content,
    }
    return Publication(provider_id, Notification(code, "cloud_event", attributes))


def _phi_mistakes(header: Header) -> Iterator[str]:
    flag = header(_PHI)
    if flag is not None and flag.strip().lower() not in ("true", "false"):
        yield f"the header {_PHI} is {show(flag)}, expected true or false"


def _is_phi(header: Header) -> bool:
    return (header(_PHI) or "").strip().lower() == "true"


def _refuse(mistakes: Iterable[str]) -> None:
    """Raise ``ApiError`` 400 with the first mistakes, if there are any."""
    named = "; ".join(islice(mistakes, _MOST_NAMED))
    if named:
        raise ApiError(400, "Bad Request", f"this cannot be published: {named}")
