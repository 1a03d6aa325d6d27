"""How Commerce writes numbers, moments and flags: mostly as text (event-families.md 9)."""

from __future__ import annotations

from datetime import datetime


def digits(number: int) -> str:
    """Return a whole number as it stands in a column of the database: ``"8"``."""
    return str(number)


def amount(value: float) -> str:
    """Return an amount of money as a column holds it: ``"200.0000"``."""
    return f"{value:.4f}"


def long_amount(value: float) -> str:
    """Return the price of a product, or a quantity: ``"32444.000000"``."""
    return f"{value:.6f}"


def number(value: float) -> int | float:
    """Return a number that was computed, as in a new invoice: ``600``, or ``19.99``."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def moment(value: datetime) -> str:
    """Return a moment without zone: ``2025-07-17 15:48:41``."""
    return f"{value:%Y-%m-%d %H:%M:%S}"


def flag(value: bool) -> str:
    """Return a flag as a column holds it: ``"1"``."""
    return "1" if value else "0"
