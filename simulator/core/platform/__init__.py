"""What the links of a notification lead to: runs, their batches (flow-run-payloads.md 2, 3.5)."""
