"""A service on which something happened: what the pictures of the pages show.

The moments of the service, its ids and its tokens are the same at each call. Latencies and the
ports of webhooks are those of the machine.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from unittest import mock

from flowsim.errors import UnreachableError
from flowsim.runtime import chance, clock

from ..webhook import Answer, Request, Webhook, echo, status
from .service_with_pages import ServiceWithPages

BEGINNING = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
ALERTS = (
    "segment_evaluation_job_info",
    "segment_evaluation_job_error",
    "destination_flow_run_info",
    "destination_flow_run_error",
    "audit_events_info",
)


@contextlib.contextmanager
def service_of_story() -> Iterator[ServiceWithPages]:
    """Yield a service with deliveries of every kind; it ends with the block."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_same_each_time())
        service = stack.enter_context(ServiceWithPages())
        warehouse, sync, unproven = (stack.enter_context(Webhook()) for _ in range(3))
        warehouse.answers = [_sometimes_busy()]
        sync.answers = [_broken_after(1)]
        unproven.answers = [status(200, "welcome")]
        service.register(warehouse.url, name="Order warehouse")
        service.register(warehouse.url, name="Order warehouse, in batches", batch=True)
        service.register(warehouse.url, name="Alerts", events=ALERTS)
        for scenario in ("day-in-production", "platform-day", "batch"):
            service.trigger(scenario, at=BEGINNING)
        service.advance("40m")
        service.register(sync.url, name="CRM sync")
        for scenario in (
            "success",
            "failure-copy",
            "segment-job-late",
            "partial",
            "failure-promotion",
        ):
            service.trigger(scenario)
            service.advance("17m")
        service.trigger("audit-trail")
        service.trigger("partial")
        service.advance("3m")
        service.register(name="Audit archive")
        with contextlib.suppress(UnreachableError):
            service.register(unproven.url, name="New consumer")
        service.advance("90s")
        yield service


def _sometimes_busy() -> Answer:
    """Answer 503 to every ninth request, 404 to every fortieth, and hang up at every fiftieth."""
    asked = count(1)

    def answer(request: Request) -> Iterator[bytes]:
        number = next(asked)
        if "challenge=" in request.line:
            yield from echo(request)
        elif number % 50:
            code = 503 if number % 9 == 0 else 404 if number % 40 == 0 else 200
            yield from status(code, "busy" if code == 503 else "")(request)

    return answer


def _broken_after(good: int) -> Answer:
    """Answer 200 to so many requests; then 500, and to every third request nothing."""
    asked = count()

    def answer(request: Request) -> Iterator[bytes]:
        if "challenge=" in request.line:
            yield from echo(request)
        elif (number := next(asked)) < good:
            yield from status(200)(request)
        elif number % 3:
            yield from status(500, "no connection to the database")(request)

    return answer


@contextlib.contextmanager
def _same_each_time() -> Iterator[None]:
    """Let the present stand still and tokens be known, in all modules that ask for them."""
    tokens = count(1)
    fixed: dict[Callable[..., Any], Callable[..., Any]] = {
        clock.present: lambda: BEGINNING,
        chance.draw_token: lambda: f"{next(tokens):064x}",
    }
    with contextlib.ExitStack() as stack:
        for module in [each for name, each in sys.modules.items() if name.startswith("flowsim")]:
            for original, instead in fixed.items():
                if getattr(module, original.__name__, None) is original:
                    stack.enter_context(mock.patch.object(module, original.__name__, instead))
        yield
