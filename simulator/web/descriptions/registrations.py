"""Registrations (6.4)."""

from __future__ import annotations

from ...core.management.provider_metadata import PLATFORM
from ...core.management.registration_body import NewRegistrationBody, RegistrationBody
from ...core.management.registration_status import SPELLINGS
from ...core.payload import provider_id
from .base import (
    BOOLEAN,
    HAL,
    INTEGER,
    JSON,
    LINKS,
    MOMENT,
    NOTHING,
    PATCH,
    PATCH_BODY,
    PATCH_EXAMPLE,
    TEXT,
    Answer,
    Operation,
    array,
    collection,
    record,
    texts,
)
from .filters import FILTER

_OWN = "/events/{org}/{project}/{workspace}/registrations"
_ONE = (f"{_OWN}/{{registration_id}}",)
_OPTIONAL_OF_INTEREST = (
    *("event_label", "event_description", "provider", "provider_label"),
    *("provider_description", "provider_docs_url", "event_delivery_format"),
)

_REGISTRATION = record(
    {
        "id": INTEGER,
        **texts("name", "description", "client_id", "registration_id"),
        "events_of_interest": array(
            record(
                {"event_code": TEXT, "provider_id": TEXT},
                texts(*_OPTIONAL_OF_INTEREST),
            )
        ),
        "webhook_status": {"enum": [*SPELLINGS]},
        "created_date": MOMENT,
        "updated_date": MOMENT,
        **texts("consumer_id", "project_id", "workspace_id", "delivery_type"),
        "enabled": BOOLEAN,
        "subscriber_filters": array(FILTER),
        "_links": LINKS,
    },
    {
        "webhook_url": TEXT,
        "runtime_action": TEXT,
        "destination_metadata": record({"aws_region": TEXT, "aws_account_id": TEXT}),
    },
)
_REASON = {"x-flowsim-reason": "Why new events are in the journal only, if they are."}
_SHOWN = Answer("The registration.", _REGISTRATION, HAL, headers=_REASON)
_ALL = collection("registrations", _REGISTRATION)
_PAGE_MEMBERS = ("size", "number", "numberOfElements", "totalElements", "totalPages")
_PAGE = {
    **_ALL,
    "properties": {**_ALL["properties"], "page": record(dict.fromkeys(_PAGE_MEMBERS, INTEGER))},
}
_EXAMPLE = {
    "name": "failed runs",
    "delivery_type": "journal",
    "events_of_interest": [
        {"provider_id": provider_id(PLATFORM), "event_code": "sources_flow_run_failed"}
    ],
}

OPERATIONS = (
    Operation(
        "get",
        ("/events/{org}/registrations",),
        "Page through the registrations of an organisation.",
        {200: Answer("A page.", _PAGE, HAL)},
        query={
            "page": INTEGER | {"minimum": 0, "default": 0},
            "size": INTEGER | {"minimum": 1, "maximum": 100, "default": 10},
        },
    ),
    Operation(
        "get",
        (_OWN,),
        "List the registrations of a workspace.",
        {200: Answer("All of them.", _ALL, HAL)},
    ),
    Operation(
        "post",
        (_OWN,),
        "Create a registration; a webhook is asked for a challenge first.",
        {
            201: _SHOWN,
            409: Answer(
                "The name is taken, or there are too many.",
                {},
                headers={"x-conflicting-id": "The id of the one with this name."},
            ),
        },
        {JSON: NewRegistrationBody},
        {"client_id": "mine", **_EXAMPLE},
    ),
    Operation("get", _ONE, "Read a registration.", {200: _SHOWN}),
    Operation(
        "put",
        _ONE,
        "Replace a registration; its webhook is asked for a challenge again.",
        {200: _SHOWN},
        {JSON: RegistrationBody},
        _EXAMPLE,
    ),
    Operation(
        "patch", _ONE, "Change a registration.", {200: _SHOWN}, {PATCH: PATCH_BODY}, PATCH_EXAMPLE
    ),
    Operation("delete", _ONE, "Delete a registration; its retries go on.", {204: NOTHING}),
)
