"""Sample events: read as they would be delivered, or posted to one registration (6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core import payload
from ...core.event import Event, Notification
from ...core.identifiers import uuid4
from ...core.instant import spell as spell_time
from ...core.instant import whole_ms
from ...errors import ApiError
from ...families.base import Family
from ...files.document import Document
from ...scenario import files as scenario_files
from ...scenario.amendment import Change
from ...story.opening import story_of
from ..publishing.directory import form_of_sample
from ..request_body import spell
from ..service import Service
from . import adobe
from .actions import find, find_metadata
from .model import EventMetadata, Provider, content_of

_ENVELOPE = frozenset({"event", "event_id", "eventid", "recipient_client_id", "recipientclientid"})
_NOUNS = "sample event", "sample"
_SEED = 7


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample event; ``format`` is ``adobe_io`` or ``cloud_events``, ``payload`` its JSON."""

    format: str
    payload: str


def read(service: Service, provider: Provider, metadata: EventMetadata) -> Sample | None:
    """Return the sample of a kind of event as a webhook would get it, if there is one."""
    kind = f"{metadata.provider_id}/{metadata.event_code}"
    event_id, producer_id = (uuid4(service.chance.of_ids(f"{noun}/{kind}")) for noun in _NOUNS)
    notification = _kept(service, provider, metadata, producer_id)
    if notification is None:
        return None
    form = form_of_sample(service.installation.client_id, provider, service.options.names)
    event = Event(event_id, whole_ms(service.clock.now()), "delivered", notification)
    return Sample(payload.format_of(event, form), payload.single(event, form).body.decode())


def post(
    service: Service, provider_id: str, code: str, registration_id: str, given: list[Any]
) -> str | None:
    """Publish a sample to one registration only, and return its event id.

    ``given`` holds the JSON to publish instead of the stored sample, or is empty. Nothing is
    published if there is no sample, or if the registration's filter refuses it. Raises
    ``ApiError`` 404 for what does not exist.
    """
    provider = find(service, provider_id)
    metadata = find_metadata(service, provider_id, code)
    registration = service.registrations.find(registration_id)
    if registration is None:
        raise ApiError(404, "Not Found", f"no registration {spell(registration_id)}")
    producer_id = service.new_id("sample")
    notification = (
        _made(service, provider, code, given[0], producer_id)
        if given
        else _kept(service, provider, metadata, producer_id)
    )
    if notification is None:
        return None
    published = service.publishing.publish(provider, notification, only=registration)
    return published.event.id if published.accepted else None


def _kept(
    service: Service, provider: Provider, metadata: EventMetadata, producer_id: str
) -> Notification | None:
    """Return the stored sample; that of a provider of Adobe is an event of a story."""
    if metadata.sample_event_template:
        content = content_of(metadata.sample_event_template)
        return _made(service, provider, metadata.event_code, content, producer_id)
    family = adobe.family_of(service.families, provider, metadata.event_code)
    return _of_story(service, family, metadata.event_code) if family else None


def _of_story(service: Service, family: Family, code: str) -> Notification | None:
    """Return the first event with a code in the scenario that shows it, else in its example.

    A family of the user may name a scenario that is not shipped, or one without its code.
    """
    name = family.codes[code].scenario
    if name is not None and name in scenario_files.shipped():
        document = scenario_files.read_shipped(name)
        if found := _first(service, family, code, document):
            return found
    entry = {family.name: family.codes[code].example}
    document = Document(f"the example of {code}", {"seed": _SEED, "events": [entry]})
    return _first(service, family, code, document)


def _first(service: Service, family: Family, code: str, document: Document) -> Notification | None:
    """Return the first event with a code in a story that begins now."""
    changes = [Change("at", None, "the service's clock")]
    if family.defaults_key:
        org = service.installation.ims_org
        changes.append(Change(f"{family.defaults_key}.org", org, "the installation's organisation"))
    now = whole_ms(service.clock.now())
    story = story_of(document.file, document, changes, now=now, families=service.families)
    found = (each.notification for each in story.events())
    return next((each for each in found if each.event_code == code), None)


def _made(
    service: Service, provider: Provider, code: str, content: Any, producer_id: str
) -> Notification:
    """Return a notification with this content, in the form of the provider's events."""
    if not provider.org:
        return of_adobe(code, content)
    now = whole_ms(service.clock.now())
    return of_custom(provider, code, content, producer_id, now)


def of_adobe(code: str, content: Any) -> Notification:
    """Return a notification of a provider of Adobe with this content.

    The wrapping of a delivery is removed: an array of one, the envelope with its ids, or a
    CloudEvent.
    """
    if isinstance(content, list) and len(content) == 1 and _is_message(content[0]):
        content = content[0]
    content = _data(content)
    if _is_message(content):
        return Notification(code, "messages", content["messages"])
    if isinstance(content, dict) and "event" in content and content.keys() <= _ENVELOPE:
        content = content["event"]
    return Notification(code, "event", content)


def of_custom(
    provider: Provider, code: str, content: Any, producer_id: str, time: datetime
) -> Notification:
    """Return a notification of an organisation's provider: a CloudEvent with this data."""
    attributes = {
        "specversion": "1.0",
        "id": producer_id,
        "source": provider.source,
        "type": code,
        "datacontenttype": "application/json",
        "time": spell_time(time),
        "data": _data(content),
    }
    return Notification(code, "cloud_event", attributes)


def _data(content: Any) -> Any:
    """Return the data of a CloudEvent, and anything else as it is."""
    is_event = isinstance(content, dict) and {"specversion", "data"} <= content.keys()
    return content["data"] if is_event else content


def _is_message(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("messages"), list)
