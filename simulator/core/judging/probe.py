"""Requests of a check that deliver no event: the proofs that a webhook is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Challenge:
    """GET with a challenge, which is a fresh UUID behind ``prefix``.

    With ``query`` the webhook's address has that query before.
    """

    prefix: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """POST of a validation URL; it leads to our key host, or to a ``foreign`` one."""

    foreign: bool = False


Probe = Challenge | Validation
