"""``flowsim traces``: the attempts at a registration, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..core.printable import printable
from ..reports.tables import table
from ._options import flag
from ._output import terminal_width
from ._registration_lines import moment
from ._service import Json, ServiceCall, calls_service, chosen, registration_option


@click.command()
@registration_option("Registration to print; not needed if there is only one.")
@flag("--errors", "Only attempts that were not answered with 2xx.")
@calls_service
def command(call: ServiceCall, registration: str | None, errors: bool) -> None:
    """Print the last 100 successes and 100 errors of a registration, oldest first.

    With --json each trace is a line, with headers and bodies.

    \b
    flowsim traces
    flowsim traces --errors --json
    """
    status = call.status()
    own, id_ = status["installation"], chosen(status, registration)["registration_id"]
    place = f"/events/organizations/{own['org']}/integrations/{own['credential_id']}"
    found = call.client.get(f"{place}/tracing/{id_}")
    traces = [each for each in reversed(found) if not errors or not _succeeded(each)]
    call.show(traces, _lines(traces, "no errors" if errors else "no attempts"))


def _lines(traces: list[Json], nothing: str) -> Iterator[str]:
    head = ("sent", "event", "id", "try", "answer", "ms", "said")
    rows = [_row(each) for each in traces]
    yield from table(head, rows, terminal_width()) if rows else [nothing]


def _succeeded(trace: Json) -> bool:
    return 200 <= int(trace["trace"]["tracingResponse"]["responseCode"]) < 300


def _row(trace: Json) -> list[str]:
    from ..reports.attempt_lines import status_label

    request, response = trace["trace"]["tracingRequest"], trace["trace"]["tracingResponse"]
    retries = request["requestHeaders"].get("x-adobe-retry-count", ["0"])[0]
    insight = trace["trace"]["insightsInfo"][0]
    return [
        printable(moment(trace["date"])),
        printable(trace["event"]),
        printable(insight["eventIds"][0][:8]),
        str(int(retries) + 1),
        status_label(response["responseCode"]),
        str(response["responseTime"]),
        _said(response["responseBody"], response["responseCode"]),
    ]


def _said(body: str, status: int) -> str:
    """Return the beginning of an answer, or the whole reason why there is none."""
    from ..core.outcome import LABELS, quoted_beginning
    from ..events_service.tracing.debug_trace import cause_of

    if status in LABELS:
        return printable(cause_of(body))
    return quoted_beginning(body.encode()) if body else ""
