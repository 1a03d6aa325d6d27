"""The OpenAPI document of everything the service serves, at ``/_flowsim/openapi.json``.

Every resource describes its routes in a YAML file of plain OpenAPI 3.1. The files are read and
merged once a process, when the document is first asked for: that takes a fifth of a second. The
files leave out what follows from them or from the code, and it is added here: operation ids,
tags, path parameters, the response for errors, and the schemas of models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from ..core.payload import provider_id
from ..files.yaml_documents import parse_text
from ..runtime.version import __version__
from .control.actions import Redelivered, RunningSettings
from .control.bodies import AdvanceBody, RedeliverBody, SettingsBody, TriggerBody
from .control.overview import AttemptSummary, Overview, RegistrationState
from .control.timekeeping import ClockReading
from .control.triggering import Triggered
from .filters.bodies import FilterBody, FilterVerdict, TrialBody
from .installation import Installation
from .providers.bodies import EventMetadataBody, ProviderCreate, ProviderUpdate
from .providers.model import PLATFORM
from .registrations.bodies import NewRegistrationBody, RegistrationBody
from .service import Service

Json = dict[str, Any]

ROOT = (__package__ or "").partition(".")[0]
"""The package that has all files: ``flowsim``."""

FILES = (
    "events_service/shared.yaml",
    "events_service/control/api.yaml",
    "events_service/health.yaml",
    "events_service/registrations/api.yaml",
    "events_service/filters/api.yaml",
    "events_service/providers/api.yaml",
    "events_service/providers/event_metadata.yaml",
    "events_service/providers/sample_events.yaml",
    "events_service/publishing/api.yaml",
    "events_service/journal/api.yaml",
    "events_service/tracing/api.yaml",
    "events_service/challenges/api.yaml",
    "receiver/key_host.yaml",
    "events_service/tokens/api.yaml",
    "events_service/platform/api.yaml",
    "events_service/state_store/api.yaml",
)
"""What all resources share, then the resources in the order of the document's tags."""

MODELS: Mapping[JsonSchemaMode, tuple[type, ...]] = {
    "validation": (
        *(AdvanceBody, EventMetadataBody, FilterBody, NewRegistrationBody, ProviderCreate),
        *(ProviderUpdate, RedeliverBody, RegistrationBody, SettingsBody, TrialBody, TriggerBody),
    ),
    "serialization": (
        *(AttemptSummary, ClockReading, FilterVerdict, Overview, Redelivered),
        *(RegistrationState, RunningSettings, Triggered),
    ),
}
"""What requests are read into, and what responses are made of: files refer to them by name."""

_REF = "#/components/{kind}/{name}"


def blueprint(service: Service) -> Blueprint:
    """Return the route; it requires no token, since the document has no secrets."""
    routes = Blueprint("openapi", __name__)
    made = cache(lambda: document(service.installation))

    @routes.get("/_flowsim/openapi.json")
    def openapi() -> Response:
        return jsonify(made())

    return routes


def document(own: Installation) -> Json:
    """Return the document; ids in paths have those of the installation as examples."""
    whole = merged(ROOT, FILES)
    known = _examples(own)
    paths = {
        path: {
            method: _operation(method, path, described, known) for method, described in item.items()
        }
        for path, item in whole["paths"].items()
    }
    info = {**whole["info"], "version": __version__}
    components = {"schemas": _models(), **whole["components"]}
    return {**whole, "info": info, "paths": paths, "components": components}


@cache
def merged(root: str, names: tuple[str, ...]) -> Json:
    """Return files merged to one document; the first file holds what all share.

    References to components in files are replaced by these; references to models stay. Raises
    ``ValueError`` if two files have the same path or component, or a file has a key twice.
    """
    shared, *resources = [read(root, name) for name in names]
    parts: Json = {}
    paths: Json = {}
    for described in (shared, *resources):
        _add(parts, dict(parts_of(described)))
    for described in resources:
        _add(paths, _described(described, parts))
    return {
        **shared,
        "tags": [tag for described in resources for tag in described["tags"]],
        "paths": paths,
        "components": {"securitySchemes": shared["components"]["securitySchemes"]},
    }


def read(root: str, name: str) -> Json:
    """Return the content of a file of a package; raises ``ValueError`` if it has a key twice."""
    text = files(root).joinpath(name).read_text("utf-8")
    read = parse_text(text, f"{root}/{name}")
    if read.problems:
        raise ValueError("\n".join(map(str, read.problems)))
    content: Json = read.value
    return content


def _add(known: Json, more: Json) -> None:
    if again := known.keys() & more.keys():
        raise ValueError(f"described in two files: {', '.join(sorted(again))}")
    known |= more


def parts_of(described: Json) -> Iterator[tuple[str, Json]]:
    """Yield the components of a file, each with the reference to it."""
    for kind, named in described.get("components", {}).items():
        for name, part in named.items():
            yield _REF.format(kind=kind, name=name), part


def _described(described: Json, parts: Mapping[str, Json]) -> Json:
    """Return the paths of a resource; each operation gets the tag and a response for errors."""
    (tag,) = described["tags"]
    refused = {"default": {"$ref": _REF.format(kind="responses", name="Refused")}}
    return {
        path: {
            method: {
                **operation,
                "tags": [tag["name"]],
                "responses": operation["responses"] | _resolved(refused, parts),
            }
            for method, operation in _resolved(item, parts).items()
        }
        for path, item in described["paths"].items()
    }


def _resolved(node: Any, parts: Mapping[str, Json]) -> Any:
    """Return a copy of ``node`` in which references to parts are replaced by the parts."""
    if isinstance(node, list):
        return [_resolved(each, parts) for each in node]
    if not isinstance(node, dict):
        return node
    if (part := parts.get(node.get("$ref", ""))) is not None:
        return _resolved(part, parts)
    return {name: _resolved(value, parts) for name, value in node.items()}


def _operation(method: str, path: str, described: Json, examples: Mapping[str, str]) -> Json:
    return {
        **described,
        "operationId": f"{method}{re.sub('[^A-Za-z0-9]+', '-', path).rstrip('-')}",
        "parameters": [
            *_path_parameters(path, examples),
            *({"required": False, **each} for each in described.get("parameters", ())),
        ],
    }


def _path_parameters(path: str, examples: Mapping[str, str]) -> Iterator[Json]:
    for name in re.findall(r"\{(\w+)\}", path):
        schema: Json = {"type": "string", "minLength": 1}
        if name in examples:
            schema["examples"] = [examples[name]]
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _examples(own: Installation) -> Mapping[str, str]:
    names = ("org", "project", "workspace", "credential_id")
    return {name: getattr(own, name) for name in names} | {"provider_id": provider_id(PLATFORM)}


@cache
def _models() -> Json:
    """Return the schemas of the models, and of those that they are made of, by name."""
    template = _REF.format(kind="schemas", name="{model}")
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (each.__name__, mode, TypeAdapter(each)) for mode in MODELS for each in MODELS[mode]
    ]
    schemas: Json = TypeAdapter.json_schemas(inputs, ref_template=template)[1]["$defs"]
    return schemas
