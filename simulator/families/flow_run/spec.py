"""What a scenario says about flow runs; all of it is optional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from ...core.spec_values import (
    COUNT_MAX,
    Count,
    Duration,
    Identifier,
    Percent,
    SpecModel,
    Text,
    refuse,
)
from ...errors import Nearest
from . import catalogue

USUAL_SOURCE = "amazon-s3"
"""The source of a flow run, if none is stated."""


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


class Records(SpecModel):
    """Record counts of a flow run."""

    input: Count | None = Field(None, description="Records read from the source.")
    failed: Count | None = Field(None, description="Records rejected at promotion.")
    output: Count | None = Field(
        None, description="Records that arrived; input minus failed, if left out."
    )


class Bytes(SpecModel):
    """Sizes of a flow run in bytes."""

    input: Count | None = Field(None, description="Bytes read from the source.")
    copied: Count | None = Field(
        None, description="Bytes that copy hands to promotion; as many as read, if left out."
    )
    output: Count | None = Field(None, description="Bytes written to the data lake.")


class Files(SpecModel):
    """File counts of a flow run."""

    input: Count | None = Field(None, description="Files read from the source.")
    output: Count | None = Field(None, description="Files written to the data lake.")


class Sandbox(SpecModel):
    """A sandbox of the organisation."""

    name: Text = Field("prod", description="Lower-case name.")
    id: Identifier | None = Field(None, description="UUID; generated, if left out.")


class RunErrorSpec(SpecModel):
    """A code of the error catalogue, or a code and message of your own."""

    code: Text
    message: Annotated[str, Field(strict=True, max_length=100_000)] | None = None

    @model_validator(mode="after")
    def _is_known(self, info: ValidationInfo) -> Self:
        known = catalogue.run_errors() if info.context else {}
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


class FlowRunSpec(SpecModel):
    """One execution of a dataflow. What is left out is generated, realistic and consistent."""

    source: Text | None = Field(None, description="A name from the source catalogue.")
    id: Identifier | None = Field(None, description="The flow's id (flowId).")
    name: Text | None = Field(
        None, description="The flow's name; runs with another name belong to another flow."
    )
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
        None, description="Follows from the record counts, if left out."
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
        "consistent",
        description="as-documented adds the irregular values of the published samples.",
    )
    failure_code: Literal["sources_flow_run_failed", "sources_flow_run_failure"] = Field(
        "sources_flow_run_failed", description="Event code of a failed run, in header and body."
    )

    @field_validator("source")
    @classmethod
    def _is_known(cls, source: str | None, info: ValidationInfo) -> str | None:
        known = catalogue.sources() if info.context else {}
        if source is not None and known and source not in known:
            expected = "a source of `flowsim scenarios --sources`"
            raise refuse(expected, f"unknown source {source!r}", Nearest(source, known))
        return source


def merged(flow: FlowRunSpec, own: FlowRunSpec) -> FlowRunSpec:
    """Return the values of one event's run; ``flow`` has the defaults for those it does not set."""
    counts = {
        name: getattr(flow, name).model_copy(update=_set_fields(getattr(own, name)))
        for name in ("records", "bytes", "files")
    }
    return flow.model_copy(update=_set_fields(own) | counts)


def _set_fields(model: BaseModel) -> dict[str, object]:
    return {name: getattr(model, name) for name in model.model_fields_set}
