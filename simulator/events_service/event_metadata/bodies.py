"""What a caller sends about a kind of event (6.3)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from ..providers.bodies import TEXT
from ..request_body import Body
from ..sample_events import model as sample_event

LONGEST_SAMPLE = 87_382
"""Characters of a sample in base64, at most."""

_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$"

Text = Annotated[str, Field(min_length=1, max_length=255, pattern=TEXT)]


def _holds_json(template: str) -> str:
    if template:
        sample_event.content_of(template)
    return template


class EventMetadataBody(Body):
    """One kind of event of a provider, new or changed."""

    # In Rust's dialect $ is the end, never the place before a last line break.
    model_config = ConfigDict(regex_engine="rust-regex")

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
