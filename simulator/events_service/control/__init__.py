"""What Adobe has no call for: the control calls under ``/_flowsim/``."""
