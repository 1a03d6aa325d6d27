"""``EventsService``: Adobe I/O Events on a free port of this machine, kept in memory."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from ..core.targets import parse_target
from ..errors import ApiError, SettingError, UnreachableError
from ..events_service import local_service, request_body
from ..events_service.challenges import actions as challenging
from ..events_service.control import actions, timekeeping, triggering
from ..events_service.control.bodies import (
    LONGEST_WAIT,
    RedeliverBody,
    SettingsBody,
    TriggerBody,
)
from ..events_service.control.triggering import Triggered, TriggeredEvent
from ..events_service.deliveries import targets
from ..events_service.providers import adobe
from ..events_service.registrations import actions as registrations
from ..events_service.registrations.model import VERIFIED, Registration
from ..events_service.service import ServiceOptions
from ..families.registry import with_texts
from ..runtime.clock import ManualClock
from . import clocks, stories
from .service_readings import ServiceReadings, with_near_codes
from .wording import for_programs, in_python


class EventsService(ServiceReadings):
    """Adobe I/O Events on this machine: registrations, journal, deliveries and their retries.

    Use it with ``with``: it runs until the block ends, and nothing is kept after that. The
    ``clock`` is ``manual`` (time passes by ``advance``), ``real``, or a speed such as ``60x``.
    Scenarios are looked up in ``folders`` first. ``with_proxy`` adds HTTPS as Adobe's hosts, and
    a proxy that leads there; ``identity`` names their ports. ``families`` are folders with event
    families of your own. ``local`` is the service itself.
    Raises ``FlowsimError`` for another clock, and if a part of the service has failed.
    """

    @for_programs
    def __init__(
        self,
        clock: str = "manual",
        folders: Sequence[Path] = (),
        *,
        with_proxy: bool = False,
        families: stories.Folders = (),
    ) -> None:
        port = 0 if with_proxy else None
        known = ServiceOptions(families=stories.families_in(families))
        self._options = local_service.LocalServiceOptions(
            clock=clocks.of_service(clock), tls_port=port, proxy_port=port, service=known
        )
        self._folders = folders
        self._published: list[TriggeredEvent] = []
        self._running = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.local = self._running.enter_context(local_service.run(self._options))
        self._service = self.local.service
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._running:
            if kind is None:
                self.local.expect_whole()

    @for_programs
    def register(
        self,
        webhook: str | int | None = None,
        *,
        events: Sequence[str] = (),
        batch: bool = False,
        name: str | None = None,
        client_id: str | None = None,
        subscriber_filter: Mapping[str, Any] | None = None,
    ) -> Registration:
        """Subscribe an address to event codes, by default to all of flow runs.

        ``events`` are codes of any family, or ``provider_id/code``.
        Without a ``webhook`` the registration has only a journal. Raises ``UnreachableError`` if
        the webhook does not answer the challenge, ``ApiError`` if the service refuses it.
        """
        url = None if webhook is None else parse_target(str(webhook))
        number = len(self._service.registrations.all()) + 1
        families = self._service.families
        platform = adobe.platform_codes(families)
        content: dict[str, Any] = {
            "client_id": client_id or self._service.installation.client_id,
            "name": name or f"{url or 'journal'} ({number})",
            "delivery_type": "webhook_batch" if batch else "webhook",
            "events_of_interest": adobe.interests(families, events or platform),
        }
        content |= {"delivery_type": "journal"} if url is None else {"webhook_url": url}
        if subscriber_filter is not None:
            text = json.dumps(subscriber_filter)
            content["subscriber_filters"] = [{"name": "filter", "subscriber_filter": text}]
        place = self._service.installation.place
        try:
            made = registrations.create(self._service, place, content, self.url)
        except ApiError as error:
            raise with_near_codes(error, events, families.event_codes()) from None
        if made.status != VERIFIED:
            raise UnreachableError(f"the webhook at {url} {self._unproven(made)}")
        return made

    @for_programs
    def deliver_as(self, delivery_format: str) -> None:
        """Set the format of platform notifications: ``adobe_io``, or ``cloud_events``.

        Filters need ``cloud_events``. Raises ``ApiError`` for another format.
        """
        asked = {"platform_delivery_format": delivery_format}
        actions.change_settings(self._service, request_body.read(SettingsBody, asked))

    def _unproven(self, made: Registration) -> str:
        """Return why a webhook has not passed the challenge."""
        seen = challenging.summary_of(self._service, made, self.url)
        if seen.outcome == "waiting":
            return f"waits for its validation URL to be opened: {seen.validation_url}"
        reason = f"; now: {in_python(seen.reason)}" if seen.reason else ""
        return (
            "does not answer the challenge: it must answer GET with ?challenge=… with 200 and "
            f"that value{reason}"
        )

    @for_programs
    def trigger(
        self,
        scenario: object,
        *,
        seed: int | str | None = None,
        at: str | datetime | None = None,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the option's name
        registration: Registration | None = None,
        families: stories.Folders = (),
    ) -> Triggered:
        """Publish all events of a scenario to the registrations subscribed to them, or to one.

        ``families`` are folders with event families that the scenario may use, beside those of
        the service. On a manual clock their first attempts have ended when it returns.
        """
        texts = stories.family_texts(families)
        known = with_texts(self._service.families, texts) if texts else self._service.families
        file, text = stories.text_of(scenario, self._folders, known)
        changed = [f"{key}={json.dumps(stories.plain(each))}" for key, each in (set or {}).items()]
        asked = {
            "text": text,
            "file": file,
            "seed": seed,
            "at": stories.plain(at),
            "set": changed,
            "registration": registration.registration_id if registration else None,
            "families": [{"file": name, "text": family} for name, family in texts],
        }
        with self._naming_registration(registration):
            done = triggering.trigger(self._service, request_body.read(TriggerBody, asked))
        self._published += done.events
        if isinstance(self._service.clock, ManualClock):
            self.advance(0)
        return done

    @for_programs
    def advance(self, time: str | float, *, timeout: str | float | None = None) -> datetime:
        """Move a manual clock forward by ``"24h"`` or by seconds; return its new time.

        All deliveries due until then have been attempted when it returns. An attempt that takes
        longer than ``timeout`` counts as 604, as it does after 10 seconds anyway.
        """
        seconds = clocks.seconds("advance", time)
        limit = None if timeout is None else clocks.seconds("timeout", timeout)
        if limit is not None and not 0 < limit <= targets.TIMEOUT:
            raise SettingError(f"timeout={timeout!r}: expected more than 0 s, and at most 10 s")
        end = self.now + timedelta(seconds=seconds)
        self._let_pass(seconds, limit)
        while (rest := end - self.now) >= timedelta(milliseconds=1):
            # it was not waited for, as where a debugger holds all threads
            self._let_pass(rest.total_seconds(), limit)
        return self.now

    def _let_pass(self, seconds: float, limit: float | None) -> None:
        """Move the clock, and wait until it has arrived."""
        reading = timekeeping.advance(self._service, seconds, LONGEST_WAIT, limit)
        while not reading.arrived:
            self.local.expect_whole()
            reading = timekeeping.read(self._service, LONGEST_WAIT)

    @for_programs
    def redeliver(self, event_id: str, *, faults: stories.Faults = None) -> None:
        """Deliver an event again to the registrations that have it in their journals.

        ``faults`` act on each attempt; those at payload, body, signature, headers and wire can.
        """
        asked = {"faults": stories.named_faults(faults)}
        with self._naming_event(event_id):
            body = request_body.read(RedeliverBody, asked)
            actions.redeliver(self._service, event_id, None, body.faults)
        if isinstance(self._service.clock, ManualClock):
            self.advance(0)
