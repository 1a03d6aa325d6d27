"""What ``flowsim registrations edit`` asks for, as a JSON Patch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._saving import filter_body, interests

if TYPE_CHECKING:
    from ..service_client import ServiceClient

Json = dict[str, Any]


def operations(client: ServiceClient, document: Json, options: Json) -> list[Json]:
    """Return what changes a registration as options say; ``document`` is what it is now."""
    given = {member: options[member] for member in ("name", "description")}
    changes = {member: text for member, text in given.items() if text is not None}
    changes |= _destination(document, options["webhook"], options["delivery_type"])
    if options["codes"]:
        org = document["consumer_id"]
        changes["events_of_interest"] = interests(client, org, options["codes"])
    if options["no_filter"]:
        changes["subscriber_filters"] = []
    if options["filter_file"] is not None:
        changes["subscriber_filters"] = [filter_body(options["filter_file"])]
    return [
        {"op": "replace", "path": f"/{member}", "value": value} for member, value in changes.items()
    ]


def _destination(document: Json, webhook: str | None, delivery_type: str | None) -> Json:
    """Return where events go from now on; what does not go with that is taken away."""
    from ..core.target import parse

    changes: Json = {}
    if webhook is not None:
        changes["webhook_url"] = parse(webhook)
        is_pushed = document["delivery_type"] in ("webhook", "webhook_batch")
        delivery_type = delivery_type or (None if is_pushed else "webhook")
        if document.get("runtime_action") is not None:
            changes["runtime_action"] = None
    if delivery_type is not None:
        changes["delivery_type"] = delivery_type
        if document.get("destination_metadata") is not None:
            changes["destination_metadata"] = None
    return changes
