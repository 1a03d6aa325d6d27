"""What a scenario says about Commerce events; all of it is optional."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from ...core.spec_values import COUNT_MAX, Count, Duration, Moment, SpecModel, Text, refuse
from ...errors import Nearest
from .codes import EVENTS

ORDER_STEPS = ("placed", "invoiced", "shipped", "refunded")
"""What happens to an order, in order."""

MOST_DELAY = 59
"""For how many seconds at most Commerce keeps an event; on PaaS a cron job sends it."""

FieldsOfEvents = Mapping[str, tuple[str, ...]]
"""Fields by the name of an event; those under an empty name are for all events of the entry."""

_FIELDS = "a list of fields, or such a list for each name of an event"
_PLAIN_LIST: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _amount(value: object) -> object:
    if type(value) not in (int, float) or not math.isfinite(value) or not 0 <= value <= 10**9:  # type: ignore[arg-type, operator]
        raise refuse("a number from 0 to 1,000,000,000, as in 19.99")
    return value


def _event(value: object) -> object:
    if not isinstance(value, str):
        raise refuse("the name of an event, as in observer.catalog_product_save_after")
    if value not in EVENTS:
        near = Nearest(value, EVENTS)
        raise refuse("a name that flowsim events commerce lists", f"unknown event {value!r}", near)
    return value


def _delay(seconds: float) -> float:
    if seconds > MOST_DELAY:
        raise refuse(f"a duration of at most {MOST_DELAY}s, as in 1s")
    return seconds


def _as_fields(value: object) -> FieldsOfEvents:
    said: Mapping[Any, Any] = value if isinstance(value, dict) else {"": value}
    for each in said.values():
        if not isinstance(each, list | tuple):
            raise refuse(_FIELDS)
        if not all(isinstance(name, str) and name for name in each):
            raise refuse(_FIELDS, "a list with a value that is no path, as items[].sku is")
    return {str(name): tuple(each) for name, each in said.items()}


Amount = Annotated[
    float,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**9}),
]
App = Annotated[str, Field(strict=True, min_length=1, max_length=100)]
"""The id of an app; an event code with it has at most 255 characters."""

EventName = Annotated[str, BeforeValidator(_event), WithJsonSchema({"enum": [*EVENTS]})]
FieldsField = Annotated[
    FieldsOfEvents,
    BeforeValidator(_as_fields),
    WithJsonSchema(
        {"anyOf": [_PLAIN_LIST, {"type": "object", "additionalProperties": _PLAIN_LIST}]}
    ),
]
Id = Annotated[int, Field(strict=True, ge=1, le=COUNT_MAX)]


class ItemSpec(SpecModel):
    """One product in an order."""

    sku: Text | None = Field(None, description="Drawn, if left out.")
    name: Text | None = Field(None, description="Follows from the sku, if left out.")
    qty: Annotated[int, Field(strict=True, ge=1, le=10**6)] = 1
    price: Amount | None = Field(None, description="Price of one; drawn, if left out.")
    product_id: Id | None = None
    id: Id | None = Field(None, description="Id of the item in the order.")


class OrderSpec(SpecModel):
    """An order and what happens to it: placed, invoiced (paid), shipped, refunded."""

    until: Literal["placed", "invoiced", "shipped", "refunded"] | None = Field(
        None, description="How far it goes: shipped, if left out, or as far as the event says."
    )
    invoiced_after: Duration = Field(600.0, description="From placed to invoiced.")
    shipped_after: Duration = Field(86_400.0, description="From invoiced to shipped.")
    refunded_after: Duration = Field(432_000.0, description="From shipped to refunded.")
    items: tuple[ItemSpec, ...] = Field((), description="Products; two are drawn, if left out.")
    shipping: Amount = Field(0, description="What shipping costs.")
    currency: Text = Field("USD", description="Currency of the order and of the store.")
    id: Id | None = Field(None, description="Its id; its increment id has the same digits.")
    invoice_id: Id | None = Field(None, description="Id of the invoice; drawn, if left out.")
    shipment_id: Id | None = Field(None, description="Id of the shipment; drawn, if left out.")
    credit_memo_id: Id | None = Field(
        None, description="Id of the credit memo; drawn, if left out."
    )
    customer_id: Id | None = Field(None, description="The customer; a guest, if left out.")
    email: Text = Field("user@example.com", description="Mail address of the customer.")
    firstname: Text = Field("Jane", description="First name of the customer.")
    lastname: Text = Field("Doe", description="Last name of the customer.")
    carrier: Text = Field("ups", description="Code of the carrier.")
    track_number: Text | None = Field(None, description="Tracking number; drawn, if left out.")


ProductStep = Literal["saved", "stock_changed", "deleted"]


class ProductSpec(SpecModel):
    """A product and what happens to it."""

    happens: tuple[ProductStep, ...] = Field(("saved",), description="What happens, in order.")
    apart: Duration = Field(3600.0, description="Time between two of these.")
    id: Id | None = Field(None, description="Its id; drawn, if left out.")
    sku: Text | None = Field(None, description="Drawn, if left out.")
    name: Text | None = Field(None, description="Follows from the sku, if left out.")
    price: Amount | None = Field(None, description="Drawn, if left out.")
    qty: Count | None = Field(None, description="In stock; drawn, if left out.")
    price_before: Amount | None = Field(
        None, description="Old price, for _origData; 10 % less, if left out."
    )
    qty_before: Count | None = Field(
        None, description="Old quantity, for _origData; one more, if left out."
    )
    created: Moment | None = Field(None, description="Drawn, if left out.")


CustomerStep = Literal["registered", "logged_in", "saved", "deleted"]


class CustomerSpec(SpecModel):
    """A customer and what happens to them."""

    happens: tuple[CustomerStep, ...] = Field(
        ("registered",), description="What happens, in order."
    )
    apart: Duration = Field(60.0, description="Time between two of these.")
    id: Id | None = Field(None, description="Their id; drawn, if left out.")
    email: Text = Field("user@example.com", description="Their mail address.")
    firstname: Text = Field("Jane", description="Their first name.")
    lastname: Text = Field("Doe", description="Their last name.")
    group: Count = Field(1, description="Id of the customer group.")


class StoreSpec(SpecModel):
    """The store; its ids stand in the metadata, and in orders and customers."""

    id: Count | None = Field(
        None, description="0 for products, as in print, and 1 for orders and customers."
    )
    website: Count | None = Field(None, description="The same, if left out.")
    group: Count | None = Field(None, description="The same, if left out.")


class VersionsSpec(SpecModel):
    """What sent the event, in the metadata."""

    edition: Text = Field("Adobe Commerce", description="Edition of Commerce.")
    commerce: Text = Field("1.0.0-beta", description="Version of Commerce, as printed.")
    client: Text = Field("1.12.1", description="Version of the module that sends events.")


class CommerceSpec(SpecModel):
    """A story of an order, a product or a customer, or one event; else a product is saved."""

    event: EventName | None = Field(
        None, description="Only this event; what it is about may stand beside it."
    )
    order: OrderSpec = OrderSpec()
    product: ProductSpec = ProductSpec()
    customer: CustomerSpec = CustomerSpec()
    events: tuple[EventName, ...] | None = Field(
        None, description="The events of a story that are subscribed to; the usual, if left out."
    )
    fields: FieldsField | None = Field(
        None,
        description="Members of value that are subscribed to, as sku, stock_data.qty or "
        "items[].sku; * means all. A list for all events, or one for each name of an event.",
    )
    orig_data: bool = Field(False, description="Whether _origData is subscribed to as well.")
    edition: Literal["saas", "paas"] = Field(
        "saas", description="Codes of plugin events have the vendor's name on PaaS."
    )
    app: App | None = Field(None, description="Id of an app; App Management puts it into codes.")
    merchant: Text = Field("demo", description="First part of source: the id of the merchant.")
    stage: Text = Field("Stage", description="Second part of source: the id of the environment.")
    metadata: Literal["present", "absent"] = Field(
        "present", description="Whether the event has _metadata: one sample has none."
    )
    versions: VersionsSpec = VersionsSpec()
    store: StoreSpec = StoreSpec()
    delay: Annotated[Duration, AfterValidator(_delay)] = Field(
        1.0, description="From the change to its event: up to 59s, 1s for priority events."
    )

    @property
    def told(self) -> set[str]:
        """Which of order, product and customer it says something about."""
        return self.model_fields_set & {"order", "product", "customer"}

    @property
    def subject(self) -> str:
        """What it is about: ``order``, ``product`` or ``customer``, or empty."""
        if self.event is not None:
            return EVENTS[self.event].subject
        return min(self.told, default="product")
