"""What an entry of a family may say, in words, from the pydantic model of the entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..core import duration
from ..core.spec_values import Duration
from ..files import yaml_writing

_WORDS = {"string": "text", "integer": "whole number", "boolean": "flag"}
"""Type of JSON Schema → the word for it, if that is another one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an entry may say: its name, its type in words, its default and its meaning.

    ``default`` is as a scenario has it; it is empty if there is none. ``values`` are all that are
    allowed; empty means any of the type.
    """

    name: str
    type: str
    default: str
    about: str
    values: tuple[str | int, ...] = ()


def settings_of(model: Any) -> Sequence[Setting]:
    """Return the settings of a pydantic model, those of models in it with dotted names.

    Anything else has none.
    """
    is_model = isinstance(model, type) and issubclass(model, BaseModel)
    return _settings_of(model) if is_model else ()


@lru_cache(256)  # pages ask again and again, and a schema takes milliseconds
def _settings_of(model: type[BaseModel]) -> Sequence[Setting]:
    return tuple(_read(model))


def _read(model: type[BaseModel]) -> Iterator[Setting]:
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    members = _members(schema, definitions)
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for each in settings_of(field.annotation):
                yield replace(each, name=f"{name}.{each.name}")
            continue
        member = members.get(field.alias or name, {})
        type_ = _type(field, member, definitions)
        default = spelled(field.default, is_duration=type_ == "duration")
        yield Setting(name, type_, default, field.description or "", _values(member))


def spelled(default: Any, *, is_duration: bool = False) -> str:
    """Return a default as a scenario has it; nothing for None, and for what is no plain value."""
    if is_duration and isinstance(default, int | float):
        return duration.spell(default)
    return yaml_writing.flow(default) if isinstance(default, str | int | float) else ""


def _type(field: FieldInfo, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    annotation: Any = field.annotation
    whole = Annotated[annotation, *field.metadata] if field.metadata else annotation
    if Duration in (whole, *get_args(annotation)):
        return "duration"
    return " or ".join(dict.fromkeys(_words(schema, definitions)))


def _values(schema: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return the values that a schema allows, without null; nothing if it allows others too."""
    kinds = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    found = (each.get("enum", [each["const"]] if "const" in each else []) for each in kinds)
    return tuple(next(found, ())) if len(kinds) == 1 else ()


def _words(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types that a schema allows, without null."""
    if "$ref" in schema:
        yield f"{{{', '.join(_members(schema, definitions))}}}"
    elif choices := schema.get("enum", [schema["const"]] if "const" in schema else []):
        yield f"one of {', '.join(map(str, choices))}"
    elif schema.get("type") == "array":
        inner = " or ".join(dict.fromkeys(_words(schema.get("items", {}), definitions)))
        yield f"list of {inner}" if inner else "list"
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _words(each, definitions)
    else:
        yield from _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Iterator[str]:
    types = schema.get("type", [])
    for each in [types] if isinstance(types, str) else types:
        if each == "string" and "pattern" in schema:
            yield "id"
        elif each == "integer" and schema.get("minimum") == 0:
            yield "count"
        elif each != "null":
            yield _WORDS.get(each, each)


def _members(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members of an object, or of the definition to which a reference leads."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    found: Mapping[str, Any] = schema.get("properties", {})
    return found
