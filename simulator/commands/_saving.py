"""What ``register`` and ``registrations`` share: what is saved, and what is said of a save."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..printable import printable, printable_values
from ._output import say, say_lines
from ._service import CONTROL, next_command, print_json
from ._tables import styled_status

if TYPE_CHECKING:
    from ..service_client import ServiceClient

Interest = dict[str, str]
F = TypeVar("F", bound=Callable[..., Any])

_MOST_CODES = 10
"""How many event codes of a registration are named."""


def saving_options(function: F) -> F:
    """Add what a registration may be saved with, whether it is new or not."""
    options = [
        click.option(
            "filter_file",
            "--filter",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A subscriber-defined filter, JSON; it needs events in CloudEvents.",
        ),
        click.option(
            "--delivery-format",
            type=click.Choice(["adobe_io", "cloud_events"]),
            help="How flow runs are delivered from now on, to every registration.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def filter_body(path: Path) -> dict[str, str]:
    """Return the filter in a file as the API takes it; raises ``SettingError`` if it has none."""
    name = f"from {printable(path.name)}"[:80]
    return {"name": name, "subscriber_filter": _text(path)}


def _text(path: Path) -> str:
    from ..core import texts
    from ..errors import SettingError

    try:
        return texts.decode(path.read_bytes())
    except texts.NoTextError as error:
        raise SettingError(f"--filter {path}: {error}") from None
    except OSError as error:
        raise SettingError(f"--filter {path}: {(error.strerror or str(error)).lower()}") from None


def interests(client: ServiceClient, org: str, codes: tuple[str, ...]) -> list[Interest]:
    """Return the events of interest that codes name, or all of flow runs."""
    found = client.get(f"/events/{org}/providers", eventmetadata="true")
    known = {
        provider["id"]: [each["event_code"] for each in provider["_embedded"]["eventmetadata"]]
        for provider in found["_embedded"]["providers"]
    }
    if codes:
        return [_interest(known, code) for code in codes]
    from ..core.payload import provider_id

    platform = provider_id("platform_notifications")
    return [{"provider_id": platform, "event_code": code} for code in known[platform]]


def _interest(known: dict[str, list[str]], named: str) -> Interest:
    """Return what one ``--event`` names; raises ``SettingError`` if that is not one thing."""
    from ..core.listing import listed
    from ..errors import SettingError

    provider, _, code = named.rpartition("/")
    found = [each for each, codes in known.items() if code in codes and provider in ("", each)]
    if len(found) == 1:
        return {"provider_id": found[0], "event_code": code}
    if found:
        raise SettingError(
            f"--event {named}: several providers have it; expected one of "
            + listed([f"{each}/{code}" for each in found])
        )
    from difflib import get_close_matches

    every = sorted({each for codes in known.values() for each in codes})
    near = get_close_matches(code, every, 1)
    expected = listed(near or every, _MOST_CODES)
    raise SettingError(f"--event {named}: no such event code; expected {expected}")


@contextlib.contextmanager
def delivered_as(client: ServiceClient, form: str | None) -> Iterator[None]:
    """Let flow runs be delivered in a format, unless what is saved meanwhile is refused."""
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
        text = f"flow runs are delivered in the format {form} from now on, to every registration"
        say(text, err=True)


def _set_format(client: ServiceClient, form: str) -> str:
    """Set the delivery format of flow runs, and return what it was."""
    path, name = f"{CONTROL}/settings", "platform_delivery_format"
    before: str = client.get(path)[name]
    client.call("PATCH", path, {name: form})
    return before


def report(client: ServiceClient, saved: dict[str, Any], as_json: bool) -> bool:
    """Say what a save has led to; return false if the webhook failed its challenge."""
    state = client.get(f"{CONTROL}/registrations/{saved['registration_id']}")
    challenge = state["challenge"]
    if as_json:
        print_json(saved | {"challenge": challenge})
    else:
        shown, seen = printable_values([saved, state])
        say_lines(_lines(shown, seen["registration"]))
        say_lines(challenge_lines(shown["registration_id"], seen["challenge"]), err=True)
    return bool(challenge["outcome"] != "failed")


def _lines(saved: dict[str, Any], glance: dict[str, Any]) -> Iterator[str]:
    from ..core.listing import listed

    yield f"{click.style(saved['name'], bold=True)} {saved['registration_id']}"
    codes = listed([each["event_code"] for each in saved["events_of_interest"]], _MOST_CODES)
    yield f"{state_of(glance)}, asks for {codes}"
    if glance["undelivered"]:
        yield f"only its journal gets new events: {glance['undelivered']}"


def state_of(glance: dict[str, Any]) -> str:
    """Return the status of a registration, and whether it is switched off."""
    return styled_status(glance["status"]) + ("" if glance["enabled"] else " (switched off)")


def challenge_lines(registration_id: str, challenge: dict[str, Any]) -> Iterator[str]:
    """Yield what is to be done about a challenge that was not passed."""
    from ..core.shell_words import quoted

    id_ = registration_id[:8]
    if challenge["outcome"] == "waiting":
        minutes = -(-challenge["seconds_left"] // 60)
        time = "1 minute" if minutes == 1 else f"{minutes:.0f} minutes"
        if challenge["reason"]:
            yield f"the webhook did not pass the challenge: {challenge['reason']}"
        yield "the webhook took a validation URL, which waits to be opened"
        yield f"next, within {time}: curl {quoted(challenge['validation_url'])}"
    if challenge["outcome"] == "failed":
        yield f"the webhook did not answer the challenge: {challenge['reason']}"
        yield f"all attempts: {next_command('traces', '--registration', id_, '--errors')}"
        yield f"next, once it answers: {next_command('registrations', 'challenge', id_)}"
