"""flowsim: sends Adobe Experience Platform flow run notifications to your webhook."""

__version__ = "0.1.0"
