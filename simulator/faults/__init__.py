"""Faults of any event: one file for each point of a delivery, one function for each fault.

No fault here knows a family: faults of flow runs are in ``families/flow_run/faults/``.
"""
