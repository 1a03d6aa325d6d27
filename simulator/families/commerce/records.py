"""The values of products, customers and all else in the events, and the record of each body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import document_records, order_records
from .drawing import Drawing
from .happenings import since_placed
from .memory import BEGUN
from .order_records import Record
from .orders import Order
from .spec import ORDER_STEPS, CommerceSpec
from .wire import amount, digits, flag, long_amount, moment


@dataclass(frozen=True, slots=True)
class ShopChange:
    """What a record is made of: an entry, its draws, what happened, when, and in which store.

    ``times`` are those of all that has happened so far: step → moment.
    """

    said: CommerceSpec
    drawn: Drawing
    step: str
    changed: datetime
    times: Mapping[str, datetime]
    store: int

    @property
    def at(self) -> str:
        """When it happened, as it is written."""
        return moment(self.changed)

    @property
    def created(self) -> datetime:
        """When the product or customer was created, before the first change."""
        days, seconds = self.drawn.count("age", 2, 60), self.drawn.count("seconds", 0, 86_399)
        return self.times[BEGUN] - timedelta(days=days, seconds=seconds)

    @property
    def order(self) -> Order:
        """The order, whose other steps came as long before or after as is said."""
        since = [timedelta(seconds=each) for each in since_placed(self.said.order)]
        placed = self.changed - since[ORDER_STEPS.index(self.step)]
        placed = self.times.get("placed", placed)
        times = {step: placed + each for step, each in zip(ORDER_STEPS, since, strict=True)}
        known = {**times, **self.times}
        return Order(self.said.order, self.drawn, self.step, known, self.changed, self.store)


def record_of(body: str, change: ShopChange) -> Record:
    """Return the values of a body, as far as they are known."""
    if body in _OF_ORDERS:
        return _OF_ORDERS[body](change.order)
    return _OTHERS[body](change)


_OF_ORDERS: Mapping[str, Callable[[Order], Record]] = {
    "order": order_records.order_values,
    "placed_order": order_records.order_values,
    "invoice": document_records.invoice_values,
    "shipment": document_records.shipment_values,
    "track": document_records.track_values,
    "credit_memo": document_records.credit_memo_values,
    "status_history": order_records.status_history_values,
    "return": order_records.return_values,
    "quote": order_records.quote_values,
    "cart": order_records.cart_values,
    "checkout": order_records.checkout_values,
}


def _product(change: ShopChange) -> Record:
    said, drawn = change.said.product, change.drawn
    id_ = digits(said.id or drawn.count("product", 1, 9_999))
    sku = said.sku or f"simple-product-{id_}"
    price = drawn.price("price") if said.price is None else said.price
    before = round(price * 0.9, 2) if said.price_before is None else said.price_before
    stock = _in_stock(change)
    return {
        "sku": sku,
        "name": said.name or sku.replace("-", " ").title(),
        "created_at": moment(said.created or change.created),
        "updated_at": change.at,
        "stock_data": {"qty": stock, "is_decimal_divided": 0},
        "price": long_amount(price),
        "_edit_mode": True,
        "id": id_,
        "entity_id": id_,
        "parent_id": 0,
        "store_id": digits(change.store),
        "attribute_set_id": "4",
        "type_id": "simple",
        "status": "1",
        "visibility": "4",
        "category_ids": ["4"],
        "website_ids": {"1": "1"},
        "media_gallery": {"images": [], "values": []},
        "quantity_and_stock_status": {"is_in_stock": flag(stock != "0"), "qty": stock},
        "is_salable": int(stock != "0"),
        "salable": stock != "0",
        "is_new": flag(False),
        "tier_price_changed": 0,
        "data_changed": True,
        "_isNew": False,
        "_origData": {"price": long_amount(before)},
    }


def _in_stock(change: ShopChange) -> str:
    said = change.said.product
    return digits(change.drawn.count("qty", 1, 500) if said.qty is None else said.qty)


def _stock_item(change: ShopChange) -> Record:
    said, qty = change.said.product, _in_stock(change)
    before = int(qty) + 1 if said.qty_before is None else said.qty_before
    id_ = digits(said.id or change.drawn.count("product", 1, 9_999))
    return {
        "item_id": id_,
        "product_id": id_,
        "website_id": "0",
        "stock_id": "1",
        "qty": qty,
        "is_in_stock": qty != "0",
        "stock_status_changed_auto": False,
        "_isNew": False,
        "_origData": {"qty": before},
    }


def _customer(change: ShopChange) -> Record:
    said = change.said.customer
    created = change.times.get("registered", change.created)
    return {
        "id": digits(said.id or change.drawn.count("customer", 1, 99_999)),
        "group_id": digits(said.group),
        "created_at": moment(created),
        "updated_at": change.at,
        "email": said.email,
        "firstname": said.firstname,
        "lastname": said.lastname,
        "store_id": digits(change.store),
        "website_id": digits(change.store),
    }


def _customer_inside(change: ShopChange) -> Record:
    return {"customer": _customer(change)}


def _category(change: ShopChange) -> Record:
    id_ = change.drawn.count("category", 3, 999)
    return {
        "category_id": digits(id_),
        "parent_id": "2",
        "level": "2",
        "path": f"1/2/{id_}",
        "path_ids": ["1", "2", digits(id_)],
        "name": f"Category {id_}",
        "url_key": f"category-{id_}",
        "store_id": digits(change.store),
        "position": "1",
        "children_count": "0",
        "product_count": 0,
        "is_active": True,
        "include_in_menu": True,
        "display_mode": "PRODUCTS",
        "created_at": change.at,
        "updated_at": change.at,
        "_isNew": False,
    }


def _company(change: ShopChange) -> Record:
    return {
        "id": digits(change.drawn.count("company", 1, 999)),
        "status": "1",
        "company_name": "Example Company",
        "legal_name": "Example Company Ltd.",
        "company_email": "company@example.com",
        "city": "Example City",
        "country_id": "US",
        "customer_group_id": "1",
        "_isNew": False,
    }


def _customer_group(_change: ShopChange) -> Record:
    return {"tax_class_name": "Retail Customer", "_isNew": False}


def _attribute(_change: ShopChange) -> Record:
    return {}


def _sales_rule(change: ShopChange) -> Record:
    return {
        "customer_group_ids": ["0", "1"],
        "from_date": f"{change.changed:%Y-%m-%d}",
        "simple_action": "by_percent",
        "_isNew": False,
    }


def _cart_rule(change: ShopChange) -> Record:
    return {
        **_sales_rule(change),
        "rule_id": digits(change.drawn.count("rule", 1, 999)),
        "name": "10 percent off",
        "website_ids": ["1"],
        "is_active": True,
        "discount_amount": amount(10),
        "coupon_type": "NO_COUPON",
        "times_used": "0",
    }


def _coupon(change: ShopChange) -> Record:
    return {
        "coupon_id": digits(change.drawn.count("coupon", 1, 9_999)),
        "rule_id": digits(change.drawn.count("rule", 1, 999)),
        "code": f"SAVE{change.drawn.count('code', 1_000, 9_999)}",
        "times_used": "0",
        "is_primary": True,
        "created_at": change.at,
        "type": "0",
        "_isNew": False,
    }


_OTHERS: Mapping[str, Callable[[ShopChange], Record]] = {
    "product": _product,
    "stock_item": _stock_item,
    "customer": _customer,
    "login": _customer_inside,
    "registration": _customer_inside,
    "category": _category,
    "company": _company,
    "customer_group": _customer_group,
    "attribute": _attribute,
    "sales_rule": _sales_rule,
    "cart_rule": _cart_rule,
    "coupon": _coupon,
}
