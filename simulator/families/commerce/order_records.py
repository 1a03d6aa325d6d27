"""The values of an order, of its quote, and of comments and returns.

A record is a mapping: member of a schema → value as it is sent. Members of the schema that it lacks
are null, or empty lists. That the amounts of an order are text is inferred (grade C): a print shows
it for the amounts of an invoice that come from its order.
"""

from __future__ import annotations

from typing import Any

from .orders import Item, Order, increment
from .spec import ORDER_STEPS
from .wire import amount, digits, flag

Record = dict[str, Any]

STATES = {
    "placed": ("new", "pending"),
    "invoiced": ("processing", "processing"),
    "shipped": ("complete", "complete"),
    "refunded": ("closed", "closed"),
}
"""What has happened to an order → its state and status."""


def both(name: str, value: str | float | None) -> Record:
    """Return an amount in the currency of the order, and in that of the shop."""
    return {name: value, f"base_{name}": value}


def currencies(order: Order) -> Record:
    names = ("global", "base", "store", "order")
    return {f"{each}_currency_code": order.spec.currency for each in names}


def rates() -> Record:
    zero, one = amount(0), amount(1)
    rates = {"store_to_base_rate": zero, "store_to_order_rate": zero}
    return {**rates, "base_to_order_rate": one, "base_to_global_rate": one}


def order_values(order: Order) -> Record:
    """Return the record of an order, whose amounts are text."""
    state, status = STATES[order.done]
    return {
        **_order_head(order, state, status),
        **_order_totals(order),
        **currencies(order),
        **rates(),
        **order.addresses,
        "items": [_order_item(order, each) for each in order.items],
        "addresses": [_address(order, kind) for kind in ("shipping", "billing")],
        "billing_address": _address(order, "billing"),
        "payment": _payment(order),
        "tracking_numbers": [order.track_number] if order.is_("shipped") else [],
        "_isNew": order.done == "placed",
        "_origData": _original(order),
    }


def _order_head(order: Order, state: str, status: str) -> Record:
    return {
        "entity_id": digits(order.id),
        "increment_id": order.number,
        "real_order_id": order.number,
        "state": state,
        "status": status,
        "store_id": digits(order.store),
        "customer_id": order.customer,
        "customer_is_guest": flag(order.customer is None),
        "customer_email": order.spec.email,
        "customer_firstname": order.spec.firstname,
        "customer_lastname": order.spec.lastname,
        "customer_group_id": flag(order.customer is not None),
        "quote_id": digits(order.id),
        "is_virtual": flag(False),
        "total_item_count": digits(len(order.items)),
        "created_at": order.time_of("placed"),
        "updated_at": order.updated,
    }


def _order_totals(order: Order) -> Record:
    total, subtotal = amount(order.total), amount(order.subtotal)
    paid = total if order.is_("invoiced") else None
    refunded = total if order.is_("refunded") else None
    due = amount(0) if paid else total
    made: Record = {"grand_total": total, "subtotal": subtotal, "total_due": due}
    made |= {"shipping_amount": amount(order.spec.shipping), "total_paid": paid}
    made |= {"subtotal_invoiced": subtotal if paid else None, "total_invoiced": paid}
    made |= {"subtotal_refunded": subtotal if refunded else None, "total_refunded": refunded}
    made |= {"total_qty_ordered": amount(order.quantity), "discount_amount": amount(0)}
    made |= {"tax_amount": amount(0)}
    return {name: each for key, value in made.items() for name, each in both(key, value).items()}


def _original(order: Order) -> Record | list[Any]:
    """Return the old values of an order, as far as they have changed: none of a new one."""
    step = ORDER_STEPS.index(order.done)
    if not step:
        return []
    before = ORDER_STEPS[step - 1]
    state, status = STATES[before]
    return {"state": state, "status": status, "updated_at": order.time_of(before)}


