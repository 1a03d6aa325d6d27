"""Types of values in a scenario, with the messages for wrong values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from ..errors import Nearest
from . import duration, instant
from .identifiers import CLIENT_ID, EVENT_CODE

COUNT_MAX = 10**15

EXPECTATIONS = ("delivered", "rejected", "not-delivered", "not-retried")
"""What a scenario may expect of an event, beside a status code; ``core.trace.fits`` decides."""


class SpecModel(BaseModel):
    """A model that refuses keys which it does not know, and is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def refuse(
    expected: str, found: str | None = None, nearest: Nearest | None = None
) -> PydanticCustomError:
    """Return an error for a validator to raise; its place is added later.

    ``found`` is printed in the place of the value, if stated.
    """
    context = {"expected": expected, "found": found, "nearest": nearest}
    return PydanticCustomError("expected", "{expected}", context)


def name_and_argument(value: object, noun: str) -> dict[str, object]:
    """Return ``name``, and ``argument`` if there is one, of a name or of ``{name: argument}``."""
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict) or len(value) != 1:
        raise refuse(f"the name of a {noun}, or {{name: argument}}")
    ((name, argument),) = value.items()
    return {"name": name, "argument": argument}


def name_and_argument_schema(
    names: Iterable[str], arguments: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return the JSON Schema of a name alone, or of ``{name: argument}``.

    ``names`` are those that may stand alone; ``arguments`` are name → schema of its argument.
    """
    with_argument = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": dict(arguments),
    }
    return {"anyOf": [{"enum": [*names]}, with_argument]}


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refuse(duration.EXPECTED)
    try:
        return duration.parse(value)
    except ValueError as error:
        raise refuse(str(error)) from None


def _moment(value: object) -> datetime:
    try:
        return instant.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise refuse(str(error)) from None


def _percent(value: object) -> Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= COUNT_MAX:  # type: ignore[operator]
        raise refuse("a number above 0, as in 5")
    return Decimal(repr(value))


def _expectation(value: object) -> str | int:
    is_status = isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 999
    if not is_status and value not in EXPECTATIONS:
        raise refuse(f"{', '.join(EXPECTATIONS)} or a status code from 100 to 999")
    return value  # type: ignore[return-value]


def _client_id(value: object) -> object:
    if isinstance(value, int | float):
        raise refuse('the client id in quotes, as in "0123", or leading zeros are lost')
    return value


Count = Annotated[int, Field(strict=True, ge=0, le=COUNT_MAX)]
Text = Annotated[str, Field(strict=True, min_length=1, max_length=1000)]
Identifier = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_:.@{}-]{1,255}$")]
Code = Annotated[str, Field(strict=True, pattern=EVENT_CODE)]
Duration = Annotated[
    float, BeforeValidator(_seconds), WithJsonSchema({"type": ["string", "number"]})
]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string"})]
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": COUNT_MAX}),
]
Expectation = Annotated[
    str | int,
    BeforeValidator(_expectation),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": [*EXPECTATIONS]},
                {"type": "integer", "minimum": 100, "maximum": 999},
            ]
        }
    ),
]
ClientId = Annotated[
    str,
    BeforeValidator(_client_id),
    Field(strict=True, pattern=CLIENT_ID),
    WithJsonSchema({"type": "string", "pattern": CLIENT_ID}),
]

Names = Literal["both", "new-only", "old-only", "as-documented"]


class RegistrationSpec(SpecModel):
    """Who the notifications are for, and in which form.

    Format and provider are those of each event's family, if they are not stated.
    """

    client_id: ClientId = "0123456789abcdef0123456789abcdef"
    delivery_type: Literal["webhook", "webhook_batch"] = "webhook"
    event_delivery_format: Literal["adobe_io", "cloud_events"] | None = Field(
        None, description="Delivery format; without it, that of each event's family."
    )
    names: Names = Field(
        "both",
        description="Which id members the envelope carries: eventid and recipientclientid (new), "
        "event_id and recipient_client_id (old), both, or only what the samples print.",
    )
    provider: Identifier | None = Field(
        None,
        description="Value of the header x-adobe-provider; without it, that of each event's "
        "family.",
    )
