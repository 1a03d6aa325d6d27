"""All that is known of a registration, in lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ..printable import printable_values
from ._saving import challenge_lines, state_of
from ._tables import destination, moment

Json = dict[str, Any]

_WIDTH = 12


def lines(document: Json, state: Json) -> Iterator[str]:
    """Yield a line for each fact; ``document`` is what the API prints of the registration."""
    for each in document["subscriber_filters"]:
        each["subscriber_filter"] = " ".join(each["subscriber_filter"].split())
    document, state = printable_values([document, state])
    glance, challenge = state["registration"], state["challenge"]
    yield f"{click.style(document['name'], bold=True)} {document['registration_id']}"
    for label, text in _facts(document, glance, challenge):
        yield f"{click.style(f'{label:<{_WIDTH}}', dim=True)} {text}"
    if challenge["outcome"] in ("waiting", "failed"):
        yield from challenge_lines(document["registration_id"], challenge)


def _deliveries(glance: Json) -> str:
    if glance["delivery_type"] != "journal":
        return f"{glance['delivery_type']} to {destination(glance)}"
    kept = glance["webhook_url"] or glance["runtime_action"]
    return f"nothing, it is a journal{f' that keeps the address {kept}' if kept else ''}"


def _facts(document: Json, glance: Json, challenge: Json) -> Iterator[tuple[str, str]]:
    yield "status", state_of(glance)
    yield "delivers", _deliveries(glance)
    if glance["undelivered"]:
        yield "", f"only its journal gets new events: {glance['undelivered']}"
    for each in document["events_of_interest"]:
        yield "event", f"{each['event_code']} of {each.get('provider_label', each['provider_id'])}"
    for each in document["subscriber_filters"]:
        yield "filter", f"{each['name']}: {each['subscriber_filter']}"
    if document["description"]:
        yield "description", document["description"]
    yield "client id", document["client_id"]
    yield "journal", document["_links"]["rel:events"]["href"]
    yield "saved", f"{moment(document['updated_date'])} UTC"
    if challenge["at"]:
        yield "challenge", f"{challenge['outcome']} {moment(challenge['at'])} UTC"
    yield "24 hours", f"{glance['succeeded']:,} ok, {glance['failed']:,} failed"
    yield "under way", f"{glance['pending']:,}"
