"""What a caller sends about providers and event metadata (io-events-protocol.md 6.2, 6.3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from ..request_body import Body, Truth
from .model import CUSTOM, content_of

TEXT = r"^[A-Za-z0-9_\s\-.(),@:'`?#!]+$"
"""What labels and descriptions may consist of."""

LONGEST_SAMPLE = 87_382
"""Characters of a sample in base64, at most."""

_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$"
_INSTANCE = r"^[A-Za-z0-9_\-:@./]*$"
_REGION = "^([Vv][Aa]6|[Ii][Rr][Ll]1)$"
_ADDRESS = r"^(https?://[^/:.\s]+(\.[^/:.\s]+)*(:[0-9]+)?(/[^?#\s]+(\?[^#\s]+)?(#.+)?)?/?)?$"


Text = Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT)]


class _Body(Body):
    # In Rust's dialect $ is the end, never the place before a last line break.
    model_config = ConfigDict(regex_engine="rust-regex")


class ProviderUpdate(_Body):
    """What can be changed of a provider."""

    label: Text = Field(description="The label, as the Developer Console shows it.")
    description: Annotated[str, Field(max_length=255, pattern=f"^$|{TEXT}")] | None = Field(
        None, description="That of its provider metadata, if left out."
    )
    docs_url: Annotated[str, Field(max_length=255, pattern=_ADDRESS)] | None = Field(
        None, description="Where the events are documented."
    )
    event_delivery_format: Literal["adobe_io", "cloud_events_v1"] | None = Field(
        None,
        description="In which form events are delivered; on creation that of the provider "
        "metadata, if left out, and later the one it has.",
    )


class ProviderCreate(ProviderUpdate):
    """A new provider."""

    provider_metadata: Annotated[str, Field(min_length=1, max_length=255)] | None = Field(
        CUSTOM, description="The kind of provider: an id of `GET /events/providermetadata`."
    )
    instance_id: Annotated[str, Field(max_length=255, pattern=_INSTANCE)] | None = Field(
        None,
        description="Distinguishes the providers of one kind. A UUID for custom events, if left "
        "out; needed for every other kind.",
    )
    data_residency_region: Annotated[str, Field(pattern=_REGION)] | None = Field(
        None, description="VA6 (United States, the default) or IRL1 (Europe), in any case."
    )


class ProviderQuery(_Body):
    """Which providers a list shall have; without a filter, all."""

    metadata: str | None = Field(
        None, alias="providerMetadataId", description="The kind of provider."
    )
    instance: str | None = Field(
        None, alias="instanceId", description="The instance among providers of one kind."
    )
    metadata_any: list[str] | None = Field(
        None,
        alias="providerMetadataIds",
        description="Kinds of providers; excludes providerMetadataId.",
    )
    with_event_metadata: Truth = Field(
        False, alias="eventmetadata", description="Whether to list event metadata too."
    )

    @field_validator("metadata_any")
    @classmethod
    def _is_alone(cls, ids: list[str] | None, info: ValidationInfo) -> list[str] | None:
        if ids and info.data.get("metadata"):
            raise ValueError("none beside providerMetadataId")
        return ids


def _holds_json(template: str) -> str:
    if template:
        content_of(template)
    return template


class EventMetadataBody(_Body):
    """One kind of event of a provider, new or changed."""

    description: Text = Field(description="The description, as the Developer Console shows it.")
    label: Text = Field(description="The label, as the Developer Console shows it.")
    event_code: Annotated[
        str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_\-.]+$")
    ] = Field(description="The type of event: the `type` of CloudEvents.")
    sample_event_template: (
        Annotated[
            str,
            Field(max_length=LONGEST_SAMPLE, pattern=_BASE64),
            AfterValidator(_holds_json),
        ]
        | None
    ) = Field(None, description="The data of a sample event: JSON, in base64.")
