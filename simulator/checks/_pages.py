"""The pages of the documents that checks follow."""

from __future__ import annotations

GUIDE = "https://developer.adobe.com/events/docs/guides/"
FAQ = "https://developer.adobe.com/events/docs/support/faq/"
TRACING = "https://developer.adobe.com/events/docs/support/tracing/"
RUNTIME = "https://developer.adobe.com/events/docs/guides/runtime-webhooks/"
SDK = "https://developer.adobe.com/events/docs/guides/sdk/sdk-signature-verification/"
PUBLISHING = "https://developer.adobe.com/events/docs/guides/api/eventsingress-api/"
NOTIFICATIONS = (
    "https://experienceleague.adobe.com/en/docs/experience-platform/sources/notifications"
)
ALERTS = "https://experienceleague.adobe.com/en/docs/experience-platform/observability/alerts/rules"
HTTP = "https://www.rfc-editor.org/rfc/rfc9110"
