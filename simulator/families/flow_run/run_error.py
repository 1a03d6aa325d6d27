"""An error that a flow run carries (flow-run-payloads.md 3.6, 4.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass

SUMMARY_CODE = "INGEST-1212-400"
"""The error that sums up rejected records; it comes first wherever records were rejected (3.6)."""


@dataclass(frozen=True, slots=True)
class RunError:
    """One error of a run.

    ``stage`` is ``copy`` or ``promotion``. ``level`` says where the notification prints it:
    ``run`` in the status summary, ``cause`` as the root cause in the activity's extensions,
    ``record`` there too, with the number of records it rejected if that is ``counted``.
    ``grade`` says whether its message is ``documented`` or worded here, a ``gap``.
    """

    code: str
    stage: str
    level: str
    message: str
    counted: bool = True
    grade: str = "gap"

    @property
    def counts_records(self) -> bool:
        """Whether it is printed with a number of records, if any were rejected."""
        return self.level == "record" and self.code != SUMMARY_CODE and self.counted
