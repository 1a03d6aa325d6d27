"""What a developer asks for: scenario files, format version 1.

Every model refuses keys it does not know. The rules of a single value stand here; the rules
that need several values stand in ``scenario_rules.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from ..errors import Nearest
from .fault import FaultKind
from .run_error import RunError
from .scenario_values import (
    COUNT_MAX,
    ClientId,
    Code,
    Count,
    Duration,
    Expectation,
    Identifier,
    Moment,
    Percent,
    Text,
    refuse,
)

EXTENSION = "x-"
"""What top-level keys begin with that a scenario may have beside its own."""

USUAL_SOURCE = "amazon-s3"
"""The source of a flow run that states none."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a scenario may use: sources and run errors of the catalogues, faults.

    It is the context in which scenarios are validated.
    """

    sources: Collection[str]
    errors: Mapping[str, RunError]
    faults: Mapping[str, FaultKind]


def _as_error(value: object) -> object:
    if isinstance(value, dict):
        return {**value, "code": _code(value["code"])} if "code" in value else value
    code = _code(value)
    if not isinstance(code, str):
        raise refuse("a code of the catalogue, or {code, message} of your own")
    return {"code": code}


def _code(value: object) -> object:
    """Return a code as text; YAML reads 2200 as a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and 0 <= value <= COUNT_MAX else value  # type: ignore[operator]


def _as_sandbox(value: object) -> object:
    if not isinstance(value, str | dict) and value is not None:
        raise refuse("a name, or {name, id}")
    return {"name": value} if isinstance(value, str) else value


def _as_fault(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict) or len(value) != 1:
        raise refuse("the name of a fault, or {name: argument}")
    ((name, argument),) = value.items()
    return {"name": name, "argument": argument}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Records(_Model):
    """Record counts of a flow run."""

    input: Count | None = Field(None, description="Records read from the source.")
    failed: Count | None = Field(None, description="Records rejected at promotion.")
    output: Count | None = Field(
        None, description="Records that arrived; input minus failed, if left out."
    )


class Bytes(_Model):
    """Sizes of a flow run in bytes."""

    input: Count | None = Field(None, description="Bytes read from the source.")
    copied: Count | None = Field(
        None, description="Bytes that copy hands to promotion; as many as read, if left out."
    )
    output: Count | None = Field(None, description="Bytes written to the data lake.")


class Files(_Model):
    """File counts of a flow run."""

    input: Count | None = Field(None, description="Files read from the source.")
    output: Count | None = Field(None, description="Files written to the data lake.")


class Sandbox(_Model):
    """A sandbox of the organisation."""

    name: Text = Field("prod", description="Lower-case name.")
    id: Identifier | None = Field(None, description="UUID; generated, if left out.")


class RunErrorSpec(_Model):
    """A code of the error catalogue, or a code and message of your own."""

    code: Text
    message: Annotated[str, Field(strict=True, max_length=100_000)] | None = None

    @model_validator(mode="after")
    def _is_known(self, info: ValidationInfo) -> Self:
        known = info.context.errors if info.context else ()
        if self.message is None and known and self.code not in known:
            other = "a code of `flowsim scenarios --errors`, or {code, message} of your own"
            found = f"unknown error code {self.code!r}"
            raise refuse(other, found, Nearest(self.code, known))
        return self


@dataclass(frozen=True, slots=True)
class _OrPlain:
    """Tells the JSON Schema that a model may also be written as a plain value."""

    kinds: tuple[str, ...]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [*({"type": kind} for kind in self.kinds), handler(schema)]}


SandboxField = Annotated[Sandbox, BeforeValidator(_as_sandbox), _OrPlain(("string",))]
ErrorField = Annotated[RunErrorSpec, BeforeValidator(_as_error), _OrPlain(("string", "integer"))]


class FaultSpec(_Model):
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


