"""What the control calls of the events service take: one model a request body."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from ...core.duration import LONGEST
from ...families.sources import MOST_CHARACTERS
from ...scenario.model import FaultField
from ..request_body import Body

Text = Annotated[str, Field(min_length=1, max_length=1000)]

MISTAKEN = "Mistaken Scenario"
"""The reason of an answer that lists the mistakes of a scenario."""

LONGEST_WAIT = 5.0
"""How long an answer may wait for the clock to arrive, in seconds of real time."""

UNATTENDED = 30.0
"""Seconds of real time for which a manual clock goes on while no request waits for it."""


_FAULT = {
    "anyOf": [{"type": "string"}, {"type": "object", "minProperties": 1, "maxProperties": 1}],
    "title": "Fault",
    "description": "A name of `flowsim faults`, or an object of name and argument.",
}

FaultName = Annotated[FaultField, WithJsonSchema(_FAULT)]
"""A fault as a scenario names it."""


class _Body(Body):
    """A request body; an unknown member is a mistake, unlike in Adobe's interfaces."""

    model_config = ConfigDict(extra="forbid")


class FamilyText(_Body):
    """The text of a family file, whose name is the key of the family in a scenario."""

    file: Text = Field(description="Name of the file, with its folder; it stands in messages.")
    text: Annotated[str, Field(max_length=MOST_CHARACTERS)] = Field(description="YAML.")


class TriggerBody(_Body):
    """A scenario to be published now: a shipped one by its name, or the text of a file."""

    scenario: Text | None = Field(None, description="Name of a shipped scenario, or an event code.")
    text: str | None = Field(None, description="A scenario file, YAML.")
    file: Text = Field("scenario", description="Name of the text in messages about mistakes.")
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] | Literal["random"] | None = None
    at: Text | None = Field(None, description="Start of the story, as in 2026-01-15T09:30:00Z.")
    set: list[str] = Field(
        default_factory=list,
        max_length=1000,
        description="Changes to the story, as in seed=7, or expect=rejected.",
    )
    registration: Text | None = Field(
        None,
        description="Publish only to this registration, even if it does not subscribe to it.",
    )
    registrations: list[Text] | None = Field(
        None,
        max_length=2500,
        description="Publish only to these registrations, each as far as it subscribes.",
    )
    families: list[FamilyText] = Field(
        default_factory=list,
        max_length=100,
        description="Families of the sender, which its scenarios may use beside those known here.",
    )
    dry_run: bool = Field(False, description="Look for mistakes only, and publish nothing.")

    @model_validator(mode="after")
    def _has_one_story(self) -> Self:
        if (self.scenario is None) == (self.text is None):
            raise PydanticCustomError("expected", "exactly one of scenario and text is needed")
        return self


class RedeliverBody(_Body):
    """How an event is to be delivered again."""

    faults: list[FaultName] = Field(
        default_factory=list,
        max_length=20,
        description="Faults of the new deliveries, as in a scenario; those at payload, body, "
        "signature, headers and wire can act.",
    )


class AdvanceBody(_Body):
    """How far a manual clock is to go on, and how long the answer may wait for it."""

    seconds: float = Field(
        ge=0, le=LONGEST, description="Time to let pass; 0 attempts only what is due now."
    )
    wait: float = Field(
        LONGEST_WAIT, ge=0, le=LONGEST_WAIT, description="Seconds of real time to wait, at most."
    )
    timeout: float | None = Field(
        None,
        gt=0,
        le=10,
        description="Seconds of real time for each attempt, instead of 10; "
        "one that takes longer counts as 604.",
    )


class ClockQuery(_Body):
    """How long the answer may wait for a manual clock to arrive."""

    wait: Annotated[float, Field(ge=0, le=LONGEST_WAIT, strict=False)] = Field(
        0.0,
        description="Seconds of real time to wait, at most; above 0, "
        f"a moving clock moves on for {UNATTENDED:g} seconds more.",
    )


class AttemptsQuery(_Body):
    """Which attempts are asked for; the latest of them are shown."""

    event_id: Text | None = Field(
        None, description="Attempts of this event, or of batches in which it is the first."
    )
    registration: Text | None = Field(None, description="Attempts to this registration.")
    limit: Annotated[int, Field(ge=1, le=10_000, strict=False)] = 1000


class SettingsBody(_Body):
    """Settings to change; what is left out stays."""

    names: Literal["both", "new-only", "old-only"] | None = Field(
        None, description="Id members of envelopes: event_id and eventid, or one of them."
    )
    platform_delivery_format: Literal["adobe_io", "cloud_events"] | None = Field(
        None, description="Delivery format of platform notifications."
    )
