"""An order: what an entry says about it, what is drawn, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from .drawing import Drawing
from .spec import ORDER_STEPS, ItemSpec, OrderSpec
from .wire import digits, moment

_USUAL_ITEMS = (ItemSpec(qty=3), ItemSpec(qty=5))
"""As many as in the printed invoice."""


@dataclass(frozen=True, slots=True)
class Item:
    """A product in an order."""

    id: int
    product_id: int
    sku: str
    name: str
    qty: int
    price: float

    @property
    def total(self) -> float:
        """What all of them cost."""
        return self.qty * self.price


@dataclass(frozen=True)
class Order:
    """An order, ``done`` up to some step and ``changed`` last; ``times`` are those of all steps."""

    spec: OrderSpec
    drawn: Drawing
    done: str
    times: Mapping[str, datetime]
    changed: datetime
    store: int

    @cached_property
    def id(self) -> int:
        """Its id."""
        return self.spec.id or self.drawn.count("order", 1, 99_999)

    @cached_property
    def number(self) -> str:
        """Its increment id."""
        return increment(self.id)

    def id_of(self, what: str) -> int:
        """Return the id of its invoice, shipment or credit memo."""
        stated = getattr(self.spec, f"{what}_id")
        return stated or self.drawn.count(what, 1, 99_999)

    @cached_property
    def items(self) -> list[Item]:
        """What was bought."""
        return [*self._items()]

    def _items(self) -> Iterator[Item]:
        first = 2 * self.id - 1
        for index, said in enumerate(self.spec.items or _USUAL_ITEMS):
            product = said.product_id or self.drawn.count(f"product/{index}", 1, 9_999)
            sku = said.sku or f"simple-product-{product}"
            name = said.name or sku.replace("-", " ").title()
            price = self.drawn.price(f"price/{index}") if said.price is None else said.price
            yield Item(said.id or first + index, product, sku, name, said.qty, price)

    @property
    def subtotal(self) -> float:
        """What all items cost."""
        return sum(each.total for each in self.items)

    @property
    def total(self) -> float:
        """What is paid."""
        return self.subtotal + self.spec.shipping

    @property
    def quantity(self) -> int:
        """How many things were bought."""
        return sum(each.qty for each in self.items)

    def is_(self, step: str) -> bool:
        """Tell whether a step is done."""
        return ORDER_STEPS.index(step) <= ORDER_STEPS.index(self.done)

    def time_of(self, step: str) -> str:
        """Return when a step was done, as it is written."""
        return moment(self.times[step])

    @property
    def updated(self) -> str:
        """When it was changed last, as it is written."""
        return moment(self.changed)

    @property
    def customer(self) -> str | None:
        """The id of its customer; None for a guest."""
        return None if self.spec.customer_id is None else digits(self.spec.customer_id)

    @property
    def addresses(self) -> dict[str, str]:
        """The ids of its addresses: the first orders of a shop have 1 and 2, 3 and 4, …"""
        billing, shipping = digits(2 * self.id), digits(2 * self.id - 1)
        return {"billing_address_id": billing, "shipping_address_id": shipping}

    @property
    def track_number(self) -> str:
        """The number under which its carrier tracks the shipment."""
        return self.spec.track_number or f"1Z{self.drawn.count('track', 10**9, 10**10 - 1)}"


def increment(id_: int) -> str:
    """Return the increment id of an order, an invoice or another document: nine digits."""
    return f"{id_:09d}"
