"""The same payload, delivered more than once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.delivery import Delivery


def again(
    deliveries: tuple[Delivery, ...], times: int, interval: timedelta
) -> tuple[Delivery, ...]:
    """Return deliveries with so many copies of the first, each an interval after the other."""
    if not deliveries:
        return deliveries
    first, last = deliveries[0], max(each.copy for each in deliveries)
    copies = (
        replace(first, copy=last + number, due=first.due + number * interval)
        for number in range(1, times + 1)
    )
    return (*deliveries, *copies)
