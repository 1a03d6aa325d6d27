"""What the tests of commands share: a service that they call."""

from __future__ import annotations

from .serving import serving

__all__ = ["serving"]
