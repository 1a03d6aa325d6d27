"""The OpenAPI document of everything the service serves, at ``/_flowsim/openapi.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import TypeAdapter

from ..core.management.provider_metadata import PLATFORM
from ..core.payload import provider_id
from ..service.installation import Installation
from ..service.service import Service
from ..version import __version__
from .descriptions import (
    control,
    event_metadata,
    filters,
    health,
    ims,
    journal,
    key_host,
    platform,
    providers,
    publish,
    registrations,
    sample_events,
    state_store,
    tracing,
    validation,
)
from .descriptions.base import Answer, Json, Operation, Source

MODULES = (
    *(control, health, registrations, filters, providers, event_metadata, sample_events),
    *(publish, journal, tracing, validation, key_host, ims, platform, state_store),
)
"""The descriptions, in the order of the document."""

_REF = "#/components/schemas/{model}"
_TITLE = "flowsim: a local Adobe I/O Events"
_ABOUT = (
    "What Adobe serves under several host names, on one port, and the control calls of flowsim "
    "under `/_flowsim/`. Tokens and api keys are looked at by a strict service only."
)
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer"},
    "api_key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}


def blueprint(service: Service) -> Blueprint:
    """Return the route; it asks for no token, since it tells no secret."""
    routes = Blueprint("openapi", __name__)
    made = cache(lambda: document(service.installation))

    @routes.get("/_flowsim/openapi.json")
    def openapi() -> Response:
        return jsonify(made())

    return routes


def document(own: Installation) -> Json:
    """Return the document; ids in paths have those of the installation as examples."""
    schemas: Json = {}
    paths: dict[str, Json] = {}
    for module in MODULES:
        tag = module.__name__.rpartition(".")[2]
        for operation in module.OPERATIONS:
            for path in operation.paths:
                described = _operation(operation, path, tag, own, schemas)
                paths.setdefault(path, {})[operation.method] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE, "version": __version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{}, {name: [] for name in _SECURITY}],
        "tags": [
            {"name": each.__name__.rpartition(".")[2], "description": _first_line(each)}
            for each in MODULES
        ],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SECURITY},
    }


def _operation(operation: Operation, path: str, tag: str, own: Installation, schemas: Json) -> Json:
    described: Json = {
        "tags": [tag],
        "operationId": f"{operation.method}{re.sub('[^A-Za-z0-9]+', '-', path).rstrip('-')}",
        "summary": operation.summary,
        "parameters": [*_parameters(operation, path, own)],
        "responses": _responses(operation, schemas),
    }
    if operation.body:
        content = _content(operation.body, schemas, "validation")
        if operation.example is not None:
            next(iter(content.values()))["example"] = operation.example
        described["requestBody"] = {"required": operation.body_required, "content": content}
    if operation.is_open:
        described["security"] = [{}]
    return described


def _parameters(operation: Operation, path: str, own: Installation) -> Iterator[Json]:
    examples = _examples(own)
    for name in re.findall(r"\{(\w+)\}", path):
        schema: Json = {"type": "string", "minLength": 1}
        if name in examples:
            schema["examples"] = [examples[name]]
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for place, parameters in (("query", operation.query), ("header", operation.headers)):
        for name, schema in parameters.items():
            yield {
                "name": name,
                "in": place,
                "required": name in operation.required,
                "schema": schema,
            }


def _examples(own: Installation) -> Mapping[str, str]:
    return {
        "org": own.org,
        "project": own.project,
        "workspace": own.workspace,
        "credential_id": own.credential_id,
        "provider_id": provider_id(PLATFORM),
    }


def _responses(operation: Operation, schemas: Json) -> Json:
    described = {
        str(status): _response(answer, schemas) for status, answer in operation.answers.items()
    }
    problem = {"application/json": {"schema": operation.problem}}
    return {**described, "default": {"description": "Refused, and why.", "content": problem}}


def _response(answer: Answer, schemas: Json) -> Json:
    described: Json = {"description": answer.description}
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in answer.headers.items()
        }
    if answer.schema is not None:
        content = {answer.content_type: answer.schema, **answer.or_else}
        described["content"] = _content(content, schemas, "serialization")
    return described


def _content(sources: Mapping[str, Source], schemas: Json, mode: Any) -> Json:
    return {kind: {"schema": _schema(source, schemas, mode)} for kind, source in sources.items()}


def _schema(source: Source, schemas: Json, mode: Any) -> Json:
    """Return a schema; those of models go to ``schemas`` under their names."""
    if isinstance(source, dict):
        return source
    schema = TypeAdapter(source).json_schema(ref_template=_REF, mode=mode)
    schemas |= schema.pop("$defs", {})
    if not isinstance(source, type):
        return schema
    schemas[source.__name__] = schema
    return {"$ref": _REF.format(model=source.__name__)}


def _first_line(module: Any) -> str:
    return str(module.__doc__).partition("\n")[0]
