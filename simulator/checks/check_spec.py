"""What a user's check may say, and its JSON Schema for editors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from ..core.spec_values import Duration, name_and_argument, refuse
from ..errors import Nearest
from .groups import groups
from .judges import JUDGES

NAME = r"(?!x-)(?=.{1,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""What the name of a check looks like; keys that begin with x- are for anchors."""

PAGE = r"https?://[!-~]{1,500}"
QUERY = r"[A-Za-z0-9._~%=&+-]{0,200}"


def _printable(text: str) -> str:
    """Return text on one line; refuse what cannot be printed."""
    text = " ".join(text.split())
    if not text.isprintable() or not text:
        raise refuse("text that can be printed")
    return text


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _expect(pattern: str, wanted: str, text: str) -> str:
    """Return text that matches a pattern; refuse other text and name the expected form."""
    if not re.fullmatch(pattern, text):
        raise refuse(wanted)
    return text


def _as_probe(value: object) -> object:
    return {value: {}} if isinstance(value, str) else value


def _as_judge(value: object) -> object:
    found = name_and_argument(value, "judge")
    return {**found, "has_argument": "argument" in found}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _expect_group(text: str) -> str:
    """Return the name of a group; which there are follows from the families that bring checks."""
    if text not in groups():
        *others, last = groups()
        raise refuse(f"{', '.join(others)} or {last}")
    return text


Group = Annotated[str, Field(strict=True), AfterValidator(_expect_group)]
Line = Annotated[str, Field(strict=True, min_length=1, max_length=200), AfterValidator(_printable)]
Paragraph = Annotated[
    str, Field(strict=True, min_length=1, max_length=2000), AfterValidator(_printable)
]
PageUrl = Annotated[
    str,
    Field(strict=True),
    AfterValidator(partial(_expect, PAGE, "an address, as in https://example.com/webhooks")),
    WithJsonSchema({"type": "string", "pattern": f"^{PAGE}$"}),
]
Query = Annotated[
    str,
    Field(strict=True),
    AfterValidator(partial(_expect, QUERY, "a query, as in tenant=a&region=eu")),
    WithJsonSchema({"type": "string", "pattern": f"^{QUERY}$"}),
]


ARGUMENTS: Mapping[str, tuple[Any, str]] = {
    "most": (Annotated[int, Field(strict=True, ge=0, le=10**6)], "20"),
    "expected": (Line, "a 2xx"),
    "endings": (Annotated[list[Line], Field(min_length=1, max_length=1000)], "[token, key]"),
}
"""Name of a judge's argument → its type, and an example of it."""


class ChallengeSpec(_Model):
    """GET with a challenge, which is a fresh UUID."""

    prefix: Annotated[str, Field(strict=True, max_length=200)] = Field(
        "", description="Text before the UUID."
    )
    query: Query = Field(
        "", description="A query that the webhook's address already has, as in tenant=a."
    )


class ValidationSpec(_Model):
    """POST of a validation URL."""

    foreign: Annotated[bool, Field(strict=True)] = Field(
        False, description="It leads to a host that is not Adobe's."
    )


class ProbeSpec(_Model):
    """A request that delivers no event: one of the two."""

    challenge: ChallengeSpec | None = None
    validation: ValidationSpec | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        is_none = self.challenge is None and self.validation is None
        if is_none or len(self.model_fields_set) > 1:
            raise refuse("challenge, validation, or one of them with what it says")
        return self

    @property
    def kind(self) -> str:
        """``challenge`` or ``validation``."""
        return "validation" if self.challenge is None else "challenge"


