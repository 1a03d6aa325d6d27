"""Which events come of an entry, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from .codes import EVENTS, PREFIX, CommerceEvent
from .spec import ORDER_STEPS, CommerceSpec, OrderSpec

_ORDER_SAVED = ("observer.sales_order_save_after", "observer.sales_order_save_commit_after*")

_EVENTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "order": {
        "placed": (
            "plugin.sales.api.order_management.place",
            *_ORDER_SAVED,
            "observer.checkout_submit_all_after",
        ),
        "invoiced": ("observer.sales_order_invoice_save_after*", *_ORDER_SAVED),
        "shipped": (
            "observer.sales_order_shipment_save_after*",
            "observer.sales_order_shipment_track_save_after*",
            *_ORDER_SAVED,
        ),
        "refunded": ("observer.sales_order_creditmemo_save_after*", *_ORDER_SAVED),
    },
    "product": {
        "saved": (
            "observer.catalog_product_save_after",
            "observer.catalog_product_save_commit_after*",
        ),
        "stock_changed": ("observer.cataloginventory_stock_item_save_commit_after*",),
        "deleted": ("observer.catalog_product_delete_commit_after*",),
    },
    "customer": {
        "registered": (
            "observer.customer_save_after",
            "observer.customer_save_commit_after",
            "observer.customer_register_success*",
        ),
        "logged_in": ("observer.customer_login*",),
        "saved": ("observer.customer_save_after", "observer.customer_save_commit_after*"),
        "deleted": ("observer.customer_delete_commit_after*",),
    },
}
"""What a story is about → what happens → the events of it; those with a star are the usual ones.

Which events come of one change is known from the names only (grade C).
"""

_STATE_OF_BODY = {
    "invoice": "invoiced",
    "shipment": "shipped",
    "track": "shipped",
    "return": "shipped",
    "credit_memo": "refunded",
}
"""How far an order is when there is such an event of it; ``placed`` for all others."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of an entry: its seconds after the entry begins, and what has just happened."""

    offset: float
    step: str
    event: CommerceEvent


def happenings_of(said: CommerceSpec) -> list[Happening]:
    """Return the events of an entry, in order of time."""
    if said.event is not None:
        return [_single(said, EVENTS[said.event])]
    table = _EVENTS[said.subject]
    return [
        Happening(offset, step, EVENTS[name.removesuffix("*")])
        for offset, step in _steps(said)
        for name in table[step]
        if _is_wanted(said, name)
    ]


def _single(said: CommerceSpec, event: CommerceEvent) -> Happening:
    step = ""
    if event.subject == "order":
        step = said.order.until or _STATE_OF_BODY.get(event.body, "placed")
    return Happening(0.0, step, event)


def _is_wanted(said: CommerceSpec, name: str) -> bool:
    plain = name.removesuffix("*")
    return plain != name if said.events is None else plain in said.events


def _steps(said: CommerceSpec) -> Iterator[tuple[float, str]]:
    """Yield what happens in a story, each with its seconds after the beginning."""
    if said.subject == "order":
        last = ORDER_STEPS.index(said.order.until or "shipped")
        yield from zip(since_placed(said.order), ORDER_STEPS[: last + 1], strict=False)
        return
    about = said.product if said.subject == "product" else said.customer
    yield from ((number * about.apart, step) for number, step in enumerate(about.happens))


def since_placed(order: OrderSpec) -> list[float]:
    """Return for each step of an order its seconds after it was placed."""
    waits = (0.0, order.invoiced_after, order.shipped_after, order.refunded_after)
    return [*accumulate(waits)]


def names_of(subject: str) -> list[str]:
    """Return the names of all events that a story may have."""
    steps = _EVENTS[subject].values()
    return [*dict.fromkeys(name.removesuffix("*") for names in steps for name in names)]


def sentences() -> Iterator[str]:
    """Yield when events come: alone, and for each thing that happens in a story."""
    every = ", ".join(f"`{PREFIX}{name}`" for name in EVENTS)
    yield f"At `begin`, if the entry says `event`, that event alone: one of {every}."
    for subject, steps in _EVENTS.items():
        for step, names in steps.items():
            usual = [f"`{each[:-1]}`" for each in names if each.endswith("*")]
            others = [f"`{each}`" for each in names if not each.endswith("*")]
            said = f" and, if `events` names them, {', '.join(others)}" if others else ""
            text = ", ".join(usual) or "none"
            yield f"When the {subject} is {step.replace('_', ' ')}: {text}{said}."
