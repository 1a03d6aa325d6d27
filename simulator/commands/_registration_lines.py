"""Registrations as lines: a table of all, the details of one, and the result of a save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from ..core.printable import printable_values
from ..reports.tables import table
from ._output import terminal_width
from ._service import Json, next_command

_WIDTH = 12
MOST_CODES = 10
"""At most this many event codes are named."""


def moment(text: str) -> str:
    """Return a time as the service spells it, for people: ``2026-01-15 09:30:00``, in UTC.

    ``text`` is ISO 8601, as ``2026-01-15T09:30:00.000Z``.
    """
    return text[:19].replace("T", " ")


def under_way(status: Mapping[str, Any]) -> str:
    """Return how many deliveries a service has under way, those of deleted registrations too."""
    from ..core.printable import count

    deleted = status["pending_of_deleted"]
    of_deleted = f" ({deleted:,} of deleted registrations)" if deleted else ""
    return f"{count(status['pending'], 'delivery')} under way{of_deleted}"


STATUS_COLOURS = {"ACTIVE": "green", "UNSTABLE": "yellow", "DISABLED": "red"}


def styled_status(status: str) -> str:
    """Return a registration status in its colour."""
    return click.style(status, fg=STATUS_COLOURS.get(status))


def registration_table(registrations: Sequence[Json], now: str) -> list[str]:
    """Return a table of registrations; ``now`` is the time of the service's clock.

    Below the table are the registrations to which nothing is ever delivered, with the reason.
    """
    head = ("id", "name", "to", "status", "24 hours", "under way")
    rows = [_registration_row(each, now) for each in registrations]
    return [*table(head, rows, terminal_width()), *_never_delivered(registrations)]


def next_registration() -> str:
    """Return what to type where there is no registration yet."""
    return f"next: {next_command('register', '--webhook', '3000')}"


def _never_delivered(registrations: Sequence[Json]) -> Iterator[str]:
    from ..core.printable import listed

    names: dict[str, list[str]] = {}
    for each in registrations:
        is_bridge = each["delivery_type"] == "aws_eventbridge"
        if each["undelivered"] and (is_bridge or each["runtime_action"] is not None):
            names.setdefault(each["undelivered"], []).append(each["name"])
    for reason, named in names.items():
        yield f"{listed(named)}: {reason}; new events are in the journal only"


def _registration_row(each: Json, now: str) -> list[str]:
    due = moment(each["next_due"] or "")
    next_due = f", next {due[11:] if due[:10] == now[:10] else due}" if due else ""
    return [
        each["registration_id"][:8],
        each["name"],
        destination(each),
        state_of(each),
        f"{each['succeeded']:,} ok, {each['failed']:,} failed",
        f"{each['pending']:,}{next_due}",
    ]


def destination(each: Json) -> str:
    """Return where the events of a registration go, in a few words."""
    if each["delivery_type"] == "journal":
        return "journal"
    if each["delivery_type"] == "aws_eventbridge":
        return "Amazon EventBridge"
    if each["runtime_action"] is not None:
        return f"runtime action {each['runtime_action']}"
    return str(each["webhook_url"])


def registration_lines(document: Json, state: Json) -> Iterator[str]:
    """Yield a line for each fact; ``document`` is what the API prints of the registration."""
    for each in document["subscriber_filters"]:
        each["subscriber_filter"] = " ".join(each["subscriber_filter"].split())
    document, state = printable_values([document, state])
    summary, challenge = state["registration"], state["challenge"]
    yield f"{click.style(document['name'], bold=True)} {document['registration_id']}"
    for label, text in _facts(document, summary, challenge):
        yield f"{click.style(f'{label:<{_WIDTH}}', dim=True)} {text}"
    if challenge["outcome"] in ("waiting", "failed"):
        yield from challenge_lines(document["registration_id"], challenge)


def _deliveries(summary: Json) -> str:
    if summary["delivery_type"] != "journal":
        return f"{summary['delivery_type']} to {destination(summary)}"
    kept = summary["webhook_url"] or summary["runtime_action"]
    return f"nothing, it is a journal{f' that keeps the address {kept}' if kept else ''}"


def _facts(document: Json, summary: Json, challenge: Json) -> Iterator[tuple[str, str]]:
    yield "status", state_of(summary)
    yield "delivers", _deliveries(summary)
    if summary["undelivered"]:
        yield "", f"only its journal gets new events: {summary['undelivered']}"
    for each in document["events_of_interest"]:
        yield "event", f"{each['event_code']} of {each.get('provider_label', each['provider_id'])}"
    for each in document["subscriber_filters"]:
        yield "filter", f"{each['name']}: {each['subscriber_filter']}"
    if document["description"]:
        yield "description", document["description"]
    yield "client id", document["client_id"]
    yield "journal", document["_links"]["rel:events"]["href"]
    yield "saved", f"{moment(document['updated_date'])} UTC"
    if challenge["at"]:
        yield "challenge", f"{challenge['outcome']} {moment(challenge['at'])} UTC"
    yield "24 hours", f"{summary['succeeded']:,} ok, {summary['failed']:,} failed"
    yield "under way", f"{summary['pending']:,}"


def saved_lines(saved: Json, summary: Json, hint: str = "") -> Iterator[str]:
    """Yield the lines about a registration after it was saved; ``hint`` is about its codes."""
    from ..core.printable import listed

    yield f"{click.style(saved['name'], bold=True)} {saved['registration_id']}"
    codes = listed([each["event_code"] for each in saved["events_of_interest"]], MOST_CODES)
    yield f"{state_of(summary)}, asks for {codes}{hint and f'; {hint}'}"
    if summary["undelivered"]:
        yield f"only its journal gets new events: {summary['undelivered']}"


def state_of(summary: Json) -> str:
    """Return the status of a registration, and whether it is switched off."""
    return styled_status(summary["status"]) + ("" if summary["enabled"] else " (switched off)")


def challenge_lines(registration_id: str, challenge: Json) -> Iterator[str]:
    """Yield what to do if the challenge was not passed."""
    from ..core.shell_words import quoted

    id_ = registration_id[:8]
    if challenge["outcome"] == "waiting":
        minutes = -(-challenge["seconds_left"] // 60)
        time = "1 minute" if minutes == 1 else f"{minutes:.0f} minutes"
        if challenge["reason"]:
            yield f"the webhook did not pass the challenge: {challenge['reason']}"
        yield "the webhook accepted a validation URL, which must now be opened"
        yield f"next, within {time}: curl {quoted(challenge['validation_url'])}"
    if challenge["outcome"] == "failed":
        yield f"the webhook did not answer the challenge: {challenge['reason']}"
        yield f"all attempts: {next_command('traces', '--registration', id_, '--errors')}"
        yield f"next, once it answers: {next_command('registrations', 'challenge', id_)}"
