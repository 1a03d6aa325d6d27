"""An error that a flow run carries (flow-run-payloads.md 3.6, 4.1, 4.2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunError:
    """One error of a run.

    ``stage`` is ``copy`` or ``promotion``. ``level`` says where the notification prints it:
    ``run`` in the status summary, ``cause`` as the root cause in the activity's extensions,
    ``record`` there too, with the number of records it rejected if that is ``counted``.
    """

    code: str
    stage: str
    level: str
    message: str
    counted: bool = True
