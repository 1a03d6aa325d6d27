"""The faults of a delivery as far as the page knows them, and what they say about an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.delivery import is_retried
from ...core.shell_words import quoted
from ...core.wire import Wire
from ...families.registry import FAULTS
from ...files import yaml_writing

_DURATION = re.compile(r"[0-9.]+[a-z]+")


@dataclass(frozen=True, slots=True)
class KnownFault:
    """A fault that acts on each attempt of a delivery, or on the first ones.

    ``summary`` says what it does, ``proves`` what a correct webhook shows, and ``expect`` what
    becomes of the event there. ``argument`` is None for the default.
    """

    name: str
    argument: Any
    point: str
    summary: str
    proves: str
    expect: str

    @property
    def option(self) -> str:
        """The fault as an option of ``flowsim redeliver``."""
        if self.argument is None:
            return f"--fault {self.name}"
        is_duration = isinstance(self.argument, str) and _DURATION.fullmatch(self.argument)
        argument = self.argument if is_duration else yaml_writing.scalar(self.argument)
        return f"--fault {quoted(f'{self.name}={argument}')}"

    def acts_at(self, attempt: int) -> bool:
        """Tell whether it acts at an attempt, from 1: some faults of the wire end after a few."""
        if self.point != "wire":
            return True
        fault, plain = FAULTS[self.name].fault(self.argument), Wire(attempt)
        return bool(fault.act(plain, fault) != plain)

    def about(self, status: int) -> str:
        """Return in sentences what it does, and what it says about the status of an answer."""
        said = f"{self.name}: {self.summary} Expected of the webhook: {self.proves}."
        if self.expect == "delivered" or not 200 <= status < 600:
            return said
        if self.explains(status):
            return f"{said} So {status} is right."
        is_wrong = not is_retried(status) or self.expect == "not-retried"
        return f"{said} So {status} is wrong." if is_wrong else said

    def explains(self, status: int) -> bool:
        """Tell whether a correct webhook gives this answer, which is no 2xx."""
        is_refusal = 400 <= status < 500 and not is_retried(status)
        return is_refusal and self.expect in ("rejected", "not-delivered", "not-retried")


def known_faults(named: Iterable[tuple[str, Any]]) -> tuple[KnownFault, ...]:
    """Return faults by their names and arguments; those of other versions are left out."""
    return tuple(_known(name, argument) for name, argument in named if name in FAULTS)


def _known(name: str, argument: Any) -> KnownFault:
    kind = FAULTS[name]
    return KnownFault(name, argument, kind.point, kind.summary, kind.proves, kind.expect)


def at_wire(faults: Sequence[KnownFault]) -> list[KnownFault]:
    """Return those of the faults that act on the wire, after the delivery was signed."""
    return [each for each in faults if each.point == "wire"]
