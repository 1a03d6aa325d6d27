"""What becomes of an order, a product and a customer: states, times and ids that agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flowsim.families.entries import Passage

from ...cases import for_each
from .telling import BEGIN, events_of, names, tell, value, values

ORDER, SAVED = "observer.sales_order_", "observer.sales_order_save_commit_after"
STORY = [
    SAVED,
    f"{ORDER}invoice_save_after",
    SAVED,
    f"{ORDER}shipment_save_after",
    f"{ORDER}shipment_track_save_after",
    SAVED,
    f"{ORDER}creditmemo_save_after",
    SAVED,
]


@for_each(("until", "count"), [("placed", 1), ("invoiced", 3), ("shipped", 6), ("refunded", 8)])
def test_an_order_goes_as_far_as_it_is_said(until: str, count: int) -> None:
    assert names(tell({"order": {"until": until}})) == STORY[:count]


def test_an_order_is_shipped_if_nothing_is_said() -> None:
    assert names(tell({"order": {}})) == STORY[:6]


def test_the_steps_of_an_order_take_as_long_as_is_said() -> None:
    waits = {"invoiced_after": "2m", "shipped_after": "3h", "refunded_after": "1d"}
    told = tell({"order": {"until": "refunded", **waits}})
    minutes = [round((each.time - BEGIN).total_seconds() / 60) for each in told]
    assert minutes == [0, 2, 2, 182, 182, 182, 1622, 1622]


def test_all_events_of_an_order_are_about_the_same_order() -> None:
    """Invoice, shipment, tracking number and credit memo name it, and each other."""
    told = values(tell({"order": {"until": "refunded", "id": 8}}))
    orders = [each for each in told if "status" in each]
    assert {each["increment_id"] for each in orders} == {"000000008"}
    invoice, shipment, track, memo = (each for each in told if "status" not in each)
    assert {each["order_id"] for each in (invoice, shipment, track, memo)} == {"8"}
    assert track["parent_id"] == str(int(shipment["increment_id"]))
    assert memo["invoice_id"] == invoice["id"] == str(int(invoice["increment_id"]))
    skus = [[item["sku"] for item in each["items"]] for each in (*orders, invoice, shipment, memo)]
    assert skus == [skus[0]] * len(skus)


def test_an_order_changes_its_state_and_what_is_paid() -> None:
    told = values(tell({"order": {"until": "refunded", "items": [{"price": 19.99, "qty": 3}]}}))
    orders = [each for each in told if "status" in each]
    assert [each["state"] for each in orders] == ["new", "processing", "complete", "closed"]
    assert [each["total_paid"] for each in orders] == [None, *["59.9700"] * 3]
    assert [each["total_refunded"] for each in orders] == [None, None, None, "59.9700"]
    assert {each["grand_total"] for each in orders} == {"59.9700"}


def test_moments_have_no_zone_and_lie_before_the_event() -> None:
    """A change takes as long to become an event as is said: up to 59 s if it has no priority."""
    told = tell({"order": {"until": "invoiced"}, "delay": "59s"})
    first, invoice, last = values(told)
    placed = BEGIN - timedelta(seconds=59)
    assert first["created_at"] == first["updated_at"] == f"{placed:%Y-%m-%d %H:%M:%S}"
    assert last["created_at"] == first["created_at"]
    assert last["updated_at"] == invoice["created_at"] == "2026-01-15 09:39:01"


def test_a_subscription_chooses_events_of_a_story() -> None:
    chosen = ["plugin.sales.api.order_management.place", f"{ORDER}invoice_save_after"]
    assert names(tell({"order": {"until": "shipped"}, "events": chosen})) == chosen


@for_each(
    ("event", "state"),
    [
        (SAVED, "new"),
        ("plugin.sales.api.order_repository.save", "new"),
        ("observer.checkout_submit_all_after", "new"),
    ],
)
def test_a_single_event_is_about_a_new_order(event: str, state: str) -> None:
    found = value({"event": event})
    assert found.get("order", found)["state"] == state


def test_a_single_event_is_about_an_order_in_the_state_that_is_said() -> None:
    found = value({"event": SAVED, "order": {"until": "shipped"}})
    assert (found["state"], found["created_at"]) == ("complete", "2026-01-14 09:19:59")


def test_a_label_keeps_what_was_said_and_drawn() -> None:
    """A later entry with the label is about the same order: its ids, its items, its times."""
    passage = Passage()
    order = {"order": {"until": "placed", "currency": "EUR", "items": [{"price": 7}]}}
    (placed,) = values(tell(order, label="one", passage=passage))
    later = BEGIN + timedelta(hours=5)
    single = {"event": f"{ORDER}invoice_save_after", "fields": ["*"]}
    (invoice,) = values(tell(single, begin=later, label="one", passage=passage, number="1.0"))
    assert invoice["order_currency_code"] == "EUR"
    assert invoice["items"][0]["sku"] == placed["items"][0]["sku"]
    assert invoice["grand_total"] == 7
    assert int(invoice["order_id"]) == int(placed["increment_id"])
    (saved,) = values(
        tell(
            {"event": SAVED, "order": {"until": "shipped"}},
            begin=later,
            label="one",
            passage=passage,
            number="2.0",
        )
    )
    assert saved["created_at"] == placed["created_at"]
    assert saved["increment_id"] == placed["increment_id"]


def test_entries_without_a_label_and_repetitions_are_about_different_orders() -> None:
    entry: dict[str, Any] = {"commerce": {"event": SAVED}}
    told = events_of(entry, {**entry, "repeat": 3})
    assert len({each.content["value"]["increment_id"] for each in told}) == 4
    assert len({each.content["key"] for each in told}) == 4


def test_a_labelled_entry_has_other_keys_in_each_repetition() -> None:
    told = events_of({"commerce": {}, "run": "lamp", "repeat": 3})
    assert len({each.content["key"] for each in told}) == 3
    assert len({each.content["value"]["sku"] for each in told}) == 1


def test_a_product_is_saved_its_stock_changes_and_it_is_deleted() -> None:
    said = {"happens": ["saved", "stock_changed", "deleted"], "apart": "10m", "id": 7, "qty": 0}
    told = tell({"product": said})
    saved, stock, deleted = values(told)
    assert names(told) == [
        "observer.catalog_product_save_commit_after",
        "observer.cataloginventory_stock_item_save_commit_after",
        "observer.catalog_product_delete_commit_after",
    ]
    assert [(each.time - BEGIN).total_seconds() for each in told] == [0, 600, 1200]
    assert saved["stock_data"]["qty"] == stock["qty"] == "0"
    assert stock["product_id"] == "7"
    assert stock["is_in_stock"] is False
    assert deleted["sku"] == saved["sku"] == "simple-product-7"
    assert deleted["created_at"] == saved["created_at"] < saved["updated_at"]


def test_a_customer_registers_logs_in_is_saved_and_deleted() -> None:
    happens = ["registered", "logged_in", "saved", "deleted"]
    told = tell({"customer": {"happens": happens, "email": "jo@example.com"}})
    found = [each.get("customer", each) for each in values(told)]
    assert [each.rpartition("customer_")[2] for each in names(told)] == [
        "register_success",
        "login",
        "save_commit_after",
        "delete_commit_after",
    ]
    for name in ("id", "email", "created_at"):
        assert len({each[name] for each in found}) == 1
    assert found[0]["created_at"] == found[0]["updated_at"] < found[3]["updated_at"]


def test_old_values_come_only_if_they_are_asked_for() -> None:
    """They have other types than the new ones, and only what has changed."""
    stock = {"event": "observer.cataloginventory_stock_item_save_commit_after"}
    qty = {"product": {"qty": 3126, "qty_before": 3125}}
    assert "_origData" not in value({**stock, **qty})
    assert "_origData" not in value({**stock, **qty, "fields": ["*"]})
    found = value({**stock, **qty, "orig_data": True})
    assert (found["qty"], found["_origData"]) == ("3126", {"qty": 3125})
    asked = {"fields": ["*", "_origData"]}
    assert value({**stock, **qty, **asked})["_origData"] == {"qty": 3125}


def test_a_new_order_has_no_old_values() -> None:
    told = values(tell({"order": {"until": "invoiced"}, "orig_data": True}))
    assert [each["_origData"] for each in told[:2]] == [[], []]
    assert told[2]["_origData"]["state"] == "new"
