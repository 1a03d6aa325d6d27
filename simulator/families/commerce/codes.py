"""The documented events of Adobe Commerce (event-families.md 9), and how their codes are made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..base import EventCode

PREFIX = "com.adobe.commerce."
"""What stands before the name of an event, or before the app's id."""

VENDOR = "magento."
"""What the class path of a plugin event begins with on PaaS."""


@dataclass(frozen=True, slots=True)
class CommerceEvent:
    """One documented event: its name, the schema of its ``value``, and what it is about.

    ``subject`` is the part of an entry that says more: ``order``, ``product``, ``customer``, or
    empty if there is none.
    """

    name: str
    body: str
    subject: str
    summary: str

    @property
    def paas_name(self) -> str:
        """Its name on PaaS, which differs for plugin events only."""
        return self.name.replace("plugin.", f"plugin.{VENDOR}", 1)


_ROWS = """
observer.catalog_category_delete_after|category||A category was deleted.
observer.catalog_category_save_after|category||A category was saved.
observer.catalog_product_delete_commit_after|product|product|A product was deleted, and that is committed.
observer.catalog_product_save_after|product|product|A product was saved.
observer.catalog_product_save_commit_after|product|product|A product was saved, and that is committed.
observer.cataloginventory_stock_item_save_commit_after|stock_item|product|The stock of a product was saved.
observer.checkout_cart_product_add_after|cart|order|A product was put into a cart.
observer.checkout_submit_all_after|checkout|order|A checkout has become an order.
observer.company_save_commit_after|company||A company was saved.
observer.customer_delete_commit_after|customer|customer|A customer was deleted.
observer.customer_group_delete_commit_after|customer_group||A customer group was deleted.
observer.customer_group_save_commit_after|customer_group||A customer group was saved.
observer.customer_login|login|customer|A customer has logged in.
observer.customer_register_success|registration|customer|A customer has registered.
observer.customer_save_after|customer|customer|A customer was saved.
observer.customer_save_commit_after|customer|customer|A customer was saved, and that is committed.
observer.customercustomattributes_attribute_save|attribute||An attribute of customers was saved.
observer.sales_quote_save_after|quote|order|A quote was saved: the cart before the order.
observer.rma_save_after|return|order|A return was saved.
observer.rma_save_commit_after|return|order|A return was saved, and that is committed.
observer.sales_order_creditmemo_save_after|credit_memo|order|A credit memo was saved: an order was refunded.
observer.sales_order_invoice_save_after|invoice|order|An invoice was saved: an order was paid.
observer.sales_order_save_after|order|order|An order was saved.
observer.sales_order_save_commit_after|order|order|An order was saved, and that is committed.
observer.sales_order_shipment_save_after|shipment|order|A shipment was saved.
observer.sales_order_shipment_track_save_after|track|order|The tracking number of a shipment was saved.
observer.sales_order_status_history_save_after|status_history|order|A comment on an order was saved.
plugin.sales.api.order_management.place|placed_order|order|An order was placed.
plugin.sales.api.order_repository.save|placed_order|order|An order was saved through its repository.
observer.salesrule_save_commit_after|sales_rule||A cart price rule was saved, and that is committed.
observer.salesrule_rule_save_after|sales_rule||A cart price rule was saved.
plugin.sales_rule.api.rule_repository.save|cart_rule||A cart price rule was saved through its repository.
plugin.sales_rule.model.resource_model.coupon.delete|coupon||A coupon was deleted.
plugin.sales_rule.model.resource_model.coupon.save|coupon||A coupon was saved.
"""  # noqa: E501 - a table

_ALL = [CommerceEvent(*row.split("|")) for row in _ROWS.strip().splitlines()]

EVENTS: Mapping[str, CommerceEvent] = {each.name: each for each in _ALL}
"""Name of an event → what is known of it, in the order of the documentation."""

_SHOWN = frozenset(
    {
        "observer.sales_order_save_commit_after",
        "observer.sales_order_invoice_save_after",
        "observer.sales_order_shipment_save_after",
        "observer.sales_order_shipment_track_save_after",
        "observer.sales_order_creditmemo_save_after",
        "observer.catalog_product_save_commit_after",
        "observer.cataloginventory_stock_item_save_commit_after",
        "observer.customer_register_success",
    }
)
"""Events of the shipped scenario."""

_PRINTED = "observer.catalog_product_save_commit_after"
"""The event that is printed; another sample is without ``_metadata``."""

SCENARIO = "commerce-order"
"""The shipped scenario."""


def event_codes() -> dict[str, EventCode]:
    """Return the event codes as Commerce itself sends them, on SaaS."""
    return {PREFIX + each.name: _code_of(each) for each in _ALL}


def _code_of(event: CommerceEvent) -> EventCode:
    scenario = SCENARIO if event.name in _SHOWN else None
    return EventCode(
        PREFIX + event.name,
        event.name,
        event.summary,
        "A",
        {"event": event.name},
        scenario,
        ({"metadata": "absent"},) if event.name == _PRINTED else (),
    )


def code_of(event: CommerceEvent, *, is_paas: bool, app: str | None) -> str:
    """Return the code of an event: of an edition, and with the app's id of App Management."""
    name = event.paas_name if is_paas else event.name
    return f"{PREFIX}{_spelled(app)}.{name}" if app else PREFIX + name


def _spelled(app: str) -> str:
    """Return the id of an app as its codes have it: ``my-app`` becomes ``my_app``."""
    return re.sub(r"[^a-z0-9_]", "_", app.lower())


_CODE = re.compile(rf"{re.escape(PREFIX)}(?:[a-z0-9_]+\.)?((?:observer|plugin)\..+)", re.ASCII)


def event_of(code: str) -> CommerceEvent | None:
    """Return the event of a code, of whatever edition and app; None if there is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    return EVENTS.get(found[1].replace(f"plugin.{VENDOR}", "plugin.", 1))
