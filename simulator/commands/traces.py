"""``flowsim traces``: the attempts at a registration, and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import click

from ..core.printable import printable
from ..reports.tables import table
from ._options import flag
from ._output import terminal_width
from ._registration_lines import moment
from ._service import Json, ServiceCall, calls_service, chosen, registration_option

_REFUSALS = (401, 403)
"""What a webhook answers to an event that it takes for forged, or for another client."""


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
    lines = _lines(traces, "no errors" if errors else "no attempts")
    call.show(traces, chain(lines, _hint(found, call.client.address)))


def _lines(traces: list[Json], nothing: str) -> Iterator[str]:
    head = ("sent", "event", "id", "try", "answer", "ms", "said")
    rows = [_row(each) for each in traces]
    yield from table(head, rows, terminal_width()) if rows else [nothing]


def _hint(newest_first: list[Json], address: str) -> Iterator[str]:
    """Yield what may be wrong if the newest event was refused, and no event was ever accepted.

    The service knows for which client id the events are. It says so if replay and check use
    another one, because a webhook that was started for these refuses all others.
    """
    from ..core.spec_values import RegistrationSpec

    events = [each for each in newest_first if each["event"] != "challenge"]
    if not events or any(map(_succeeded, events)):
        return
    answer = events[0]["trace"]["tracingResponse"]["responseCode"]
    if answer not in _REFUSALS or events[0]["clientId"] == RegistrationSpec().client_id:
        return
    client_id = printable(events[0]["clientId"])
    yield (
        f"hint: the webhook answers {answer}; these events are for client id {client_id}, which "
        f"is not that of replay and check: start the webhook with CLIENT_ID={client_id} "
        f"KEY_HOST={address}"
    )


def _succeeded(trace: Json) -> bool:
    return 200 <= int(trace["trace"]["tracingResponse"]["responseCode"]) < 300


def _row(trace: Json) -> list[str]:
    from ..reports.attempt_lines import status_label

    request, response = trace["trace"]["tracingRequest"], trace["trace"]["tracingResponse"]
    retries = request["requestHeaders"].get("x-adobe-retry-count", ["0"])[0]
    insight = trace["trace"]["insightsInfo"][0]
    said = _said(response["responseBody"], response["responseCode"])
    again = "redelivered" if trace.get("redelivered") else ""
    return [
        printable(moment(trace["date"])),
        printable(trace["event"]),
        printable(insight["eventIds"][0][:8]),
        str(int(retries) + 1),
        status_label(response["responseCode"]),
        str(response["responseTime"]),
        " · ".join(filter(None, (again, said))),
    ]


def _said(body: str, status: int) -> str:
    """Return the beginning of an answer, or the whole reason why there is none."""
    from ..core.outcome import LABELS, quoted_beginning
    from ..events_service.tracing.debug_trace import cause_of

    if status in LABELS:
        return printable(cause_of(body))
    return quoted_beginning(body.encode()) if body else ""
