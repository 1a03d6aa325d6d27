"""The events service: events published, journaled and delivered; a day of retries; a million."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.providers.model import CUSTOM, EventMetadata, Provider
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.runtime.clock import ManualClock

from .delivering import signing_limit
from .measure import CHECKOUT, PYTHON, Extent, Row, in_turns
from .neutral import receiver

EVENTS = 4_000
MANY_REGISTRATIONS = 10
FAILING = 1_000
CROWD = 1_000
A_DAY = 24 * 3600
CODE = "bench_event"
PROVIDER = "1d4b2d0e-6a6c-4f1e-9a55-0f9a3d7c4e11"


@contextlib.contextmanager
def service(clock: str, webhooks: list[str]) -> Iterator[LocalService]:
    """Yield a service on disk with a provider, and a registration and client for each webhook."""
    with (
        tempfile.TemporaryDirectory(prefix="flowsim-bench-") as folder,
        run(LocalServiceOptions(data=Path(folder), clock=clock)) as local,
    ):
        furnish(local, webhooks)
        yield local


def furnish(local: LocalService, webhooks: list[str]) -> None:
    own, now = local.service, local.clock.now()
    place = own.installation.place
    custom = Provider(
        PROVIDER, place.org, CUSTOM, "bench", "Bench", "", "", "org", "cloud_events_v1", "VA6"
    )
    first = Registration(
        *(0, "", place, "", "", "", "webhook", "", None, True),
        *((EventOfInterest(PROVIDER, CODE),), None, now, now),
    )
    with own.database.transaction() as connection:
        own.providers.put(connection, custom)
        own.providers.put_metadata(connection, EventMetadata(PROVIDER, CODE, "Bench", "Bench"))
        for number, url in enumerate(webhooks):
            registration = replace(
                first,
                registration_id=own.new_id("registration"),
                name=str(number),
                client_id=f"client-{number}",
                webhook_url=url,
            )
            own.registrations.add(connection, registration)
    own.directory.forget()


def publish(local: LocalService, number: int) -> None:
    """Publish so many events over HTTP, from another process."""
    with publisher(local, number) as begin:
        begin()


@contextlib.contextmanager
def publisher(local: LocalService, number: int) -> Iterator[Callable[[], None]]:
    """Yield what lets a producer begin that is ready in a process of its own; wait for its end."""
    command = [PYTHON, "-m", "bench.publisher", local.url, PROVIDER, CODE, str(number)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        yield partial(print, file=process.stdin, flush=True)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def until_delivered(local: LocalService) -> None:
    while local.service.database.rows("SELECT 1 FROM delivery WHERE due_ms IS NOT NULL LIMIT 1"):
        time.sleep(0.005)


def deliveries_per_second(registrations: int, events: int) -> float:
    """Return deliveries per second, from the first request of a producer to the last answer."""
    with receiver() as url, service("real", [url] * registrations) as local:
        publish(local, 100)
        until_delivered(local)
        with publisher(local, events) as begin:
            started = time.perf_counter()
            begin()
        until_delivered(local)
        return events * registrations / (time.perf_counter() - started)


def published(extent: Extent) -> Iterator[Row]:
    """Yield deliveries of published events over what openssl can sign, to one and to ten."""
    taken = in_turns(
        extent.rounds or 3,
        signing_limit,
        lambda: deliveries_per_second(1, EVENTS),
        lambda: deliveries_per_second(MANY_REGISTRATIONS, EVENTS // MANY_REGISTRATIONS),
    )
    limit = f"{taken.median(0):,.0f} /s (openssl, 2 signatures)"
    one, ten = f"{taken.median(1):,.0f} /s", f"{taken.median(2):,.0f} /s"
    yield Row(
        "published, journaled, delivered", one, limit, f"{taken.ratio(1, 0):.2f}", "at least 0.20"
    )
    yield Row(
        f"the same to {MANY_REGISTRATIONS} registrations",
        *(ten, f"{one} (one registration)", f"{taken.ratio(2, 1):.2f}", "at least 0.85"),
    )


def a_day(_: Extent) -> Iterator[Row]:
    """Yield how long a day of retries of 1,000 events takes on the manual clock."""
    with receiver(status=503) as url, service("manual", [url]) as local:
        publish(local, FAILING)
        assert isinstance(local.clock, ManualClock)
        started = time.perf_counter()
        local.clock.advance(A_DAY)
        local.service.look_again()
        while local.clock.now() < local.clock.end:
            time.sleep(0.01)
        seconds = time.perf_counter() - started
        [[attempts]] = local.service.database.rows("SELECT count(*) FROM attempt")
    what = f"24 hours of {FAILING:,} failing events, {attempts:,} attempts"
    yield Row(what, f"{seconds:.1f} s", "86,400 s", f"{seconds / A_DAY:.5f}", "at most 60 s")


def a_crowd(extent: Extent) -> Iterator[Row]:
    """Yield how soon an event is out to 1,000 registrations, over the time signing takes."""
    taken = in_turns(extent.rounds or 3, signing_limit, _first_attempts)
    signing = CROWD / taken.median(0)
    yield Row(
        f"one event to {CROWD:,} registrations",
        f"{taken.median(1):.2f} s",
        f"{signing:.2f} s (openssl, 2 signatures each)",
        f"{median(each[1] * each[0] / CROWD for each in taken.taken):.1f}",
        "at most 3",
    )


def _first_attempts() -> float:
    """Return the seconds until everybody has an event, each with a client id of his own."""
    with receiver() as url, service("real", [url] * CROWD) as local:
        publish(local, 1)
        until_delivered(local)
        started = time.perf_counter()
        publish(local, 1)
        until_delivered(local)
        return time.perf_counter() - started
