"""What the content of a Commerce event says, in a few words; it may have any shape."""

from __future__ import annotations

from typing import Any

_NAMES = (
    (
        *("sku", "increment_id", "reserved_order_id", "email", "track_number", "code", "comment"),
        *("company_name", "name", "simple_action", "tax_class_name", "product_id"),
    ),
    ("state",),
    ("status",),
    ("grand_total", "price", "qty", "items_qty"),
)
"""Members that say something, of each group the first that is there."""

_INSIDE = ("order", "customer", "quote")
"""Members of some values that hold what the event is about."""


def line(content: Any) -> str:
    """Return what the content of an event says; nothing if it makes no sense."""
    value = content.get("value") if isinstance(content, dict) else None
    if not isinstance(value, dict):
        return "no fields" if value == [] else ""
    inner = next((value[each] for each in _INSIDE if isinstance(value.get(each), dict)), value)
    said = (_first(inner, names) for names in _NAMES)
    return ", ".join(each for each in said if each)


def _first(value: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        found = value.get(name)
        if isinstance(found, str | int | float) and found != "":
            return found if name in _PLAIN and isinstance(found, str) else f"{name} {found}"
    return ""


_PLAIN = frozenset(_NAMES[0]) - {"product_id"}
"""Members whose text says by itself what it is."""
