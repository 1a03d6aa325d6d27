"""The printed product and invoice are reproduced value for value, and in structure by default."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowsim.core import payload
from flowsim.core.spec_values import RegistrationSpec
from flowsim.files import yaml_documents

from .telling import Json, events_of, value

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "families" / "adobe" / "samples" / "commerce_product.yaml"
INVOICE = Path(__file__).parent / "printed" / "invoice.json"

INVOICE_ENTRY: Json = {
    "event": "observer.sales_order_invoice_save_after",
    "delay": "0s",
    "order": {
        "id": 8,
        "invoice_id": 13,
        "items": [
            {"id": 8, "product_id": 22, "sku": "simple-product-2", "qty": 3, "price": 200},
            {"qty": 5, "price": 100},
        ],
    },
}


def _delivered(entry: Json, at: str) -> Any:
    (event,) = events_of(entry, at=at)
    return json.loads(payload.element(event, RegistrationSpec(names="as-documented")))


def _sample() -> tuple[Json, Any]:
    sample = yaml_documents.parse_text(SAMPLE.read_text("utf-8"), SAMPLE.name).value
    return sample, json.loads((ROOT / sample["sample"]).read_text("utf-8"))


def structure(found: Any) -> Any:
    """Return members and types of a value, in order."""
    if isinstance(found, dict):
        return [(name, structure(each)) for name, each in found.items()]
    if isinstance(found, list):
        return [structure(each) for each in found]
    return type(found).__name__


def test_an_entry_reproduces_the_printed_product_with_its_envelope() -> None:
    sample, printed = _sample()
    made = _delivered(sample["entry"], sample["at"])
    assert made == printed
    assert structure(made) == structure(printed)


def test_by_default_a_product_is_saved_with_the_structure_of_the_print() -> None:
    sample, printed = _sample()
    assert structure(_delivered(sample["by_default"], sample["at"])) == structure(printed)


def test_an_entry_reproduces_the_printed_invoice() -> None:
    """Of its two items the print leaves the second out, and of all objects some members."""
    printed = json.loads(INVOICE.read_text("utf-8"))
    (event,) = events_of({"commerce": INVOICE_ENTRY}, at="2023-04-06T18:36:18Z")
    made = event.content["value"]
    del made["items"][1:]
    assert made == printed
    assert structure(made) == structure(printed)


def test_an_invoice_has_by_default_the_structure_of_the_print() -> None:
    printed = json.loads(INVOICE.read_text("utf-8"))
    order = {"order": {"items": [{"price": 200}], "customer_id": None}}
    made = value({"event": INVOICE_ENTRY["event"], **order})
    assert structure(made) == structure(printed)
