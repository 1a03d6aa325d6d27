"""The page of checks: which are sent, to which webhook, how a run goes, and its report."""
