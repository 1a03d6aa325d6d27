"""How to send again what a check has sent."""

from __future__ import annotations

from ..http_request import curl_command
from ..shell_words import quoted
from .exchange import Exchange
from .findings import Findings, Result

LONGEST = 20_000
"""Up to how many bytes a body stands in a curl command."""


def command_of(findings: Findings, result: Result) -> str:
    """Return a shell command: curl for the request at fault, or the check all by itself."""
    exchange = result.verdict.exchange
    if exchange is not None and _can_be_curled(exchange):
        request = exchange.url, exchange.headers, exchange.body, exchange.method
        return curl_command(*request, option=findings.trust)
    client_id = f"--client-id {quoted(findings.client_id)}"
    only = f"--only {result.check.name}"
    trust = f" {findings.trust}" if findings.trust else ""
    return f"flowsim check {quoted(findings.url)} {client_id} {only} --seed {findings.seed}{trust}"


def _can_be_curled(exchange: Exchange) -> bool:
    """Tell whether curl sends the request as it was: no fault of its own, and not too long."""
    is_plain = exchange.wire is None and bool(exchange.headers)
    return is_plain and len(exchange.body) <= LONGEST
