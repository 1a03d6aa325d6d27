"""The control calls under ``/_flowsim/``, which Adobe does not have."""
