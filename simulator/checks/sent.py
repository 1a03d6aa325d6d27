"""What a run of checks has sent so far, and why it did not send the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from .check_run import CheckRun
from .pace import Pace


@dataclass(slots=True)
class Sent:
    """What was sent: name of a check → its run.

    ``others`` are runs that are not judged: what was sent to measure the webhook, to come before
    late duplicates, or in vain since the webhook put it off. ``pace`` is what the webhook needs.
    ``stopped`` says why the other checks were not sent, ``unfit`` why a check was not, by its name.
    ``recognised`` says what answers in the place of a webhook. ``is_broken`` says that it accepted
    the first event, and no plain event at the end.
    """

    runs: dict[str, CheckRun] = field(default_factory=dict)
    others: list[CheckRun] = field(default_factory=list)
    pace: Pace | None = None
    stopped: str = "the checks were stopped before"
    unfit: dict[str, str] = field(default_factory=dict)
    recognised: str = ""
    is_broken: bool = False
