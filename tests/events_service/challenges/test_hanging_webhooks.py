"""Challenges take as long as webhooks take to answer; other requests do not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import requests

from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.registrations.rules import MOST_OF_CLIENT

from ...registering import address, pushed
from ...webhook import Request, Webhook, echo
from ..running import PATIENCE, until


def register(local: LocalService, webhook: Webhook, number: int) -> int:
    body = pushed(webhook.url, f"number {number}")
    url = local.url + address(local.service)
    return requests.post(url, json=body, timeout=PATIENCE).status_code


def test_the_service_answers_while_all_webhooks_of_a_client_hang(
    webhook: Webhook,
) -> None:
    released = threading.Event()

    def hang(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return echo(request)

    webhook.answers = [hang]
    with (
        run(LocalServiceOptions(clock="manual")) as local,
        ThreadPoolExecutor(MOST_OF_CLIENT) as threads,
    ):
        answers = [
            threads.submit(register, local, webhook, number) for number in range(MOST_OF_CLIENT)
        ]
        try:
            until(lambda: len(webhook.requests) == MOST_OF_CLIENT)
            assert requests.get(f"{local.url}/healthz", timeout=PATIENCE).json() == {"status": "ok"}
        finally:
            released.set()
        assert {each.result() for each in answers} == {201}
