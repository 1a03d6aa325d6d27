"""The fields around the content of an event: the ``adobe_io`` envelope, or a CloudEvent.

What is in an envelope follows from the code that makes it, for every naming of its ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from ...core.envelope import USUAL_CLOUD_EVENT, members_of, usual_envelope
from ...core.spec_values import Names
from .table import EnvelopeTable, Field
from .tree import FieldNode, tree_of

FORMATS = ("adobe_io", "cloud_events")
"""The delivery formats."""

ENVELOPE_IDS = frozenset(("event_id", "eventid", "recipient_client_id", "recipientclientid"))
"""Members of both formats that only an envelope has."""

_CONTENT = ("event", "messages", "data")
"""Members with the content: its own table says what it is."""


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


def envelope_of(
    member: str,
    format_: str,
    code: str = "",
    own: EnvelopeTable | None = None,
    *,
    in_journal: bool = False,
) -> tuple[FieldNode, FieldNode]:
    """Return the fields of an envelope, and the node in it that stands for the content.

    ``member`` is where the content is kept (see ``Notification``). Members that are missing with
    one of the namings are optional. With an event ``code``, the type of a CloudEvent is this.
    ``own`` is the envelope of a family that has one. ``in_journal`` asks for an entry of a journal,
    which may be the content alone: then both nodes are one.
    """
    known = own or EnvelopeTable()
    if known.is_bare_in_journal and in_journal:
        root = FieldNode()
        return root, root
    template = known.members.get(format_) or dict.fromkeys(_usual(member, format_), False)
    root = _members(template, known, format_ == "cloud_events")
    if code and format_ == "cloud_events":
        said = root.at("type").said or _FIELDS["type"]
        root.at("type").said = replace(said, values=(code,))
    if format_ == "adobe_io":
        return root, root.at("event" if member == "cloud_event" else member)
    return root, root.at("data").at(member) if member == "messages" else root.at("data")


def _usual(member: str, format_: str) -> Mapping[str, Any]:
    if format_ == "cloud_events":
        return USUAL_CLOUD_EVENT
    return usual_envelope("event" if member == "cloud_event" else member)


def _members(template: Mapping[str, bool], own: EnvelopeTable, is_cloud: bool) -> FieldNode:
    """Return the members of a template, which says of each whether it may be missing."""
    made = [members_of(tuple(template), names, is_cloud) for names in get_args(Names)]
    required = set.intersection(*map(set, made))
    root = tree_of(own.fields.values())
    named = dict.fromkeys(name for each in made for name in each)
    ordered = {name: root.members.get(name) or FieldNode() for name in named}
    root.members = ordered | {name: each for name, each in root.members.items() if name in ordered}
    for name, node in ordered.items():
        node.said = node.said or explanation_of(name) if name not in _CONTENT else None
        node.optional = template.get(name, False) or name not in required
    return root
