"""What the commands share that call a running service: where it is, and which registration."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ._options import Duration
from ._output import say

if TYPE_CHECKING:
    from ..service_client import ServiceClient

F = TypeVar("F", bound=Callable[..., Any])

CONTROL = "/_flowsim"


def service_option(function: F) -> F:
    """Add where the service is."""
    return click.option(
        "--service",
        metavar="URL",
        default="http://127.0.0.1:4010",
        show_default=True,
        envvar="FLOWSIM_SERVICE",
        show_envvar=True,
        help="The running service: 4010, :4010 or a URL.",
    )(function)


def service_options(function: F) -> F:
    """Add where the service is, how long to wait for it, and ``--json``."""
    options = [
        service_option,
        click.option(
            "--wait",
            metavar="S",
            type=Duration(),
            default=0.0,
            help="How long to wait for the service to be ready.",
        ),
        click.option("--json", "as_json", is_flag=True, help="JSON, for programs."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def registration_option(help_text: str) -> Callable[[F], F]:
    """Add which registration is meant, by its id, the beginning of it, or its name."""
    return click.option("--registration", metavar="ID", help=help_text)


@contextlib.contextmanager
def connected(service: str, wait: float) -> Iterator[ServiceClient]:
    """Yield a client of the service at an address as people type it, ready if waited for."""
    from ..core.target import parse
    from ..service_client import ServiceClient

    with ServiceClient(parse(service)) as client:
        if wait:
            client.wait(wait)
        yield client


def status_of(client: ServiceClient) -> dict[str, Any]:
    """Return the service at a glance; from then on calls name its client id as api key."""
    status: dict[str, Any] = client.get(f"{CONTROL}/status")
    client.identify(status["installation"]["client_id"])
    return status


def chosen(status: dict[str, Any], named: str | None) -> dict[str, Any]:
    """Return the registration that is meant; the only one need not be named.

    Raises ``SettingError`` that lists what can be named.
    """
    from ..errors import SettingError

    known: list[dict[str, Any]] = status["registrations"]
    if not known:
        raise SettingError("no registration yet; make one with flowsim register --webhook URL")
    found = [each for each in known if named is None or is_meant(each, named)]
    if len(found) == 1:
        return found[0]
    choice = ", ".join(f"{each['registration_id'][:8]} ({each['name']})" for each in known)
    if named is None:
        raise SettingError(f"several registrations; name one with --registration: {choice}")
    problem = "no" if not found else "more than one"
    raise SettingError(f"{problem} registration {named!r}; expected one of {choice}")


def is_meant(registration: dict[str, Any], named: str) -> bool:
    """Tell whether a registration has this id, the beginning of it, or this name."""
    id_: str = registration["registration_id"]
    return registration["name"] == named or (len(named) >= 4 and id_.startswith(named.lower()))


def print_json(content: object) -> None:
    """Print one JSON value on a line of its own."""
    from ..core.json_texts import printed_json

    say(printed_json.line(content), is_exact=True)
