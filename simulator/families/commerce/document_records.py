"""The values of what follows from an order: invoice, shipment, tracking number and credit memo.

Totals of a new invoice are numbers, and its ids are text, as in print. The others are like it
(grade C).
"""

from __future__ import annotations

from .order_records import Record, both, currencies, rates
from .orders import Order, increment
from .wire import amount, digits, long_amount, number

_PAID, _REFUNDED = 2, 2
"""State of an invoice that is paid, as printed, and of a credit memo that is refunded."""


def _of_order(order: Order, what: str, step: str) -> Record:
    """Return what an invoice, a shipment and a credit memo have in common."""
    id_ = order.id_of(what)
    return {
        "order_id": digits(order.id),
        "store_id": digits(order.store),
        "customer_id": order.customer,
        **order.addresses,
        "increment_id": increment(id_),
        "entity_id": digits(id_),
        "id": digits(id_),
        "created_at": order.time_of(step),
        "updated_at": order.time_of(step),
        "_isNew": True,
        "_origData": [],
    }


def _new_totals(order: Order) -> Record:
    """Return the totals of a new invoice or credit memo, which are numbers."""
    return {
        **both("subtotal", number(order.subtotal)),
        **both("grand_total", number(order.total)),
        **both("shipping_amount", number(order.spec.shipping)),
        **both("discount_amount", 0),
        **both("tax_amount", 0),
        "total_qty": order.quantity,
    }


def _new_items(order: Order) -> list[Record]:
    return [
        {
            "order_item_id": digits(each.id),
            "product_id": digits(each.product_id),
            "sku": each.sku,
            "name": each.name,
            "price": number(each.price),
            "base_price": amount(each.price),
            "weee_tax_applied": "[]",
            "qty": long_amount(each.qty),
            "parent_id": None,
            "store_id": digits(order.store),
            "row_total": number(each.total),
            "base_row_total": number(each.total),
            "tax_amount": 0,
        }
        for each in order.items
    ]


def invoice_values(order: Order) -> Record:
    return {
        **_of_order(order, "invoice", "invoiced"),
        **currencies(order),
        **rates(),
        **_new_totals(order),
        "items": _new_items(order),
        "state": _PAID,
    }


def credit_memo_values(order: Order) -> Record:
    return {
        **_of_order(order, "credit_memo", "refunded"),
        **currencies(order),
        **rates(),
        **_new_totals(order),
        "items": _new_items(order),
        "invoice_id": digits(order.id_of("invoice")),
        "invoice": invoice_values(order),
        "state": _REFUNDED,
    }


def shipment_values(order: Order) -> Record:
    return {
        **_of_order(order, "shipment", "shipped"),
        "items": _new_items(order),
        "tracks": [track_values(order)],
        "total_qty": order.quantity,
    }


def track_values(order: Order) -> Record:
    return {
        "number": order.track_number,
        "track_number": order.track_number,
        "carrier_code": order.spec.carrier,
        "title": order.spec.carrier.upper(),
        "order_id": digits(order.id),
        "entity_id": digits(order.id_of("shipment")),
        "parent_id": digits(order.id_of("shipment")),
        "created_at": order.time_of("shipped"),
        "updated_at": order.time_of("shipped"),
        "_isNew": True,
        "_origData": [],
    }
