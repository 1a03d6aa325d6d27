"""Custom events: an organisation publishes JSON of its own, under event codes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from ...core.event import Notification
from ...core.json_writing import merge_patch
from ...core.spec_values import Code, Identifier, SpecModel
from ...runtime.chance import Chance
from ..base import EventCode, Family, FamilyProvider
from ..entries import Entry, Occurrence, Passage
from ..fields.table import FieldTable

PROVIDER = "3rd_party_custom_events"
"""The provider metadata id of all custom events (io-events-protocol.md 6.2)."""

CODE = "custom_event"
"""The event code, if an entry states none."""

_SAMPLE = {"hello": "world"}


_AnyJson = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": each}
                for each in ("object", "array", "string", "number", "boolean", "null")
            ]
        }
    ),
]


class CustomEventSpec(SpecModel):
    """One event of your own."""

    code: Code = Field(CODE, description="Event code, as your provider declares it.")
    body: _AnyJson = Field(_SAMPLE, description="Any JSON; {hello: world}, if left out.")
    provider: Identifier = Field(
        PROVIDER,
        description="Your provider, by its id or as x-adobe-provider names it: "
        "3rd_party_custom_events_<org>_<instance>.",
    )


@dataclass(frozen=True, slots=True)
class PreparedCustomEvent:
    """An entry with a custom event, which comes at its beginning."""

    notification: Notification
    offsets: Sequence[float] = (0.0,)

    def tell(self, number: str, begin: datetime, passage: Passage) -> Iterable[Occurrence]:
        return (Occurrence(begin, self.notification),)


@dataclass(frozen=True, slots=True)
class CustomEvents:
    """Tells the custom events of a story; nothing is drawn."""

    format: str

    def prepared(self, entry: Entry) -> PreparedCustomEvent:
        said: CustomEventSpec = entry.said
        content = merge_patch(said.body, entry.override) if entry.override else said.body
        code = entry.event_code or said.code
        return PreparedCustomEvent(Notification(code, "event", content, said.provider, self.format))


class CustomEventFamily(Family):
    """Events of your own provider; of what they hold no field is known."""

    name = "custom_event"
    other_codes = ""
    label = "Custom events"
    summary = "Any JSON under an event code of your own, as your provider publishes it."
    provider = FamilyProvider(PROVIDER, "Custom Events")
    formats: Mapping[str, str] = {"cloud_events": "A", "adobe_io": "A"}
    codes: Mapping[str, EventCode] = {
        CODE: EventCode(
            CODE,
            "Your label",
            "Any JSON. The code is a stand-in: an entry states your own.",
            "A",
            {"code": CODE},
            "custom-event",
        )
    }

    def model(self) -> type[CustomEventSpec]:
        return CustomEventSpec

    def steps(self) -> Sequence[str]:
        return (
            "At `begin`: the event code that `code` states, or `custom_event`; the body is `body`.",
        )

    def gaps(self) -> Sequence[tuple[str, str]]:
        return (
            (
                "the attribute phidata",
                "only producers with data about health send it; attributes of an entry add it",
            ),
        )

    def teller(self, chance: Chance, defaults: Any) -> CustomEvents:
        return CustomEvents(next(iter(self.formats)))

    def line(self, content: Any) -> str:
        """Return the first members of the content whose values are short."""
        members = content.items() if isinstance(content, dict) else ()
        said = (f"{key} {value}" for key, value in members if isinstance(value, str | int | float))
        return ", ".join([*said][:_MOST_MEMBERS])

    def fields(self) -> FieldTable:
        return FieldTable(bodies={CODE: (CODE,)})


_MOST_MEMBERS = 3

FAMILY = CustomEventFamily()
"""The family; the registry finds it by this name."""
