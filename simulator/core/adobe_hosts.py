"""The host names under which Adobe's services are known to unmodified clients."""

from __future__ import annotations

KEYS = "static.adobeioevents.com"
"""Serves the public keys (io-events-protocol.md 2.2)."""

API = "api.adobe.io"
"""Providers, registrations, filters (6.2 to 6.4, 8.3); also answers journal reads (5.1)."""

INGRESS = "eventsingress.adobe.io"
"""Takes what producers publish (6.5)."""

JOURNAL = "events-va6.adobe.io"
"""Where ``rel:events`` points to (5.1)."""

TRACES = "eventtraces-va6.adobe.io"
"""Where ``rel:trace`` points to (6.4)."""

VALIDATION = "csm.adobe.io"
"""Where validation URLs point to (3.2)."""

IMS = "ims-na1.adobelogin.com"
"""Gives tokens (6.8)."""

PLATFORM = "platform.adobe.io"
"""Experience Platform: what the links of a notification point to."""

ALL = (KEYS, API, INGRESS, JOURNAL, TRACES, VALIDATION, IMS, PLATFORM)
