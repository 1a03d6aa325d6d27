"""What ``register`` and ``registrations edit`` share: options, events of interest, the result."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.printable import printable, printable_values
from . import _options
from ._options import F, option
from ._output import say, say_lines
from ._registration_lines import MOST_CODES, challenge_lines, saved_lines
from ._service import CONTROL, Json, ServiceCall
from ._types import EVENT_CODE

if TYPE_CHECKING:
    from ..events_service.client import ServiceClient

Interest = dict[str, str]


webhook_option = option("--webhook URL", "3000, :3000/hook, localhost:3000/hook or a URL.")
"""The address of a webhook."""


def events_option(otherwise: str) -> Callable[[F], F]:
    """Add which events are asked for; ``otherwise`` ends the help."""
    return option(
        "codes --event CODE",
        "An event code of flowsim events, or PROVIDER_ID/CODE with the provider's id in the API, a "
        f"UUID; repeatable; {otherwise}",
        EVENT_CODE,
        multiple=True,
    )


saving_options = _options.added(
    option(
        "filter_file --filter FILE",
        "A JSON file with a subscriber-defined filter, bare or as the API takes it; works only for "
        "events in CloudEvents.",
        click.Path(exists=True, dir_okay=False, path_type=Path),
    ),
    option(
        "--delivery-format",
        "Format in which platform notifications reach every registration from now on.",
        ["adobe_io", "cloud_events"],
    ),
)
"""Options of a registration that is created or changed."""


def filter_body(path: Path) -> Json:
    """Return the filter in a file as the API takes it.

    The file holds the filter itself, or the object of the API: ``name``, ``subscriber_filter``
    (the filter as JSON text in a string) and perhaps ``description``. The service judges both.
    Raises ``SettingError`` if the file cannot be read.
    """
    text = _text(path)
    if (body := _of_api(text)) is not None:
        return body
    return {"name": f"from {printable(path.name)}"[:80], "subscriber_filter": text}


def _of_api(text: str) -> Json | None:
    """Return the object of the API that a text holds; None for a filter itself, or no JSON.

    A filter has no text at its top, only lists and objects: so ``name`` tells the two apart.
    """
    from ..core.json_reading import parse_text

    try:
        content = parse_text(text)
    except ValueError:
        return None
    is_object = isinstance(content, dict) and "subscriber_filter" in content
    return content if is_object and isinstance(content.get("name"), str) else None


def _text(path: Path) -> str:
    from ..core.system_reasons import reason_of
    from ..errors import SettingError
    from ..files import texts

    try:
        return texts.decode(path.read_bytes())
    except texts.NoTextError as error:
        raise SettingError(f"--filter {path}: {error}") from None
    except OSError as error:
        raise SettingError(f"--filter {path}: {reason_of(error)}") from None


def interests(client: ServiceClient, org: str, codes: tuple[str, ...]) -> list[Interest]:
    """Return the events of interest for codes.

    Without codes they are all of flow runs, or all there are if there is no family of flow runs.
    """
    found = client.get(f"/events/{org}/providers", eventmetadata="true")
    known = {
        provider["id"]: [each["event_code"] for each in provider["_embedded"]["eventmetadata"]]
        for provider in found["_embedded"]["providers"]
    }
    if codes:
        return [_interest(known, code) for code in codes]
    from ..core.payload import provider_id

    platform = provider_id("platform_notifications")
    wanted = {platform: known[platform]} if known.get(platform) else known
    return [
        {"provider_id": provider, "event_code": code}
        for provider, found in wanted.items()
        for code in found
    ]


def _interest(known: dict[str, list[str]], named: str) -> Interest:
    """Return the event that ``--event`` names; raises ``SettingError`` if none or several match."""
    from ..core.printable import brief, listed
    from ..errors import SettingError
    from ..families.registry import shipped
    from ..families.unknown_code import remedy, remedy_of_family

    provider, _, code = named.rpartition("/")
    having = [each for each, codes in known.items() if code in codes and provider in ("", each)]
    if len(having) == 1:
        return {"provider_id": having[0], "event_code": code}
    if having:
        raise SettingError(
            f"--event {named}: several providers have it; expected one of "
            + listed([f"{each}/{code}" for each in having])
        )
    if provider and provider not in known:
        found = f"no provider {brief(provider)!r}; {_provider_remedy(known, provider, code)}"
    else:
        of = {provider: known[provider]} if provider else known
        every = sorted({each for codes in of.values() for each in codes})
        is_family = remedy_of_family(code, shipped())
        near = is_family or remedy(code, every, every=f"one of {listed(every, MOST_CODES)}")
        found = f"no event code {brief(code)!r}; {near}"
    raise SettingError(f"--event {brief(named)}: {found}")


def _provider_remedy(known: dict[str, list[str]], name: str, code: str) -> str:
    """Return what to type instead of a provider that the service does not have."""
    from ..core.payload import provider_id
    from ..core.printable import listed

    id_ = provider_id(name)  # it may be the metadata id, as x-adobe-provider has it
    found = [id_] if id_ in known else [each for each, codes in known.items() if code in codes]
    such = f", as in {listed([f'{each}/{code}' for each in found], 3)}" if found else ""
    return f"expected PROVIDER_ID as the API lists it, a UUID{such}"


@contextlib.contextmanager
def delivered_as(client: ServiceClient, form: str | None) -> Iterator[None]:
    """Set the format of platform notifications; set it back if the service refuses the block."""
    from ..errors import ServiceError

    if form is None:
        yield
        return
    before = _set_format(client, form)
    try:
        yield
    except ServiceError:
        _set_format(client, before)
        raise
    if before != form:
        text = f"platform notifications reach every registration in the format {form} from now on"
        say(text, err=True)


def _set_format(client: ServiceClient, form: str) -> str:
    """Set the delivery format of platform notifications, and return what it was."""
    path, name = f"{CONTROL}/settings", "platform_delivery_format"
    before: str = client.get(path)[name]
    client.call("PATCH", path, {name: form})
    return before


def report(call: ServiceCall, saved: Json, hint: str = "") -> bool:
    """Print the result of a save; return false if the webhook failed its challenge.

    ``hint`` is about the event codes that were asked for.
    """
    state = call.client.get(f"{CONTROL}/registrations/{saved['registration_id']}")
    shown, seen = printable_values([saved, state])
    lines = saved_lines(shown, seen["registration"], hint)
    call.show(saved | {"challenge": state["challenge"]}, lines)
    if not call.as_json:
        say_lines(challenge_lines(shown["registration_id"], seen["challenge"]), err=True)
    return bool(state["challenge"]["outcome"] != "failed")


def operations(client: ServiceClient, document: Json, options: Json) -> list[Json]:
    """Return the JSON Patch that options ask for; ``document`` is the registration as it is now."""
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
    """Return the members for a new destination; members that contradict it become None."""
    from ..core.targets import parse_target

    changes: Json = {}
    if webhook is not None:
        changes["webhook_url"] = parse_target(webhook)
        is_pushed = document["delivery_type"] in ("webhook", "webhook_batch")
        delivery_type = delivery_type or (None if is_pushed else "webhook")
        if document.get("runtime_action") is not None:
            changes["runtime_action"] = None
    if delivery_type is not None:
        changes["delivery_type"] = delivery_type
        if document.get("destination_metadata") is not None:
            changes["destination_metadata"] = None
    return changes