def _order_item(order: Order, item: Item) -> Record:
    done = {"invoiced": "qty_invoiced", "shipped": "qty_shipped", "refunded": "qty_refunded"}
    counts = {name: amount(item.qty if order.is_(step) else 0) for step, name in done.items()}
    return {
        "item_id": digits(item.id),
        "order_id": digits(order.id),
        "product_id": digits(item.product_id),
        "product_type": "simple",
        "sku": item.sku,
        "name": item.name,
        "store_id": digits(order.store),
        "qty_ordered": amount(item.qty),
        **counts,
        **both("price", amount(item.price)),
        **both("original_price", amount(item.price)),
        **both("row_total", amount(item.total)),
        "created_at": order.time_of("placed"),
        "updated_at": order.updated,
    }


def _address(order: Order, kind: str) -> Record:
    return {
        "address_type": kind,
        "entity_id": order.addresses[f"{kind}_address_id"],
        "parent_id": digits(order.id),
        "customer_id": order.customer,
        "email": order.spec.email,
        "firstname": order.spec.firstname,
        "lastname": order.spec.lastname,
        "street": ["1 Example Street"],
        "city": "Example City",
        "postcode": "00000",
        "country_id": "US",
        "telephone": "000-000-0000",
    }


def _payment(order: Order) -> Record:
    total = amount(order.total)
    paid = total if order.is_("invoiced") else None
    refunded = total if order.is_("refunded") else None
    return {
        "entity_id": digits(order.id),
        "parent_id": digits(order.id),
        "method": "checkmo",
        **both("amount_ordered", total),
        **both("amount_paid", paid),
        **both("amount_refunded", refunded),
        **both("shipping_amount", amount(order.spec.shipping)),
    }


def status_history_values(order: Order) -> Record:
    return {
        "comment": "Checked by a person.",
        "created_at": order.updated,
        "entity_id": digits(order.id),
        "entity_name": "order",
        "is_customer_notified": flag(False),
        "is_visible_on_front": flag(False),
        "parent_id": digits(order.id),
        "status": STATES[order.done][1],
        "_isNew": True,
        "_origData": [],
    }


def return_values(order: Order) -> Record:
    id_ = order.drawn.count("return", 1, 99_999)
    return {
        "increment_id": increment(id_),
        "entity_id": digits(id_),
        "order_id": digits(order.id),
        "order_increment_id": order.number,
        "store_id": digits(order.store),
        "customer_id": order.customer,
        "date_requested": order.updated,
        "customer_custom_email": order.spec.email,
        "status": "pending",
        "_isNew": True,
        "_origData": [],
    }


def quote_values(order: Order) -> Record:
    return {
        "currency": {
            **currencies(order),
            "quote_currency_code": order.spec.currency,
            **{f"store_to_{each}_rate": amount(0) for each in ("base", "quote")},
            **{f"base_to_{each}_rate": amount(1) for each in ("global", "quote")},
        },
        "items": [_quote_item(order, each) for each in order.items],
        "created_at": order.time_of("placed"),
        "updated_at": order.time_of("placed"),
        "is_active": True,
        "items_count": len(order.items),
        "items_qty": amount(order.quantity),
        "reserved_order_id": order.number,
        "customer_is_guest": order.customer is None,
        "store_id": digits(order.store),
        "customer_group_id": flag(order.customer is not None),
        "_isNew": False,
        "_origData": [],
    }


def _quote_item(order: Order, item: Item) -> Record:
    return {
        "item_id": digits(item.id),
        "sku": item.sku,
        "qty": item.qty,
        "name": item.name,
        "price": amount(item.price),
        "product_type": "simple",
        "quote_id": digits(order.id),
    }


def cart_values(order: Order) -> Record:
    return {
        "quote_product_ids": [digits(each.product_id) for each in order.items],
        "quote": quote_values(order),
    }


def checkout_values(order: Order) -> Record:
    return {"order": order_values(order), "quote": quote_values(order)}
