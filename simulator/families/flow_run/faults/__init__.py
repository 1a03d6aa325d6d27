"""Faults of flow runs: of the run entity, of its activities, and of the events about it."""