class FlowRunSpec(_Model):
    """One execution of a dataflow. What is left out is generated, realistic and consistent."""

    source: Text | None = Field(None, description="A name from the source catalogue.")
    id: Identifier | None = Field(None, description="The flow's id (flowId).")
    name: Text | None = Field(None, description="The flow's name; another name, another flow.")
    org: Identifier | None = Field(None, description="IMS organisation, as in 0A1B…@AdobeOrg.")
    sandbox: SandboxField | None = Field(None, description="Name, or {name, id}.")
    source_connection: Identifier | None = Field(None, description="Source connection id.")
    target_connection: Identifier | None = Field(None, description="Target connection id.")
    partial_ingestion_percent: Percent | None = Field(
        None, description="Error threshold. Without it any failed record fails the run."
    )
    threshold: Literal["strict", "inclusive"] = Field(
        "strict", description="strict: failures must stay below the percentage; inclusive: at most."
    )
    status: Literal["success", "partialSuccess", "failed"] | None = Field(
        None, description="Follows from the record counts; if given, it overrules them."
    )
    stage: Literal["copy", "promotion"] | None = Field(
        None, description="Where a failed run failed."
    )
    records: Records = Records()
    bytes: Bytes = Bytes()
    files: Files = Files()
    errors: tuple[ErrorField, ...] = Field((), description="Codes, or {code, message}.")
    duration: Duration | None = Field(None, description="From the run's start to its end.")
    shape: Literal["consistent", "as-documented"] = Field(
        "consistent", description="as-documented adds the oddities of the published samples."
    )
    failure_code: Literal["sources_flow_run_failed", "sources_flow_run_failure"] = Field(
        "sources_flow_run_failed", description="Event code of a failed run, in header and body."
    )

    @field_validator("source")
    @classmethod
    def _is_known(cls, source: str | None, info: ValidationInfo) -> str | None:
        known = info.context.sources if info.context else ()
        if source is not None and known and source not in known:
            expected = "a source of `flowsim scenarios --sources`"
            raise refuse(expected, f"unknown source {source!r}", Nearest(source, known))
        return source


Names = Literal["both", "new-only", "old-only", "as-documented"]


class RegistrationSpec(_Model):
    """Who the notifications are for, and in which form."""

    client_id: ClientId = "0123456789abcdef0123456789abcdef"
    delivery_type: Literal["webhook", "webhook_batch"] = "webhook"
    event_delivery_format: Literal["adobe_io", "cloud_events"] = "adobe_io"
    names: Names = Field(
        "both",
        description="Which id members the envelope carries: eventid and recipientclientid (new), "
        "event_id and recipient_client_id (old), both, or only what the samples print.",
    )
    provider: Identifier = Field(
        "platform_notifications", description="Value of the header x-adobe-provider."
    )


class EventSpec(_Model):
    """One event, or several alike: a flow run's notification or a payload of your own."""

    flow_run: FlowRunSpec | None = None
    payload: Any = Field(None, description="Any JSON; stands in the place of the notification.")
    event_code: Code | None = Field(None, description="Follows from the flow run, if left out.")
    event_id: Identifier | None = Field(None, description="Generated, if left out.")
    run: Text | None = Field(None, description="Events with the same label tell about one run.")
    override: dict[str, Any] = Field(
        default_factory=dict, description="JSON merge patch on the run entity."
    )
    expect: Expectation = "delivered"
    after: Duration = Field(0.0, description="Story time since the previous event.")
    repeat: Annotated[int, Field(strict=True, ge=1, le=10**9)] = 1
    faults: tuple[FaultField, ...] = Field((), description="What goes wrong with this event.")


def without_extensions(content: Any) -> Any:
    """Return a scenario without its ``x-`` keys: the place for anchors, which says nothing."""
    if not isinstance(content, dict):
        return content
    return {key: each for key, each in content.items() if not str(key).startswith(EXTENSION)}


class Scenario(_Model):
    """A story about a dataflow, told as notifications."""

    description: Annotated[str, Field(strict=True, max_length=10_000)] = ""
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = None
    at: Moment | None = Field(None, description="The clock of the story; the present if left out.")
    flow: FlowRunSpec = Field(FlowRunSpec(), description="Defaults for every flow run.")
    registration: RegistrationSpec = RegistrationSpec()
    faults: tuple[FaultField, ...] = Field((), description="What goes wrong with every event.")
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
