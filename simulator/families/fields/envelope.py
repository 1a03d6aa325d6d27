"""The fields around the content of an event: the ``adobe_io`` envelope, or a CloudEvent.

What is in an envelope follows from the code that makes it, for every naming of its ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from ...core import payload
from ...core.event import Event, Notification
from ...core.spec_values import Names, RegistrationSpec
from .table import Field
from .tree import FieldNode
from .types import Json

FORMATS = ("adobe_io", "cloud_events")
"""The delivery formats."""

ENVELOPE_IDS = frozenset(("event_id", "eventid", "recipient_client_id", "recipientclientid"))
"""Members of both formats that only an envelope has."""

_CLOUD_EVENT = {"specversion": "1.0", "id": "", "source": "", "type": ""}
"""A CloudEvent with what each must have (1.5)."""


_SOURCE = "io-events-protocol.md 1.5"


def _field(
    name: str, type_: str, means: str, *values: str, source: str = _SOURCE, grade: str = "A"
) -> tuple[str, Field]:
    return name, Field(name, (type_,), means, source, grade, values=values)


_FIELDS = dict(
    (
        _field("event_id", "uuid", "Event id, the same in all attempts; deprecated."),
        _field("eventid", "uuid", "Event id, the same in all attempts."),
        _field("recipient_client_id", "text", "Client id of the recipient; deprecated."),
        _field("recipientclientid", "text", "Client id of the recipient."),
        _field("specversion", "text", "Version of CloudEvents.", "1.0"),
        _field("id", "text", "Id that the producer gave; not the event id."),
        _field("source", "text", "The provider, as a URI."),
        _field("type", "text", "Event code."),
        _field("datacontenttype", "text", "Media type of data."),
        _field("time", "iso_time", "When the event happened."),
    )
)
"""Member of an envelope → what it is."""

_OTHERS = dict(
    (
        _field("event", "any", "What the producer says.", source="io-events-protocol.md 1.7"),
        _field(
            "messages",
            "array",
            "What the producer says about a failure: an array instead of event.",
            source="flow-run-payloads.md 1.2",
        ),
        _field("data", "any", "What the producer says."),
        _field("data_base64", "text", "Binary data in base64.", source="", grade="gap"),
        _field("dataschema", "text", "URI of the schema of data."),
        _field("subject", "text", "What in the source it is about.", source="", grade="gap"),
        _field("phidata", "boolean", "Whether the producer says that data is about health."),
        _field("xactionid", "text", "An extension of Creative Cloud assets."),
        _field("dataschemaversion", "text", "An extension of Creative Cloud assets."),
        _field("recipient", "object", "An extension of Creative Cloud assets: a user."),
        _field(
            "validationUrl",
            "text",
            "A GET of this URL within 5 minutes proves the webhook.",
            source="io-events-protocol.md 3.2",
        ),
    )
)
"""Member → what it is: the content, and members that flowsim itself does not write."""

BATCH = Field(
    "",
    ("array",),
    "The events of one request, at most 20; one answer counts for all of them.",
    "io-events-protocol.md 1.6",
    "A",
)
"""The array around the events of a batch."""


def explanation_of(name: str) -> Field | None:
    """Return what a member around the content of an event is; None for an unknown one."""
    return _FIELDS.get(name) or _OTHERS.get(name)


def envelope_of(member: str, format_: str, code: str = "") -> tuple[FieldNode, FieldNode]:
    """Return the fields of an envelope, and the node in it that stands for the content.

    ``member`` is where the content is kept (see ``Notification``). Members that are missing with
    one of the namings are optional. With an event ``code``, the type of a CloudEvent is this.
    """
    made = [*_elements(member, format_)]
    required = set.intersection(*map(set, made))
    root = FieldNode()
    for name in dict.fromkeys(name for each in made for name in each):
        root.at(name).said = _FIELDS.get(name)
        root.at(name).optional = name not in required
    if code and format_ == "cloud_events":
        root.at("type").said = replace(_FIELDS["type"], values=(code,))
    if format_ == "adobe_io":
        return root, root.at("event" if member == "cloud_event" else member)
    return root, root.at("data").at(member) if member == "messages" else root.at("data")


def _elements(member: str, format_: str) -> Iterator[Json]:
    """Yield an event without content as it is delivered, for each naming of its ids."""
    content: Any = {**_CLOUD_EVENT, "data": {}} if member == "cloud_event" else {}
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    event = Event("", moment, "delivered", Notification("", member, content))
    for names in get_args(Names):
        form = {"names": names, "event_delivery_format": format_}
        yield json.loads(payload.element(event, RegistrationSpec.model_validate(form)))
