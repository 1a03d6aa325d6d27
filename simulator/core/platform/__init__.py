"""What the links of a notification lead to: runs and their batches (flow-run-payloads.md)."""
