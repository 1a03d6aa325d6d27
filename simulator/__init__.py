"""flowsim: sends Adobe Experience Platform flow run notifications to your webhook."""

from .runtime.version import __version__

__all__ = ["__version__"]
