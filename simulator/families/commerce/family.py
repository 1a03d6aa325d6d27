"""The family of Adobe Commerce: what scenarios, stories and reports ask it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...errors import Problem
from ...files.document import Document
from ...runtime.chance import Chance
from ..base import EventCode, Family, FamilyProvider
from ..entries import EntryAt, Teller
from ..fields.table import FieldTable
from . import codes
from .line import line
from .spec import CommerceSpec


class CommerceFamily(Family):
    """Events of Adobe Commerce: orders, products, customers, and all else that is documented."""

    name = "commerce"
    other_codes = "com.adobe.commerce."
    label = "Adobe Commerce"
    summary = (
        "An order was placed, paid, shipped or refunded; a product, a customer or another record "
        "of a shop was saved or deleted."
    )
    provider = FamilyProvider("dx_commerce_events", "Adobe Commerce Events")
    formats: Mapping[str, str] = {"cloud_events": "A", "adobe_io": "gap"}
    codes: Mapping[str, EventCode] = codes.event_codes()
    may_refuse = True

    def model(self) -> type[CommerceSpec]:
        return CommerceSpec

    def teller(self, chance: Chance, defaults: Any) -> Teller:
        from .telling import CommerceTeller

        return CommerceTeller(self.provider.id, next(iter(self.formats)), chance)

    def offsets(self, said: CommerceSpec) -> Sequence[float]:
        from .happenings import happenings_of

        return [each.offset for each in happenings_of(said)]

    def steps(self) -> Sequence[str]:
        from .happenings import sentences

        return [*sentences()]

    def prints(self) -> Sequence[str]:
        return ("09-delivered-event.json",)

    def gaps(self) -> Sequence[tuple[str, str]]:
        return _GAPS

    def rules_of_entry(
        self, document: Document, at: EntryAt, *, is_whole: bool
    ) -> Iterable[Problem]:
        from . import rules

        return rules.rules_of_entry(document, at.path, at.entry.said) if is_whole else ()

    def line(self, content: Any) -> str:
        return line(content)

    def fields(self) -> FieldTable:
        from .field_table import fields

        return fields()


_GAPS = (
    (
        "most values of an event with all of its fields (*)",
        "members without a value in the story are null, or empty lists: no text says what they "
        "hold",
    ),
    (
        "which events a change makes, and in which order",
        "no document says it; the names of events suggest it (grade C)",
    ),
    (
        "the wrapping of older modules, without key",
        "the sources contradict each other; override can leave it out",
    ),
    (
        "the other shape of three customer events in the starter kit",
        "the reference of Commerce, which is newer, has another one",
    ),
    (
        "the event observer.salesrule_rule_delete_after",
        "only a list of the starter kit names it; an entry custom_event sends any code with any "
        "body",
    ),
)

FAMILY = CommerceFamily()
"""The family; the registry finds it by this name."""
