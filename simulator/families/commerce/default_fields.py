"""The fields of an event whose entry asks for none: those of a print, or a usual few."""

from __future__ import annotations

from collections.abc import Mapping

_ORDER = (
    "increment_id state status store_id customer_id customer_email grand_total subtotal "
    "order_currency_code total_qty_ordered total_paid total_refunded items[].sku items[].name "
    "items[].qty_ordered items[].price items[].row_total created_at updated_at"
)

_INVOICE = (
    "order_id store_id customer_id billing_address_id shipping_address_id global_currency_code "
    "base_currency_code store_currency_code order_currency_code store_to_base_rate "
    "base_to_order_rate items[].order_item_id items[].product_id items[].sku items[].name "
    "items[].price items[].base_price items[].weee_tax_applied items[].qty items[].parent_id "
    "items[].store_id items[].row_total items[].tax_amount total_qty subtotal grand_total "
    "discount_amount tax_amount state increment_id entity_id id created_at updated_at"
)

_CUSTOMER = "id group_id created_at updated_at email firstname lastname store_id website_id"

_TEXTS: Mapping[str, str] = {
    "product": "sku name created_at updated_at stock_data.qty price",
    "invoice": _INVOICE,
    "order": _ORDER,
    "placed_order": f"entity_id {_ORDER}",
    "credit_memo": "order_id invoice_id increment_id state grand_total subtotal "
    "order_currency_code items[].sku items[].qty items[].row_total created_at",
    "shipment": "order_id increment_id store_id total_qty items[].sku items[].name created_at "
    "updated_at",
    "track": "track_number carrier_code title order_id parent_id created_at updated_at",
    "status_history": "parent_id status comment entity_name is_customer_notified created_at",
    "return": "increment_id entity_id order_id order_increment_id status date_requested",
    "quote": "items_count items_qty items[].sku items[].qty items[].price reserved_order_id "
    "store_id created_at updated_at",
    "cart": "quote_product_ids quote.items_count quote.items_qty quote.store_id",
    "checkout": "order.increment_id order.state order.status order.grand_total "
    "order.order_currency_code order.customer_email order.items[].sku "
    "order.items[].qty_ordered quote.items_count quote.reserved_order_id",
    "stock_item": "item_id product_id stock_id qty is_in_stock",
    "customer": _CUSTOMER,
    "login": " ".join(f"customer.{each}" for each in _CUSTOMER.split()),
    "registration": " ".join(f"customer.{each}" for each in _CUSTOMER.split()),
    "category": "category_id parent_id name url_key path level is_active created_at updated_at",
    "company": "id status company_name legal_name company_email city country_id",
    "customer_group": "tax_class_name _isNew",
    "attribute": "",
    "sales_rule": "customer_group_ids from_date to_date simple_action",
    "cart_rule": "rule_id name is_active simple_action discount_amount from_date to_date",
    "coupon": "coupon_id rule_id code times_used created_at",
}

DEFAULT_FIELDS: Mapping[str, tuple[str, ...]] = {
    body: tuple(text.split()) for body, text in _TEXTS.items()
}
"""Body → fields, in the order in which they are sent."""
