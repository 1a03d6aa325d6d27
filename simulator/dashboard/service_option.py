"""Commands that pages show, and their option ``--service``."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.shell_words import quoted
from ..events_service import api

_USUAL = "http://127.0.0.1:4010"


def service_option() -> str:
    """Return what a command needs to reach the service of this request, with a space before it.

    It is empty at the usual address.
    """
    url = api.base_url()
    return "" if url == _USUAL else f" --service {quoted(url)}"


@dataclass(frozen=True, slots=True)
class FirstCommands:
    """Commands that work when pasted: with them a new service gets its first registrations."""

    receive: str
    register: str
    journal: str


def first_commands(client_id: str) -> FirstCommands:
    """Return the first commands for the service of this request, whose recipient is given."""
    here = service_option()
    return FirstCommands(
        f"flowsim receive --port 3000 --client-id {quoted(client_id)}",
        f"flowsim register --webhook 3000{here}",
        f"flowsim register --journal --name reader{here}",
    )
