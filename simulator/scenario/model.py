"""The scenario file, format version 1.

Every model refuses keys that it does not know. Rules for a single value are here; rules that need
several values are in ``rules.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from ..core.fault import FaultKind
from ..core.spec_values import (
    Code,
    Duration,
    Expectation,
    Identifier,
    Moment,
    RegistrationSpec,
    SpecModel,
    Text,
    name_and_argument,
    refuse,
)
from ..errors import Nearest
from ..families.flow_run.catalogue import RunError
from ..families.flow_run.spec import FlowRunSpec

EXTENSION = "x-"
"""Prefix of further top-level keys that a scenario may have."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a scenario may use: sources, run errors and faults.

    It is the context in which models are validated.
    """

    sources: Collection[str]
    errors: Mapping[str, RunError]
    faults: Mapping[str, FaultKind]


def _as_fault(value: object) -> object:
    return name_and_argument(value, "fault")


class FaultSpec(SpecModel):
    """A fault by its name, and its argument if one is stated."""

    name: Text
    argument: Any = None

    @model_validator(mode="after")
    def _is_known(self, info: ValidationInfo) -> Self:
        known: Mapping[str, FaultKind] = info.context.faults if info.context else {}
        if not known:
            return self
        if self.name not in known:
            near = Nearest(self.name, known, 3)
            raise refuse("a name of `flowsim faults`", f"unknown fault {self.name!r}", near)
        try:
            known[self.name].parse(self.argument)
        except ValueError as error:
            raise refuse(f"{self.name} with {error}", repr(self.argument)) from None
        return self


FaultField = Annotated[FaultSpec, BeforeValidator(_as_fault), WithJsonSchema({})]


class EventSpec(SpecModel):
    """One event, or several alike: a flow run's notification or a payload of your own."""

    flow_run: FlowRunSpec | None = None
    payload: Any = Field(None, description="Any JSON; replaces the notification.")
    event_code: Code | None = Field(None, description="Follows from the flow run, if left out.")
    event_id: Identifier | None = Field(None, description="Generated, if left out.")
    run: Text | None = Field(None, description="Events with the same label are about one run.")
    override: dict[str, Any] = Field(
        default_factory=dict, description="JSON merge patch on the run entity."
    )
    expect: Expectation = "delivered"
    after: Duration = Field(0.0, description="Story time since the previous event.")
    repeat: Annotated[int, Field(strict=True, ge=1, le=10**9)] = 1
    faults: tuple[FaultField, ...] = Field((), description="Faults of this event.")


def without_extensions(content: Any) -> Any:
    """Return a scenario without its ``x-`` keys, which hold YAML anchors and mean nothing."""
    if not isinstance(content, dict):
        return content
    return {key: each for key, each in content.items() if not str(key).startswith(EXTENSION)}


class Scenario(SpecModel):
    """A story about a dataflow, told as notifications."""

    description: Annotated[str, Field(strict=True, max_length=10_000)] = ""
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = None
    at: Moment | None = Field(None, description="Start of the story; the present if left out.")
    flow: FlowRunSpec = Field(FlowRunSpec(), description="Defaults for every flow run.")
    registration: RegistrationSpec = RegistrationSpec()
    faults: tuple[FaultField, ...] = Field((), description="Faults of every event.")
    events: Annotated[tuple[EventSpec, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _leave_extensions_out(cls, content: Any) -> Any:
        return without_extensions(content)


def json_schema(faults: Mapping[str, FaultKind]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file, for editors."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flowsim scenario, format version 1",
    }
    schema = Scenario.model_json_schema()
    schema["patternProperties"] = {f"^{EXTENSION}": {}}
    event = schema["$defs"]["EventSpec"]
    event["properties"]["flow_run"] = {"$ref": "#/$defs/FlowRunSpec"}
    event["oneOf"] = [{"required": ["flow_run"]}, {"required": ["payload"]}]
    schema["$defs"]["Fault"] = _fault_schema(faults)
    for holder in (schema, event):
        holder["properties"]["faults"]["items"] = {"$ref": "#/$defs/Fault"}
    return {**schema, **head}


def _fault_schema(faults: Mapping[str, FaultKind]) -> dict[str, Any]:
    arguments = {name: dict(kind.argument_schema) for name, kind in faults.items()}
    with_argument = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": arguments,
    }
    return {"anyOf": [{"enum": list(faults)}, with_argument]}
