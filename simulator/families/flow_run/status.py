"""Whether a flow run succeeded, from its record counts (flow-run-payloads.md 3.2)."""

from __future__ import annotations

from decimal import Decimal


def decide(input_records: int, failed_records: int, percent: Decimal | None, threshold: str) -> str:
    """Return ``success`` or ``failed``.

    No failed record is a success. Without a ``percent`` any failed record fails the run. With
    one, the run succeeds while its failures stay below that percentage of the input
    (``strict``, the rule of the notification page) or do not exceed it (``inclusive``, the
    rule of the batch page). The comparison is exact: 11 of 1,000 is 1.1 %, not a little less.
    """
    if failed_records == 0:
        return "success"
    if percent is None:
        return "failed"
    failed, allowed = failed_records * 100, input_records * percent
    passes = failed <= allowed if threshold == "inclusive" else failed < allowed
    return "success" if passes else "failed"
