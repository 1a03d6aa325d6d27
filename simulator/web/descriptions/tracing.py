"""Debug traces of a registration (7)."""

from __future__ import annotations

from .base import INTEGER, TEXT, Answer, Operation, array, mapping, record, texts

_HEADERS = mapping(array(TEXT))
_TRACE = record(
    {
        "event": TEXT,
        "id": TEXT,
        "date": TEXT,
        "clientId": TEXT,
        "registrationId": TEXT,
        "trace": record(
            {
                "tracingRequest": record(
                    {
                        **texts("requestUrl", "requestMethod"),
                        **texts("contentType", "requestBody"),
                        "requestHeaders": _HEADERS,
                    }
                ),
                "tracingResponse": record(
                    {
                        "responseBody": TEXT,
                        "responseCode": INTEGER,
                        "responseTime": INTEGER,
                        "responseHeaders": _HEADERS,
                    }
                ),
                "ts": INTEGER,
                "deliveryTime": INTEGER,
                "insightsInfo": array(
                    record({"providerName": TEXT, "eventCode": TEXT, "eventIds": array(TEXT)})
                ),
            }
        ),
    }
)

OPERATIONS = (
    Operation(
        "get",
        (
            "/events/organizations/{org}/integrations/{credential_id}/tracing/{registration_id}",
            "/traces/{org}/{project}/{workspace}/registration/{registration_id}",
        ),
        "The last 100 successes and 100 errors of a registration, the newest first.",
        {200: Answer("The traces.", array(_TRACE))},
        query={"status": {"enum": ["all", "success", "error"]}},
    ),
)
