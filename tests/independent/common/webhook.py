"""What a webhook does with a request, whatever its framework."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from .envelopes import Event, UnreadableError, events_in, parsed
from .flow_runs import Run, runs_in
from .signatures import Keys, KeyUnavailableError, signatures
from .store import Store

VALIDATION_PATH = "/csm/registrations/validate"
log = logging.getLogger("webhook")


class RefusedError(Exception):
    """The request is answered with a status; 4xx is final, 503 asks for another try."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Webhook:
    """A correct webhook. The mistaken ones change one of its methods."""

    store_class: type[Store] = Store
    keys_class: type[Keys] = Keys

    def __init__(self) -> None:
        self.client_id = os.environ["CLIENT_ID"]
        self.key_host = os.environ["KEY_HOST"].rstrip("/")
        self.delay = float(os.environ.get("DELAY") or 0)
        self.queue = float(os.environ.get("QUEUE") or 0)
        self.keys = self.keys_class(self.key_host)
        self.store = self.store_class(os.environ["STORE"])
        if self.queue:
            threading.Thread(target=self.process_the_queue, daemon=True).start()

    def handle(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Return status and text for a POST; the names of headers are lower case."""
        try:
            if self.is_validation(headers, body):
                return 200, "validating"
            self.verify(headers, body)
            events = self.read(body, headers)
            self.check_recipients(events)
            self.take(events)
        except RefusedError as refused:
            log.warning("%s %s", refused.status, refused)
            return refused.status, str(refused)
        return 200, "ok"

    def is_validation(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Open the validation URL if the unsigned POST of a registration names one."""
        if signatures(headers) or b"validationUrl" not in body:
            return False
        with contextlib.suppress(UnreadableError):
            content = parsed(body)
            url = content.get("validationUrl") if isinstance(content, dict) else None
            if isinstance(url, str) and self.may_be_opened(url):
                threading.Timer(0.1, lambda: urllib.request.urlopen(url, timeout=10)).start()
                return True
        return False

    def may_be_opened(self, url: str) -> bool:
        """Say whether a URL is a validation URL of Adobe."""
        if not url.startswith(f"{self.key_host}{VALIDATION_PATH}"):
            return False
        return urlsplit(url).path == VALIDATION_PATH

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Refuse a request of which neither signature fits."""
        unavailable = None
        for signature, path in self.signatures(headers):
            if self.keys.may_be_a_path(path):
                try:
                    if self.keys.fits(path, signature, self.signed_bytes(body)):
                        return
                except KeyUnavailableError as error:
                    unavailable = error
        if unavailable:
            raise RefusedError(503, f"no key: {unavailable}")
        raise RefusedError(401, "no signature fits")

    def signatures(self, headers: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the signatures to try, each with the path of its key."""
        return signatures(headers)

    def signed_bytes(self, body: bytes) -> bytes:
        """Return the bytes that Adobe signed."""
        return body

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        """Return the events of a body; refuse one that has none."""
        try:
            return events_in(body, headers)
        except UnreadableError as error:
            raise RefusedError(400, str(error)) from error

    def check_recipients(self, events: list[Event]) -> None:
        """Refuse events that are not for the own client id alone."""
        for event in events:
            if set(event.recipients) != {self.client_id}:
                raise RefusedError(401, "for another recipient")

    def take(self, events: list[Event]) -> None:
        """Process the events, or keep them for the queue, before the answer."""
        self.work()
        try:
            for event in events:
                if self.queue:
                    self.store.wait(event, self.queue)
                else:
                    self.process(event)
        except sqlite3.Error as error:
            raise RefusedError(503, f"not stored: {error}") from error

    def work(self) -> None:
        """Spend the time that the work of a delivery takes."""
        time.sleep(self.delay)

    def process(self, event: Event) -> None:
        """Process one event in a transaction."""
        self.store.process(event, self.runs(event))

    def runs(self, event: Event) -> list[Run]:
        """Return the flow runs that an event tells of."""
        return runs_in(event.content)

    def process_the_queue(self) -> None:
        """Process the events that were kept, for ever."""
        while True:
            try:
                for event in self.store.due():
                    self.process(event)
            except sqlite3.Error:
                log.exception("the queue waits")
            time.sleep(0.05)
