"""What an entry decides around the values: fields, codes, source, metadata, size; and mistakes."""

from __future__ import annotations

from typing import Any

from flowsim.families.commerce.family import FAMILY
from flowsim.families.commerce.telling import MOST_BYTES

from ...cases import for_each
from .telling import Json, events_of, mistakes, names, tell, value, values

INVOICE = "observer.sales_order_invoice_save_after"
PLACED = "plugin.sales.api.order_management.place"
PRODUCT = "observer.catalog_product_save_commit_after"


def _content(says: Json) -> Json:
    (told,) = tell(says)
    found: Json = told.notification.content
    return found


def test_fields_decide_what_arrives_and_in_which_order() -> None:
    fields = ["grand_total", "items[].sku", "increment_id", "items[].qty"]
    found = value({"event": INVOICE, "fields": fields})
    assert [*found] == ["grand_total", "items", "increment_id"]
    assert [[*each] for each in found["items"]] == [["sku", "qty"]] * 2


def test_a_whole_member_holds_all_of_its_members() -> None:
    found = value({"event": INVOICE, "fields": ["items[].sku", "items"]})
    assert len(found["items"][0]) > 20
    assert value({"fields": ["stock_data"]}) == value({"fields": ["stock_data", "stock_data.qty"]})


def test_what_a_story_has_no_value_for_is_null_or_an_empty_list() -> None:
    found = value({"event": INVOICE, "fields": ["comments", "transaction_id"]})
    assert found == {"comments": [], "transaction_id": None}


def test_each_event_of_a_story_may_have_its_own_fields() -> None:
    fields = {INVOICE: ["grand_total"], "observer.sales_order_save_commit_after": ["state"]}
    told = values(tell({"order": {"until": "invoiced"}, "fields": fields}))
    assert [[*each] for each in told] == [["state"], ["grand_total"], ["state"]]


def test_an_event_without_known_fields_holds_an_empty_list() -> None:
    assert value({"event": "observer.customercustomattributes_attribute_save"}) == []


@for_each(
    ("says", "code"),
    [
        ({}, PLACED),
        ({"edition": "paas"}, "plugin.magento.sales.api.order_management.place"),
        ({"app": "my-App 2"}, f"my_app_2.{PLACED}"),
        (
            {"app": "a.b", "edition": "paas"},
            "a_b.plugin.magento.sales.api.order_management.place",
        ),
    ],
)
def test_the_edition_and_the_app_decide_the_code(says: Json, code: str) -> None:
    assert names(tell({"event": PLACED, **says})) == [code]


def test_observer_events_have_the_same_code_in_both_editions() -> None:
    assert names(tell({"edition": "paas"})) == names(tell({"edition": "saas"})) == [PRODUCT]


def test_the_source_is_merchant_and_environment() -> None:
    assert _content({"merchant": "demo", "stage": "demo"})["source"] == "demo.demo"


def test_metadata_may_be_absent_or_of_another_version() -> None:
    assert "_metadata" not in _content({"metadata": "absent"})
    assert _content({"metadata": "present"}) == _content({})
    found = _content({"versions": {"commerce": "2.4.8", "client": "1.13.0"}})["_metadata"]
    assert found["commerceEdition"] == "Adobe Commerce"
    assert (found["commerceVersion"], found["eventsClientVersion"]) == ("2.4.8", "1.13.0")


def test_store_ids_are_text_in_metadata_and_value() -> None:
    says = {"event": INVOICE, "store": {"id": 3, "website": 2, "group": 4}}
    found = _content(says)
    ids = [found["_metadata"][name] for name in ("storeId", "websiteId", "storeGroupId")]
    assert ids == ["3", "2", "4"]
    assert found["value"]["store_id"] == "3"


def test_an_override_changes_the_content_and_its_code_too() -> None:
    override = {"value": {"sku": None, "color": "red"}, "source": "x.y"}
    (event,) = events_of({"commerce": {}, "override": override, "event_code": "com.example.x"})
    assert "sku" not in event.content["value"]
    assert event.content["value"]["color"] == "red"
    assert (event.content["source"], event.code) == ("x.y", "com.example.x")


