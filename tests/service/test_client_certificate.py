"""Deliveries to webhooks that speak HTTPS, and to those that want to know who calls (9.1)."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from flowsim import settings
from flowsim.certificates import authority
from flowsim.local_service import Options, run

from ..webhook import Webhook
from .running import publish, register, settled


def of_ours(*, demands: Path | None = None) -> ssl.SSLContext:
    """Return the context of a webhook that our authority vouches for.

    It ``demands`` a client certificate of the authority at that path, if there is one.
    """
    context = authority.load(settings.authority_folder()).server_context()
    if demands is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(demands)
    return context


def attempt(tls: ssl.SSLContext) -> tuple[int, int]:
    """Deliver an event; return the attempt's status and how many requests the webhook got."""
    with Webhook(tls=tls) as webhook, run(Options(clock="manual")) as local:
        register(local.service, webhook.url)
        publish(local.service)
        [made] = settled(local, 1)
    return made.status_code, len(webhook.requests)


def test_a_webhook_that_the_local_authority_vouches_for_is_trusted() -> None:
    assert attempt(of_ours()) == (200, 1)


def test_a_webhook_that_demands_a_certificate_of_the_local_authority_gets_one() -> None:
    own = authority.load(settings.authority_folder()).certificate
    assert attempt(of_ours(demands=own)) == (200, 1)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_webhook_that_demands_another_authority_is_a_611(
    tmp_path: Path, version: ssl.TLSVersion
) -> None:
    other = authority.load(tmp_path / "other").certificate
    tls = of_ours(demands=other)
    tls.maximum_version = version
    assert attempt(tls) == (611, 0)


def test_a_webhook_of_another_authority_is_a_611(tmp_path: Path) -> None:
    assert attempt(authority.load(tmp_path / "other").server_context()) == (611, 0)
