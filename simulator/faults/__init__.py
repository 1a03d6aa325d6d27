"""Faults of any event: one file a point on the way of a delivery, one function a fault.

No fault here knows a family: faults about flow runs are in ``families/flow_run/faults/``.
"""