def test_commerce_does_not_create_an_event_above_64_kilobytes() -> None:
    (event,) = events_of({"commerce": {}, "override": {"value": {"name": "x" * 60_000}}})
    assert len(event.content["value"]["name"]) == 60_000
    (found,) = mistakes({}, override={"value": {"name": "x" * MOST_BYTES}})
    assert "which Commerce does not create; expected at most 65,536" in found


@for_each(
    ("says", "found"),
    [
        (
            {"event": "observer.customer_logn"},
            "event: unknown event 'observer.customer_logn'; exp"
            "ected observer.customer_login, or a name that flowsim events commerce lists",
        ),
        (
            {"fields": ["sku", "prize"]},
            "fields[1]: unknown field 'prize'; expected price, or a "
            f"field of {PRODUCT}, as in store_id",
        ),
        (
            {"event": INVOICE, "fields": ["items.sku"]},
            "fields[0]: unknown field 'items.sku'; "
            f"expected items[].sku, items, items[].qty, or a field of {INVOICE}, as in items",
        ),
        (
            {"fields": ["sku["]},
            "fields[0]: unknown field 'sku['; expected sku, or a field of "
            f"{PRODUCT}, as in store_id",
        ),
        (
            {"fields": [3]},
            "fields: a list with a value that is no path, as items[].sku is; expected a list of "
            "fields, or such a list for each name of an event",
        ),
        ({"app": "x" * 101}, f"app: '{'x' * 56}…; expected text of at most 100 characters"),
        (
            {"fields": {INVOICE: ["state"]}},
            f"fields.{INVOICE}: {INVOICE}, which does not come of "
            f"this entry; expected one of {PRODUCT}",
        ),
        (
            {"order": {}, "fields": ["grand_total"]},
            "fields: no field of observer.sales_order_ship"
            "ment_save_after; expected fields for each name of an event",
        ),
        (
            {"order": {}, "product": {}},
            "product: product beside a story of the order; expected order, or none",
        ),
        (
            {"event": "observer.customer_login", "order": {}},
            "order: order beside observer.customer_login; expected customer, or none",
        ),
        (
            {"event": "observer.company_save_commit_after", "order": {}},
            "order: order beside observer.company_save_commit_after; expected none of them",
        ),
        (
            {"event": PRODUCT, "product": {"happens": ["saved"]}},
            "product.happens: happens beside event; expected one of the two",
        ),
        ({"product": {"happens": []}}, "product.happens: an empty list; expected what happens"),
        ({"event": PRODUCT, "events": []}, "events: events beside event; expected one of the two"),
        ({"product": {}, "events": []}, "events: no event; expected events of what happens"),
        (
            {"customer": {}, "orig_data": True},
            "orig_data: orig_data of observer.customer_register"
            "_success; expected an event whose schema has _origData",
        ),
        ({"metadata": 3}, "metadata: 3; expected present or absent"),
        (
            {"order": {"items": [{"price": -1}]}},
            "order.items[0].price: -1; expected a number from 0 to 1,000,000,000, as in 19.99",
        ),
    ],
)
def test_a_mistake_is_told_at_its_place(says: Json, found: str) -> None:
    assert mistakes(says) == [found]


def test_events_of_another_story_are_refused() -> None:
    (found,) = mistakes({"product": {}, "events": ["observer.customer_login"]})
    assert found.startswith("events[0]: observer.customer_login, which no product has; expected ")


@for_each("content", [None, 3, [], {}, {"value": 3}, {"value": {"order": 1, "sku": {}}}])
def test_a_line_about_anything_never_fails(content: Any) -> None:
    assert FAMILY.line(content) == ""


def test_a_line_says_what_an_event_is_about() -> None:
    order = {"order": {"id": 8, "until": "placed", "items": [{"price": 5}]}}
    (told,) = tell(order)
    wanted = "000000008, state new, status pending, grand_total 5.0000"
    assert FAMILY.line(told.notification.content) == wanted