class JudgeSpec(_Model):
    """A judge by its name, and its argument if it takes one."""

    name: Annotated[str, Field(strict=True)]
    argument: Any = None
    has_argument: bool = False

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.name not in JUDGES:
            near = Nearest(self.name, JUDGES, 3)
            wanted = "a judge of `flowsim schema --checks`"
            raise refuse(wanted, f"unknown judge {self.name!r}", near)
        kind = JUDGES[self.name]
        if not kind.argument:
            if self.has_argument:
                raise refuse(f"{self.name} alone, which takes no argument")
            return self
        self._read_argument(*ARGUMENTS[kind.argument])
        return self

    def _read_argument(self, kind: Any, example: str) -> None:
        try:
            TypeAdapter(kind).validate_python(self.argument)
        except ValidationError:
            found = repr(self.argument) if self.has_argument else f"{self.name} alone"
            raise refuse(f"an argument as in {{{self.name}: {example}}}", found) from None


class CheckSpec(_Model):
    """A check: one statement about a webhook, what is sent for it, and what decides it."""

    group: Group = Field(description="Where it is listed.")
    level: Literal["must", "should", "note"] = Field(
        description="Whether a failure fails the run: must; with --strict also should."
    )
    claim: Line = Field(description="One sentence that is true of a webhook that passes.")
    why: Paragraph = Field(description="Why it matters.")
    page: PageUrl = Field(description="Address of a page that says more.")
    advice: Paragraph = Field(description="What to do if it fails.")
    source: Annotated[list[Line], BeforeValidator(_as_list)] = Field(
        [], description="Where the fact is written."
    )
    events: list[Any] = Field(
        [],
        description="Events as in a scenario; {} is a run that succeeds. Three words are replaced: "
        "{same} by an event id, one for the whole check, {foreign} by the address of a host that "
        "the webhook must never go to, {foreign-http} by its address for plain HTTP. In the "
        "registration {client-id} is replaced by the client id of the webhook.",
    )
    registration: dict[str, Any] = Field({}, description="As in a scenario.")
    age: Duration = Field(0.0, description="How long ago the first event happened.")
    probes: Annotated[
        list[Annotated[ProbeSpec, BeforeValidator(_as_probe)]], Field(max_length=100)
    ] = Field([], description="Challenges and validations, in their order.")
    new_keys: Annotated[bool, Field(strict=True)] = Field(
        False, description="The events are signed with keys that the webhook has not seen."
    )
    tried_later: Annotated[bool, Field(strict=True)] = Field(
        False,
        description="What the webhook refuses with 429 or 5xx is tried again after some seconds. "
        "A key host that was down is up again then.",
    )
    at_once: Annotated[int, Field(strict=True, ge=1, le=20)] | None = Field(
        None, description="Most attempts at the same time; 20 if left out."
    )
    again: Literal["end", "restart"] | None = Field(
        None,
        description="When all deliveries are sent once more: at the end of the run, behind many "
        "other events, or after --restart has restarted the webhook.",
    )
    sweep: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = Field(
        None,
        description="How many events are sent with several mutations each: those of events, or "
        "events of all kinds if there are none.",
    )
    thorough: Annotated[bool, Field(strict=True)] = Field(
        False, description="It is only sent with --thorough."
    )
    thorough_events: list[Any] = Field(
        [], description="Events that are sent in place of the others with --thorough."
    )
    must_for: Literal["batches", "cloud_events", "key_host"] | None = Field(
        None, description="Its level is must for webhooks that use this."
    )
    follows: list[Line] = Field(
        [],
        description="Names of checks: a webhook that fails one of them fails this one for the same "
        "cause.",
    )
    harm: Literal["lost", "forged", "twice", "wrong", "retried", "untidy"] | None = Field(
        None,
        description="What becomes of events if it fails: they are lost, forged ones are accepted, "
        "they are processed twice, kept wrong, sent again in vain, or none of these. A failed must "
        "loses events, and any other check is untidy, if left out.",
    )
    may_be_ignored: Annotated[bool, Field(strict=True)] = Field(
        False, description="A webhook may acknowledge its events and leave them out."
    )
    judge: Annotated[JudgeSpec, BeforeValidator(_as_judge), WithJsonSchema({})] | None = Field(
        None, description="What decides; as_expected, if left out."
    )
