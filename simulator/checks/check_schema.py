"""The JSON Schema of files with checks, for editors."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ..core.spec_values import name_and_argument_schema
from ..scenario import model as scenario
from ..story.opening import vocabulary
from .check_spec import ARGUMENTS, NAME, CheckSpec
from .groups import groups
from .judges import JUDGES

_CLIENT_ID = r"^(?=.{3,128}$)(\{client-id\}|[A-Za-z0-9_.-])+$"
"""A client id, which may hold that of the webhook."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file with checks, for editors."""
    of_scenario = scenario.json_schema(vocabulary())["$defs"]
    of_check = CheckSpec.model_json_schema()
    kinds = {**of_scenario, **of_check.pop("$defs")}
    properties = of_check["properties"]
    properties["group"]["enum"] = [*groups()]
    event = kinds["EventSpec"]
    event["oneOf"].append({"not": {"anyOf": event["oneOf"][:]}})
    properties["events"]["items"] = {"$ref": "#/$defs/EventSpec"}
    properties["registration"] = {"$ref": "#/$defs/RegistrationSpec"}
    kinds["RegistrationSpec"]["properties"]["client_id"]["pattern"] = _CLIENT_ID
    properties["probes"]["items"] = {
        "anyOf": [{"enum": ["challenge", "validation"]}, {"$ref": "#/$defs/ProbeSpec"}]
    }
    properties["judge"] = {**properties["judge"], **_judge_schema()}
    line = properties["source"]["items"]
    properties["source"] = {**properties["source"], "type": ["string", "array"], "items": line}
    kinds.pop("JudgeSpec", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flowsim checks, format version 1",
        "type": "object",
        "minProperties": 1,
        "patternProperties": {f"^{NAME}$": {"$ref": "#/$defs/CheckSpec"}, "^x-": {}},
        "additionalProperties": False,
        "$defs": {**kinds, "CheckSpec": of_check},
    }


def _judge_schema() -> dict[str, Any]:
    """Return the schema of a judge: a name, or a mapping of one name to its argument."""
    alone = [name for name, kind in JUDGES.items() if not kind.argument]
    arguments = {
        name: TypeAdapter(ARGUMENTS[kind.argument][0]).json_schema()
        for name, kind in JUDGES.items()
        if kind.argument
    }
    return name_and_argument_schema(alone, arguments)
