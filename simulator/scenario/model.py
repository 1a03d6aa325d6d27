"""The scenario file, format version 1.

Every model refuses keys that it does not know. Rules for a single value are here; rules that need
several values are in ``rules.py``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    create_model,
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
    name_and_argument_schema,
    refuse,
)
from ..errors import Nearest
from ..families.base import Family
from ..families.registry import Families

EXTENSION = "x-"
"""Prefix of further top-level keys that a scenario may have."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a scenario may use: faults and families.

    It is the context in which models are validated.
    """

    faults: Mapping[str, FaultKind]
    families: Families


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
    """What an entry of ``events`` may say beside its kind of event; see ``event_model``."""

    event_code: Code | None = Field(None, description="Follows from the kind, if left out.")
    event_id: Identifier | None = Field(None, description="Generated, if left out.")
    run: Text | None = Field(None, description="Events with the same label are about one run.")
    override: dict[str, Any] = Field(
        default_factory=dict, description="JSON merge patch on the content of the event."
    )
    attributes: dict[str, Any] = Field(
        default_factory=dict,
        description="JSON merge patch on the attributes of the event as a CloudEvent, such as id, "
        "time and source. The format adobe_io has none.",
    )
    expect: Expectation = "delivered"
    after: Duration = Field(0.0, description="Story time since the previous entry began.")
    repeat: Annotated[int, Field(strict=True, ge=1, le=10**9)] = 1
    faults: tuple[FaultField, ...] = Field((), description="Faults of this event.")


def kinds_of(event: EventSpec) -> list[str]:
    """Return the names of the families whose keys an entry has; a correct entry has one.

    It is no attribute of the entry: a family may have any name.
    """
    return [name for name in event.model_fields_set if name not in EventSpec.model_fields]


def said_in(event: EventSpec) -> Any:
    """Return what stands under the key of an entry's family."""
    return getattr(event, kinds_of(event)[0])


def without_extensions(content: Any) -> Any:
    """Return a scenario without its ``x-`` keys, which hold YAML anchors and mean nothing."""
    if not isinstance(content, dict):
        return content
    return {key: each for key, each in content.items() if not str(key).startswith(EXTENSION)}


class Scenario(SpecModel):
    """A story, told as notifications; see ``scenario_model``."""

    description: Annotated[str, Field(strict=True, max_length=10_000)] = ""
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = None
    at: Moment | None = Field(None, description="Start of the story; the present if left out.")
    registration: RegistrationSpec = RegistrationSpec()
    faults: tuple[FaultField, ...] = Field((), description="Faults of every event.")
    events: Annotated[tuple[EventSpec, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _leave_extensions_out(cls, content: Any) -> Any:
        return without_extensions(content)

    def defaults_of(self, family: Family) -> Any:
        """Return the defaults for entries of a family, or ``None`` if it has none."""
        return getattr(self, family.defaults_key) if family.defaults_key else None


def kinds_in(content: Any, families: Families) -> frozenset[str]:
    """Return the names of the families whose keys stand in the entries of a scenario."""
    events = content.get("events") if isinstance(content, dict) else None
    entries = events if isinstance(events, list) else []
    keys = {
        str(key) for each in entries if isinstance(each, dict) for key in each
    } - EventSpec.model_fields.keys()
    return frozenset(key for key in keys if key in families)


@lru_cache(maxsize=100)
def event_model(families: Families, kinds: frozenset[str]) -> type[EventSpec]:
    """Return the model of an entry of ``events`` that has one of some families' keys.

    Of the other families only the names are known: they are not read.
    """
    names = dict.fromkeys([*families.known, *sorted(kinds)])
    fields: dict[str, Any] = {
        name: (families[name].model() | None if name in kinds else Any, None) for name in names
    }
    with warnings.catch_warnings():  # a family such as `copy` hides a method that is not needed
        warnings.simplefilter("ignore")
        make: Callable[..., type[EventSpec]] = create_model
        return make("EventSpec", __base__=EventSpec, **fields)


@lru_cache(maxsize=100)
def scenario_model(families: Families, kinds: frozenset[str]) -> type[Scenario]:
    """Return the pydantic model that reads a scenario whose entries are of these kinds.

    ``kinds`` are names of families, as ``kinds_in`` finds them: only these families are read, and
    an entry of any other is accepted unread. The model has a key with defaults for each family
    that has some, such as ``flow``. Models are kept, so the same arguments return the same one.
    Raises ``KeyError`` for an unknown kind, ``ScenarioError`` for mistakes in a family's file.
    """
    fields: dict[str, Any] = {}
    for family in families.with_defaults():
        about = f"Defaults for every {family.name}."
        fields[family.defaults_key] = (family.model(), Field(family.model()(), description=about))
    entries: Any = tuple.__class_getitem__((event_model(families, kinds), ...))
    fields["events"] = (Annotated[entries, Field(min_length=1)], ...)
    return create_model("Scenario", __base__=Scenario, **fields)


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file, for editors."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flowsim scenario, format version 1",
    }
    families = vocabulary.families
    kinds = [family.name for family in families.readable()[0]]
    schema = scenario_model(families, frozenset(kinds)).model_json_schema()
    schema["patternProperties"] = {f"^{EXTENSION}": {}}
    event = schema["$defs"]["EventSpec"]
    for name in kinds:
        event["properties"][name] = _schema_of_kind(families[name], event["properties"][name])
    event["oneOf"] = [{"required": [name]} for name in kinds]
    schema["$defs"]["Fault"] = _fault_schema(vocabulary.faults)
    for holder in (schema, event):
        holder["properties"]["faults"]["items"] = {"$ref": "#/$defs/Fault"}
    return {**schema, **head}


def _schema_of_kind(family: Family, found: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a family's key, which is not null where it has a model."""
    about = {"description": family.summary}
    return {**found.get("anyOf", [{}])[0], **about}


def _fault_schema(faults: Mapping[str, FaultKind]) -> dict[str, Any]:
    arguments = {name: dict(kind.argument_schema) for name, kind in faults.items()}
    return name_and_argument_schema(faults, arguments)
