"""Providers (6.2)."""

from __future__ import annotations

from ...core.management.provider_body import ProviderCreate, ProviderUpdate
from .base import (
    BOOLEAN,
    HAL,
    JSON,
    LINKS,
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
from .event_metadata import EVENT_METADATA

_OWN = "/events/{org}/{project}/{workspace}/providers"
_ONE = (f"{_OWN}/{{provider_id}}",)

_PROVIDER = record(
    {
        **texts("id", "label", "description", "source", "publisher"),
        **texts("provider_metadata", "event_delivery_format"),
        "data_residency_region": TEXT,
        "_links": LINKS,
    },
    {
        "docs_url": TEXT,
        "instance_id": TEXT,
        "_embedded": record({"eventmetadata": array(EVENT_METADATA)}),
    },
)
_KIND = record(
    {
        **texts("id", "group", "label", "description"),
        "has_multiple_providers": BOOLEAN,
    }
)
_SHOWN = Answer("The provider.", _PROVIDER, HAL)
_WITH_METADATA = {"eventmetadata": BOOLEAN | {"description": "With its event metadata."}}

_READING = (
    Operation(
        "get",
        ("/events/{org}/providers",),
        "List the providers that an organisation can see.",
        {200: Answer("The providers.", collection("providers", _PROVIDER), HAL)},
        query={
            "providerMetadataId": TEXT | {"description": "The kind of provider."},
            "instanceId": TEXT | {"description": "The instance among providers of one kind."},
            "providerMetadataIds": array(TEXT)
            | {"description": "Kinds of providers; excludes providerMetadataId."},
            **_WITH_METADATA,
        },
    ),
    Operation(
        "get",
        ("/events/providers/{provider_id}",),
        "Read a provider.",
        {200: _SHOWN},
        query=_WITH_METADATA,
    ),
    Operation(
        "get",
        ("/events/providermetadata",),
        "List the kinds of providers.",
        {200: Answer("The kinds.", collection("providermetadata", _KIND), HAL)},
    ),
)

_CHANGING = (
    Operation(
        "post",
        (_OWN,),
        "Create a provider.",
        {
            201: _SHOWN,
            409: Answer(
                "There is one.", {}, headers={"x-conflicting-id": "The id of the one there is."}
            ),
        },
        {JSON: ProviderCreate},
        {"label": "Orders"},
    ),
    Operation(
        "put",
        _ONE,
        "Replace a provider.",
        {200: _SHOWN},
        {JSON: ProviderUpdate},
        {"label": "Orders"},
    ),
    Operation(
        "patch",
        _ONE,
        "Change a provider.",
        {200: _SHOWN, 204: Answer("Nothing changes.")},
        {PATCH: PATCH_BODY},
        PATCH_EXAMPLE,
    ),
    Operation("delete", _ONE, "Delete a provider.", {204: NOTHING}),
)

OPERATIONS = (*_READING, *_CHANGING)
